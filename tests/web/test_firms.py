"""The register finds firms by any of their names, in pages that neither repeat nor skip."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from django.test import Client

from finance_hub.kernel.models import ControlGroup, FirmName
from tests.cast import Cast
from tests.web import scenes
from tests.web.conftest import Browse


def names(text: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/firms/\w+">([^<]+)</a>', text)


def read(client: Client, address: str, **headers: str) -> str:
    answer = client.get(address, headers=dict(headers))
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def walked(client: Client, address: str, rel: str) -> list[list[str]]:
    """The names on each page from an address to the end, along `prev` or `next`."""
    pages = []
    while address:
        text = read(client, address)
        pages.append(names(text))
        link = re.search(rf'rel="{rel}" href="([^"]+)"', text)
        address = link[1] if link else ""
    return pages


class TestSearching:
    @pytest.fixture(autouse=True)
    def _register(self, cast: Cast) -> None:
        renamed = scenes.add_firm(1, name="桐芯微电子股份有限公司")
        FirmName.objects.create(firm=renamed, name="桐城老厂有限公司", valid_from=date(2010, 1, 1))
        scenes.add_firm(2, name="Canal Optics 光学有限公司")

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("芯微", ["桐芯微电子股份有限公司"]),
            ("老厂", ["桐芯微电子股份有限公司"]),
            ("canal", ["Canal Optics 光学有限公司"]),
            ("  光学 ", ["Canal Optics 光学有限公司"]),
            (scenes.firm_code(2), ["Canal Optics 光学有限公司"]),
            (scenes.firm_code(2).lower()[:17], ["Canal Optics 光学有限公司"]),
            ("有限公司", ["Canal Optics 光学有限公司", "桐芯微电子股份有限公司"]),
            ("没有这家", []),
            ("%", []),
            ("_", []),
            ("' OR 1=1 --", []),
            ("芯\0微", ["桐芯微电子股份有限公司"]),
        ],
    )
    def test_finds_by_name_former_name_and_code(self, browse: Browse, query: str, found: list[str]) -> None:
        assert names(html.unescape(browse("maker").get("/firms", {"q": query}).content.decode())) == found

    def test_says_how_many_and_what_to_try_when_none(self, browse: Browse) -> None:
        assert "共 2 家" in read(browse("maker"), "/firms")
        assert "没有符合的企业" in read(browse("maker"), "/firms?q=xyz")

    def test_answers_htmx_with_the_table_alone(self, browse: Browse) -> None:
        answer = browse("maker").get("/firms?q=canal", headers={"HX-Request": "true"})
        text = answer.content.decode()

        assert text.lstrip().startswith('<div class="panel" id="firm-results"')
        assert "<html" not in text
        assert "HX-Request" in answer["Vary"]

    def test_writes_a_hostile_name_as_text(self, browse: Browse) -> None:
        scenes.add_firm(3, name='<script>alert("x")</script>')
        text = browse("maker").get("/firms?q=<script>").content.decode()

        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


class TestPages:
    @pytest.fixture(autouse=True)
    def _register(self, cast: Cast) -> None:
        for n in range(1, 121):
            scenes.add_firm(n, name=f"企业{n // 3:03d}")

    @pytest.mark.parametrize("sort", ["name", "-name", "uscc", "-uscc"])
    def test_hold_every_firm_once_forwards_and_backwards(self, browse: Browse, sort: str) -> None:
        client = browse("maker")
        forwards = walked(client, f"/firms?sort={sort}", "next")

        assert [len(page) for page in forwards] == [50, 50, 20]
        if sort.endswith("name"):
            every = [name for page in forwards for name in page]
            assert every == sorted(every, reverse=sort.startswith("-"))

        last = self._last_address(client, sort)
        assert walked(client, last, "prev") == forwards[::-1]

    def _last_address(self, client: Client, sort: str) -> str:
        address, after = f"/firms?sort={sort}", ""
        while address:
            after = address
            link = re.search(r'rel="next" href="([^"]+)"', read(client, address))
            address = link[1] if link else ""
        return after

    def test_keep_the_search(self, browse: Browse) -> None:
        text = read(browse("maker"), "/firms?q=企业0")

        assert "找到 120 家" in text
        assert re.search(r'rel="next" href="/firms\?q=[^"&]+&after=', text)

    @pytest.mark.parametrize("forged", ["x", "", "WzEsMl0:1:abc", "[1,2]", "\0"])
    def test_begin_anew_at_a_place_that_we_did_not_write(self, browse: Browse, forged: str) -> None:
        answer = browse("maker").get("/firms", {"after": forged})

        assert answer.status_code == 200
        assert len(names(answer.content.decode())) == 50

    def test_say_which_column_orders_them(self, browse: Browse) -> None:
        text = read(browse("maker"), "/firms?sort=-uscc")

        assert re.findall(r'aria-sort="(\w+)"', text) == ["none", "descending"]
        assert 'href="/firms?sort=uscc"' in text

    def test_fall_back_to_names_for_an_unknown_order(self, browse: Browse) -> None:
        assert re.findall(r'aria-sort="(\w+)"', read(browse("maker"), "/firms?sort=-version")) == [
            "ascending", "none",
        ]  # fmt: skip

    def test_cost_the_same_whatever_they_hold(
        self, browse: Browse, django_assert_max_num_queries: object
    ) -> None:
        client = browse("maker")
        client.get("/firms")
        with django_assert_max_num_queries(14):  # type: ignore[operator]
            client.get("/firms")


class TestOneFirm:
    def test_tells_who_it_is(self, cast: Cast, browse: Browse) -> None:
        group = ControlGroup.objects.create(name="桐芯系")
        firm = scenes.add_firm(1, name="桐芯微", founded_on=date(2019, 3, 8), control_group=group)
        scenes.recognise(firm, "high_tech", until=date(2099, 1, 1))
        text = read(browse("maker"), f"/firms/{firm.uscc}")

        for said in ("制造业 C3985", "成长期", "2019年3月8日", "桐芯系", "高新技术企业", "有效", "已核实"):
            assert said in text

    def test_tells_a_recognition_that_has_ended(self, cast: Cast, browse: Browse) -> None:
        firm = scenes.add_firm(1)
        scenes.recognise(firm, "little_giant", until=date(2025, 1, 1))
        text = read(browse("maker"), f"/firms/{firm.uscc}")

        assert "2024年1月1日 – 2024年12月31日" in text
        assert "已过期" in text
        assert "专精特新小巨人企业" not in read(browse("maker"), "/firms")

    def test_tells_its_names_over_time(self, cast: Cast, browse: Browse) -> None:
        firm = scenes.add_firm(1, name="旧名有限公司")
        FirmName.objects.create(firm=firm, name="新名有限公司", valid_from=date(2025, 6, 1))
        text = re.sub(r"<[^>]+>", " ", read(browse("maker"), f"/firms/{firm.uscc}"))

        assert re.search(r"新名有限公司\s+2025年6月1日\s+至今", text)
        assert re.search(r"旧名有限公司\s+2020年1月1日\s+2025年5月31日", text)

    def test_that_is_not_registered_is_not_found(self, cast: Cast, browse: Browse) -> None:
        for code in (scenes.firm_code(99), "x", "91330483MA0000001'"):
            assert browse("maker").get(f"/firms/{code}").status_code == 404
