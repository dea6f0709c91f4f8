"""Nothing of a firm is older than the firm, where the registry knows its founding."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from finance_hub.kernel import firms, scoping
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Firm
from tests.cast import NOW, Api, Cast
from tests.listings.conftest import FIRM, OTHER_FIRM, Desk, made, refused, register

YEAR = {"revenue": "1.00", "source": "审计报告"}


@pytest.fixture
def desk(cast: Cast, api: Callable[[str], Api]) -> Desk:
    """The first firm was founded on 8 March 2017; when the other one was is not known."""
    register(cast)
    found(cast, date(2017, 3, 8))
    return Desk(api("maker"))


def found(cast: Cast, on: date | None) -> None:
    with scoping.within(EVERYTHING):
        firm = Firm.objects.get(uscc=FIRM)
        firms.edit(firm, version=firm.version, by=cast["maker"], now=NOW, founded_on=on)


def year(desk: Desk, of: int, *, uscc: str = FIRM) -> Any:
    body = {"year": of, "effective_date": f"{of + 1}-04-20", **YEAR}
    return desk.api.post(f"/firms/{uscc}/financial-years", body)


def state(desk: Desk, on: str, *, uscc: str = FIRM) -> Any:
    body = {"name": "net_assets", "number": "1", "effective_date": on, "source": "说明"}
    return desk.api.post(f"/firms/{uscc}/listing-statements", body)


def pointed(response: Any, code: str, pointer: str) -> None:
    assert [error["pointer"] for error in refused(response, 422, code)["errors"]] == [pointer]


@pytest.mark.parametrize("stage", ["cultivation", "share_reform", "listed"])
@pytest.mark.parametrize("on", ["1989-05-01", "2017-03-07"])
def test_no_attempt_begins_before_the_firm(desk: Desk, stage: str, on: str) -> None:
    pointed(desk.start(stage, on), "date-before-founding", "#/effective_date")
    made(desk.start(stage, "2017-03-08"))


def test_no_stage_is_moved_there(desk: Desk) -> None:
    held = made(desk.start("cultivation", "2018-01-01"))
    path = f"/ipo-candidates/{held['id']}/stages/{held['stages'][0]['id']}/correct"
    said = {"effective_date": "2017-03-07", "evidence": "公告", "reason": "误录"}
    pointed(desk.api.post(path, said), "date-before-founding", "#/effective_date")


def test_a_founding_learnt_later_holds_for_what_comes_after(cast: Cast, desk: Desk) -> None:
    held = made(desk.start("cultivation", "2018-01-01"))["id"]
    made(year(desk, 2018))
    found(cast, date(2019, 6, 1))
    pointed(desk.enter(held, "share_reform", "2019-05-31"), "date-before-founding", "#/effective_date")
    party = {"role": "sponsor", "name": "甲证券", "effective_date": "2019-05-31", "source": "公示"}
    pointed(
        desk.api.post(f"/ipo-candidates/{held}/parties", party), "date-before-founding", "#/effective_date"
    )
    # The year that could not be is taken back, not told anew.
    anew = {"effective_date": "2020-04-20", **YEAR}
    pointed(
        desk.api.post(f"/firms/{FIRM}/financial-years/2018/correct", anew), "year-before-founding", "#/year"
    )
    entry = desk.api.get(f"/firms/{FIRM}/financial-years").json()["data"][0]["id"]
    made(desk.api.post(f"/listing-entries/{entry}/take-back", {"reason": "误录"}))


def test_no_financial_year_before_that_of_the_founding(desk: Desk) -> None:
    for early in (1995, 2015, 2016):
        pointed(year(desk, early), "year-before-founding", "#/year")
    made(year(desk, 2017))


def test_nothing_is_stated_of_a_firm_before_it_is_there(desk: Desk) -> None:
    pointed(state(desk, "2017-03-07"), "date-before-founding", "#/effective_date")
    made(state(desk, "2017-03-08"))


def test_a_firm_whose_founding_is_not_known_may_be_of_any_age(desk: Desk) -> None:
    made(desk.start("cultivation", "1989-05-01", uscc=OTHER_FIRM))
    made(year(desk, 1995, uscc=OTHER_FIRM))
    made(state(desk, "1989-05-01", uscc=OTHER_FIRM))
