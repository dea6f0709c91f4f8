"""Hostile bodies: each is refused by code, none is a 500, nothing of it is kept."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from finance_hub.kernel.models import ControlGroup, Firm
from finance_hub.rest.formats import DEEPEST, MalformedJson, read_json
from tests.cast import Api

Speak = Callable[[str], Api]
FIRM = {"uscc": "91330483MA2B9PTN02", "name": "桐乡示例科技股份有限公司"}
FUND = {
    "code": "angel", "name": "天使基金", "name_en": "Angel", "tier": "angel", "manager": "angel-manager",
    "established_on": "2022-06-01",
}  # fmt: skip


def codes(response: Any) -> dict[str, str]:
    """Pointer → code of every field error."""
    return {error["pointer"]: error["code"] for error in response.json().get("errors", [])}


MALFORMED = {
    "an empty object is cut": b"{",
    "a list": b"[]",
    "a string": b'"x"',
    "a number": b"1",
    "null": b"null",
    "two objects": b"{}{}",
    "a comment": b"{} // x",
    "a trailing comma": b'{"uscc": "x",}',
    "single quotes": b"{'uscc': 'x'}",
    "NaN": b'{"uscc": NaN}',
    "Infinity": b'{"uscc": -Infinity}',
    "a name twice": b'{"name": "a", "name": "b"}',
    "a nested name twice": b'{"x": {"name": "a", "name": "b"}}',
    "not UTF-8": b'{"name": "\xff"}',
    "GBK": '{"name": "桐乡"}'.encode("gbk"),
    "UTF-16": '{"name": "x"}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"name": "x"}',
    "a control character in a string": b'{"name": "a\nb"}',
    "a NUL byte": b'{"name": "a\x00b"}',
    "a lone surrogate": b'{"name": "\\ud800"}',
    "a lone surrogate as a name": b'{"\\udfff": 1}',
    "surrogates in the wrong order": b'{"name": "\\udc00\\ud800"}',
    "deep lists": b'{"name": ' + b"[" * 500 + b"]" * 500 + b"}",
    "very deep lists": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 500 + b"1" + b"}" * 500,
}


class TestMalformedBodies:
    @pytest.mark.parametrize("raw", MALFORMED.values(), ids=MALFORMED)
    def test_are_400_with_the_place_of_the_fault(self, api: Speak, raw: bytes) -> None:
        said = api("maker").post("/firms", raw)
        assert (said.status_code, said.json()["code"]) == (400, "malformed-json")
        assert said.headers["Content-Type"] == "application/problem+json"
        assert not Firm.objects.exists()

    def test_what_nests_as_deep_as_allowed_is_read(self) -> None:
        deepest = "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1)
        assert read_json(f'{{"a": {deepest}}}'.encode())
        with pytest.raises(MalformedJson):
            read_json(f'{{"a": [{deepest}]}}'.encode())

    def test_a_pair_of_surrogates_is_a_character(self) -> None:
        assert read_json(b'{"a": "\\ud842\\udfb7"}') == {"a": "𠮷"}

    def test_a_body_of_a_hundred_thousand_names_is_answered_at_once(self, api: Speak) -> None:
        body = json.dumps({f"name{number}": 1 for number in range(100_000)})
        body = body[:-1] + ', "name99999": 2}'
        speaker, began = api("maker"), time.process_time()
        assert speaker.post("/firms", body).status_code == 400
        assert time.process_time() - began < 3

    def test_a_hundred_thousand_wrong_names_get_a_short_answer(self, api: Speak) -> None:
        said = api("maker").post("/firms", json.dumps({f"name{number}": 1 for number in range(100_000)}))
        assert said.status_code == 422
        assert len(said.content) < 20_000

    def test_a_body_over_the_limit_is_413(self, api: Speak, settings: Any) -> None:
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
        said = api("maker").post("/firms", json.dumps({"name": "x" * 1_000}))
        assert (said.status_code, said.json()["code"]) == (413, "body-too-large")

    @pytest.mark.parametrize("body", [b"", b"{}", b"  {}  "])
    def test_an_empty_body_lacks_every_required_field(self, api: Speak, body: bytes) -> None:
        said = api("maker").post("/firms", body)
        assert said.status_code == 422
        assert codes(said) == {"#/uscc": "required", "#/name": "required"}

    @pytest.mark.parametrize(
        "content_type",
        [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/xml",
            "nonsense",
        ],
    )
    def test_another_content_type_is_415(self, api: Speak, content_type: str) -> None:
        speaker = api("maker")
        said = speaker.client.post(
            "/api/v1/firms",
            b"uscc=x",
            content_type=content_type,
            headers={**speaker.headers, "Idempotency-Key": "k"},
        )
        assert (said.status_code, said.json()["code"]) == (415, "unsupported-media-type")

    def test_a_body_without_a_length_is_411(self, api: Speak) -> None:
        speaker = api("maker")
        headers = {**speaker.headers, "Transfer-Encoding": "chunked", "Idempotency-Key": "k"}
        said = Client().post("/api/v1/firms", headers=headers, CONTENT_LENGTH="")
        assert (said.status_code, said.json()["code"]) == (411, "length-required")


class TestFields:
    """Every strict field refuses its neighbours in JSON, each with its own code."""

    CASES = (
        ("name", 1, "not-a-string"),
        ("name", True, "not-a-string"),
        ("name", ["x"], "not-a-string"),
        ("name", None, "null"),
        ("name", "", "blank"),
        ("name", " \t", "blank"),
        ("name", "x" * 201, "max_length"),
        ("name", "a\x00b", "control-characters"),
        ("name", "a\r\nb", "control-characters"),
        ("name", "a\u2028b", "control-characters"),
        ("uscc", "91330483MA2B9PTN03", "uscc-check-character"),
        ("uscc", 913304830000000000, "uscc-not-a-string"),
        ("uscc", "91330483ma2b9ptn02", "uscc-characters"),
        ("uscc", "9133", "uscc-length"),
        ("founded_on", "20180321", "date-format"),
        ("founded_on", "2018-3-21", "date-format"),
        ("founded_on", "２０１８-03-21", "date-format"),
        ("founded_on", "2018-02-29", "date-format"),
        ("founded_on", "0001-01-01", "date-format"),
        ("founded_on", 20180321, "date-format"),
        ("stage", "GROWTH", "invalid_choice"),
        ("stage", 1, "not-a-string"),
        ("industry", "software", "industry-format"),
        ("industry", "c39", "industry-format"),
        ("verified", True, "unknown-field"),
        ("version", 7, "unknown-field"),
        ("名", 7, "unknown-field"),
    )

    @pytest.mark.parametrize(("name", "value", "code"), CASES)
    def test_a_wrong_value_is_refused_where_it_stands(
        self, api: Speak, name: str, value: Any, code: str
    ) -> None:
        said = api("maker").post("/firms", {**FIRM, name: value})
        assert said.status_code == 422
        pointer = "#/%E5%90%8D" if name == "名" else f"#/{name}"
        assert codes(said) == {pointer: code}
        assert not Firm.objects.exists()

    def test_a_number_spelt_like_a_credit_code_is_no_credit_code(self, api: Speak) -> None:
        from finance_hub.kernel import uscc

        code = next(
            f"91330483{n:06d}E{k}" for n in range(10**6) for k in range(100, 1000)
            if uscc.check(f"91330483{n:06d}E{k}") is None
        )  # fmt: skip
        raw = f'{{"uscc": {code}, "name": "x"}}'
        assert codes(api("maker").post("/firms", raw)) == {"#/uscc": "uscc-not-a-string"}

    def test_a_name_with_signs_of_a_pointer_is_escaped_in_it(self, api: Speak) -> None:
        said = api("maker").post("/firms", {**FIRM, "a/b~c %": 1})
        assert codes(said) == {"#/a~1b~0c%20%25": "unknown-field"}

    def test_both_languages_have_words_for_every_code(self) -> None:
        from finance_hub.rest.wording import WORDS

        for code, text in WORDS.items():
            assert text.zh != text.en, code
            assert text.en.isascii(), code


MONEY = {
    '"3000000.00"': None,
    '"0.1"': None,
    '""': "amount-missing",
    '"NaN"': "amount-format",
    '"Infinity"': "amount-format",
    '"-0"': "amount-not-positive",
    '"0.00"': "amount-not-positive",
    '"-1.00"': "amount-not-positive",
    '"1e5"': "amount-format",
    '"1_000"': "amount-format",
    '"１２３"': "amount-format",
    '"٣٤"': "amount-format",
    '"+5"': "amount-format",
    '"0x10"': "amount-format",
    '" 1"': "amount-format",
    '"1\\u0000"': "amount-format",
    '"1e400"': "amount-format",
    '"12.345"': "amount-scale",
    '"100000000000000000"': "amount-too-large",
    "null": "null",
    "0.1": "amount-not-a-string",
    "1": "amount-not-a-string",
    "0": "amount-not-a-string",
    "-0.0": "amount-not-a-string",
    "1e400": "amount-not-a-string",
    "12345678901234567890.12": "amount-not-a-string",
    "123456789012345678901234567890": "amount-not-a-string",
    "true": "amount-not-a-string",
    "[]": "amount-not-a-string",
    "{}": "amount-not-a-string",
    '["1.00"]': "amount-not-a-string",
}


@pytest.mark.parametrize(("raw", "code"), MONEY.items())
def test_an_amount_is_a_plain_decimal_string_or_refused_by_its_code(
    api: Speak, raw: str, code: str | None
) -> None:
    body = json.dumps(FUND)[:-1] + f', "planned_size": {raw}}}'
    said = api("maker").post("/funds", body)
    assert said.status_code == (422 if code else 201), said.content
    assert codes(said) == ({"#/planned_size": code} if code else {})


class TestQueriesAndPaths:
    @pytest.mark.parametrize(
        "query", ["q=%00", "q=a%00b", "q=%1b", "cursor=%00", "limit=%00", "%00=1", "q=a%0d%0aX-Evil:%201"]
    )
    def test_control_characters_in_a_query_are_refused(self, api: Speak, query: str) -> None:
        said = api("maker").get(f"/firms?{query}")
        assert said.status_code == 422
        assert "X-Evil" not in said.headers

    @pytest.mark.parametrize(
        "query",
        ["q=%ff%fe", "q=" + "x" * 5_000, "q=%27%20OR%201=1--", "q[]=1", "q=%F0%A0%AE%B7", "=", "&&&"],
    )
    def test_any_other_text_is_only_searched_for(self, api: Speak, query: str) -> None:
        said = api("maker").get(f"/firms?{query}")
        assert said.status_code == 200

    @pytest.mark.parametrize(
        "code", ["%00", "a%00", "%0a", "x" * 5_000, "%ff", "..%2f..%2fetc", "';--", "%F0%A0%AE%B7"]
    )
    @pytest.mark.parametrize("path", ["/firms/{}", "/jobs/{}", "/problems/{}"])
    def test_a_hostile_name_is_not_found(self, api: Speak, path: str, code: str) -> None:
        said = api("maker").get(path.format(code))
        assert (said.status_code, said.json()["code"]) == (404, "not-found")

    @pytest.mark.parametrize("period", ["2026-13", "2026-1", "oct", "%00", "0000-01", "9999-12"])
    def test_what_is_no_month_is_not_found(self, api: Speak, period: str) -> None:
        assert api("maker").post(f"/periods/{period}/propose-close").status_code == 404

    @pytest.mark.parametrize("limit", ["0", "-1", "201", "1e2", "５０", "", "abc", "99999999999999999999"])
    def test_a_page_has_one_to_two_hundred_rows(self, api: Speak, limit: str) -> None:
        said = api("maker").get(f"/firms?limit={limit}")
        assert (said.status_code, codes(said)) == (422, {"#/limit": "limit-out-of-range"})

    def test_a_choice_in_a_query_is_one_of_its_words(self, api: Speak) -> None:
        said = api("maker").get("/jobs?state=sleeping")
        assert (said.status_code, codes(said)) == (422, {"#/state": "invalid_choice"})
        assert api("maker").get("/jobs?state=queued").status_code == 200

    def test_nothing_was_written_by_what_was_refused(self, api: Speak) -> None:
        api("maker").post("/firms", {**FIRM, "control_group": "x"})
        assert not ControlGroup.objects.exists()
