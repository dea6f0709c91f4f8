"""The stored forecast of listings on its page, with its table and its workbook."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from tasks.models import Figure
from tests.cast import Api, Cast
from tests.listings.conftest import FIRM, Desk, made, register
from tests.tasks.conftest import make_snapshot
from tests.web import reporting
from tests.web.conftest import Browse
from tests.web.listing import sheets_of


@pytest.fixture
def desk(cast: Cast, api: Callable[[str], Api]) -> Desk:
    register(cast)
    return Desk(api("maker"))


@pytest.fixture
def attempt(desk: Desk) -> str:
    """In the inquiry since 1 March 2022, suspended at the end of June."""
    found = made(desk.start("accepted", "2022-02-01"))["id"]
    made(desk.enter(found, "inquiry", "2022-03-01"))
    made(desk.enter(found, "suspended", "2022-06-30"))
    return str(found)


class TestTheForecast:
    @pytest.fixture
    def stored(self, desk: Desk, attempt: str) -> None:
        with within(EVERYTHING):
            snapshot = make_snapshot(date(2026, 10, 1), balance="1.00")
            notes = [
                "deadline: 2027-12-31",
                "deadline-passed: 2023-12-31",
                "thin-history: inquiry 2, committee 0",
                "beyond-history: 3",
            ]
            said: list[tuple[str, str, str, str]] = [
                ("listing.expected", "counting", "any", "3.0775"), ("listing.expected", "counting", "named", "2.5"),
                ("listing.at_least_target", "counting", "any", "0.2118"), ("listing.at_least_target", "counting", "named", "0.1"),
                *(("listing.probability", "listings", f"any|{n}", p) for n, p in enumerate(("0", "0.3", "0.6999", "0.0001"))),
                ("listing.chance", "firm", FIRM, "0.814"), ("readiness.financial", "readiness", "star|meets", "1"),
            ]  # fmt: skip
            Figure.objects.bulk_create(
                Figure(snapshot=snapshot, code=code, scope=scope, key=key, label=key, label_en=key, value=Decimal(value),
                       position=at, notes=notes if code == "listing.expected" else [])
                for at, (code, scope, key, value) in enumerate(said)
            )  # fmt: skip

    def test_says_the_finding_and_what_it_rests_on(self, browse: Browse, stored: None, attempt: str) -> None:
        text = reporting.read(browse("auditor"), "/listings")
        assert "至2027年12月31日预计新增上市 3.08 家，不少于 4 家的概率为 21.2%。" in text
        assert "方案截止日2023年12月31日已过" in text
        assert "先验假设权重较大：问询、上市委审议。" in text
        assert "3 家企业在当前阶段的停留时间长于以往任何一家" in text
        english = reporting.read(browse("auditor", language="en"), "/listings")
        assert "By 31 Dec 2027 3.08 listings are expected; the probability of at least 4 is 21.2%." in english
        assert "81.4%" in reporting.read(browse("auditor"), f"/listings/{attempt}")

    def test_the_chart_has_its_table_and_its_workbook(self, browse: Browse, stored: None) -> None:
        client = browse("auditor")
        chart = client.get("/listings").context["board"].forecast.chart
        # What nobody would see is not drawn; the workbook has it.
        assert chart.table.rows == (("1", "30.00%"), ("2", "69.99%"))
        assert chart.spec["series"][0]["values"] == [pytest.approx(30), pytest.approx(69.99)]
        sheets = sheets_of(client.get("/listings/forecast.xlsx").content)
        assert [row[1:] for row in sheets["分家数"][1:]] == [
            [0.0, 0.0],
            [1.0, 0.3],
            [2.0, 0.6999],
            [3.0, 0.0001],
        ]
        assert sheets["最可能按期上市的企业"][1] == [FIRM, FIRM, 0.814]
        assert {"按统计口径", "在途申报对照上市标准"} < set(sheets)
        assert ["任何板块"] in [row[:1] for row in sheets["口径"]]
