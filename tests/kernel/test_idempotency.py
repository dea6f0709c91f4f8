"""A key is claimed before the work and completed with it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction

from finance_hub.kernel import idempotency
from finance_hub.kernel.idempotency import Answer, InProgress, KeyMalformed, KeyMissing, KeyReused, TakenOver
from finance_hub.kernel.models import IdempotencyKey, Person
from finance_hub.rest.formats import JsonNumber
from tests.cast import Cast
from tests.kernel.threads import at_once

ANSWER = Answer(201, {"Location": "/x"}, {"b": 1, "a": [None, "值\x00"]}, "req_1")


def claim(
    person: Person, key: str = "k", *, path: str = "POST /a", body: Any = None, request: str = "req_1"
) -> Any:
    return idempotency.claim(
        person=person,
        key=key,
        method_path=path,
        body_sha256=idempotency.fingerprint(body),
        request_id=request,
    )


def run_out(key: str = "k") -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_idempotencykey SET lease_until = now() - interval '1 second' WHERE key = %s", [key]
        )


@pytest.mark.parametrize("header", ["abc", '"abc"', "8e03978e-40d5-43e8-bc93-6894a57f9324", "!" * 255])
def test_a_key_may_be_bare_or_quoted(header: str) -> None:
    assert idempotency.read_key(header) == header.strip('"')


@pytest.mark.parametrize("header", ["", '""', "a b", "a\x00", "a\n", "键", "x" * 256, "\x7f"])
def test_a_key_of_other_characters_is_refused(header: str) -> None:
    with pytest.raises(KeyMalformed):
        idempotency.read_key(header)


def test_no_key_is_refused() -> None:
    with pytest.raises(KeyMissing):
        idempotency.read_key(None)


def test_the_order_of_names_is_no_difference_and_a_number_is() -> None:
    assert idempotency.fingerprint({"a": 1, "b": 2}) == idempotency.fingerprint({"b": 2, "a": 1})
    assert idempotency.fingerprint({"a": "0.1"}) != idempotency.fingerprint({"a": JsonNumber("0.1")})
    assert idempotency.fingerprint({"a": "1"}) != idempotency.fingerprint({"a": 1})


class TestClaiming:
    def test_the_first_works_and_the_second_is_told_at_once(self, cast: Cast) -> None:
        assert claim(cast["bank_a"]) == 1
        with pytest.raises(InProgress):
            claim(cast["bank_a"])

    def test_a_completed_key_gives_the_answer_as_it_was(self, cast: Cast) -> None:
        claim(cast["bank_a"])
        idempotency.complete(person=cast["bank_a"], key="k", attempt=1, answer=ANSWER)
        replayed = claim(cast["bank_a"], request="req_2")
        assert replayed == ANSWER
        assert list(replayed.body) == ["b", "a"]

    @pytest.mark.parametrize(
        ("other", "differs"),
        [
            ({"body": {"x": 1}}, "body"),
            ({"path": "POST /b"}, "path"),
            ({"path": "P", "body": 1}, "path, body"),
        ],
    )
    @pytest.mark.parametrize("done", [False, True])
    def test_another_request_with_the_same_key_is_told_what_differs(
        self, cast: Cast, other: dict[str, Any], differs: str, done: bool
    ) -> None:
        claim(cast["bank_a"])
        if done:
            idempotency.complete(person=cast["bank_a"], key="k", attempt=1, answer=ANSWER)
        with pytest.raises(KeyReused) as refusal:
            claim(cast["bank_a"], request="req_2", **other)
        assert refusal.value.context == {"differs": differs, "original_request_id": "req_1"}

    def test_another_request_does_not_take_over_a_key_that_ran_out(self, cast: Cast) -> None:
        claim(cast["bank_a"])
        run_out()
        with pytest.raises(KeyReused):
            claim(cast["bank_a"], body={"x": 1})

    def test_keys_of_two_people_have_nothing_to_do_with_each_other(self, cast: Cast) -> None:
        assert claim(cast["bank_a"]) == 1
        assert claim(cast["bank_b"], body={"x": 1}) == 1

    def test_a_path_of_any_length_is_told_apart(self, cast: Cast) -> None:
        long = "POST /" + "x" * 5_000
        assert claim(cast["bank_a"], path=long) == 1
        with pytest.raises(KeyReused):
            claim(cast["bank_a"], path=long + "y")
        with pytest.raises(InProgress):
            claim(cast["bank_a"], path=long)

    def test_of_fifty_at_once_one_works(self, committed: Cast) -> None:
        def one(_: int) -> str:
            try:
                return str(claim(committed["bank_a"]))
            except InProgress:
                return "busy"

        assert sorted(at_once(50, one)) == ["1"] + ["busy"] * 49


class TestTakingOver:
    def test_a_key_whose_holder_died_is_taken_over_once(self, cast: Cast) -> None:
        claim(cast["bank_a"])
        run_out()
        assert claim(cast["bank_a"]) == 2
        with pytest.raises(InProgress):
            claim(cast["bank_a"])

    def test_the_late_holder_cannot_complete_and_its_work_rolls_back(self, cast: Cast) -> None:
        claim(cast["bank_a"])
        run_out()
        claim(cast["bank_a"])
        with pytest.raises(TakenOver), transaction.atomic():
            idempotency.complete(person=cast["bank_a"], key="k", attempt=1, answer=ANSWER)
        idempotency.complete(person=cast["bank_a"], key="k", attempt=2, answer=ANSWER)
        assert claim(cast["bank_a"]) == ANSWER

    def test_the_late_holder_cannot_free_the_key(self, cast: Cast) -> None:
        claim(cast["bank_a"])
        run_out()
        claim(cast["bank_a"])
        idempotency.abandon(person=cast["bank_a"], key="k", attempt=1)
        assert IdempotencyKey.objects.filter(key="k").exists()

    def test_a_finished_key_is_never_taken_over_or_freed(self, cast: Cast) -> None:
        claim(cast["bank_a"])
        idempotency.complete(person=cast["bank_a"], key="k", attempt=1, answer=ANSWER)
        run_out()
        idempotency.abandon(person=cast["bank_a"], key="k", attempt=1)
        assert claim(cast["bank_a"]) == ANSWER

    def test_a_refused_request_frees_its_key_for_a_corrected_one(self, cast: Cast) -> None:
        claim(cast["bank_a"])
        idempotency.abandon(person=cast["bank_a"], key="k", attempt=1)
        assert claim(cast["bank_a"], body={"corrected": True}) == 1
