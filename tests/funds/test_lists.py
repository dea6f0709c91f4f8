"""A list says the same whether it is read as columns or as objects, and reads columns where it can."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import signing
from django.db.models import F

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Firm
from finance_hub.rest import columns
from finance_hub.rest.fields import Record, Words
from finance_hub.rest.ground.shapes import FirmShape
from funds import queries
from funds.api import shapes
from funds.models import Fund, FundEvent, Investor
from tests.cast import Api
from tests.funds.conftest import CITY, COMPANY, Desk, made


@pytest.fixture
def worked(funded: Desk) -> Desk:
    """Entries of every sort: with an investor and without, taken back, corrected, moved; deals and values."""
    fee = made(funded.event("fee", "1000.00", "2022-07-01", note="管理费"))["id"]
    made(funded.reverse(fee, "2022-07-02"))
    called = made(funded.event("call", "1000.00", "2022-07-03", investor=CITY))["id"]
    made(funded.correct(called, "900.00", "2022-07-03"))
    made(funded.transfer("10000000.00", "2022-08-01", seller=CITY, buyer=COMPANY))
    holding = made(funded.invest("2000000.00", "2022-08-02"))["holding"]
    made(funded.value(holding, at="2500000.00", on="2022-09-01"))
    made(funded.receive(holding, "income", "10.00", on="2022-09-02"))
    return funded


PATHS = (
    "/funds",
    "/funds/angel/investors",
    "/funds/angel/events",
    "/funds/angel/events?limit=3",
    "/funds/angel/investments",
    "/funds/angel/holdings",
    "/funds/angel/terms",
    "/valuations",
    "/receipts",
)


def test_says_the_same_as_of_objects(worked: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing.TimestampSigner, "timestamp", lambda _: "now")  # a cursor tells its second
    as_columns = {path: worked.api.get(path) for path in PATHS}
    monkeypatch.setattr(columns, "of", lambda *_: None)
    as_objects = {path: worked.api.get(path) for path in PATHS}
    for path in PATHS:
        assert as_columns[path].status_code == 200, as_columns[path].content
        assert as_columns[path].content == as_objects[path].content, path
    entries = as_columns["/funds/angel/events"].json()["data"]
    assert {entry["investor"] for entry in entries} == {None, CITY, COMPANY}
    assert any(entry["reverses"] for entry in entries)
    assert any(entry["corrects"] for entry in entries)
    assert as_columns["/funds/angel/events?limit=3"].json()["next_cursor"]


def test_goes_on_from_a_page_read_as_columns(worked: Desk) -> None:
    whole = [entry["id"] for entry in worked.api.get("/funds/angel/events").json()["data"]]
    found, cursor = [], ""
    while cursor is not None:
        said = worked.api.get(f"/funds/angel/events?limit=2{cursor and f'&cursor={cursor}'}").json()
        found += [entry["id"] for entry in said["data"]]
        cursor = said["next_cursor"]
    assert found == whole


def test_a_longer_ledger_takes_no_more_queries(worked: Desk, django_assert_max_num_queries: Any) -> None:
    # The key, the scope (told and told back), the fund, the entries, what they take back, what they
    # correct, the request log, and the two savepoints of a test's transaction.
    with django_assert_max_num_queries(12):
        worked.api.get("/funds/angel/events?limit=200")


def test_a_foreign_ledger_is_no_list(worked: Desk, api: Callable[[str], Api]) -> None:
    assert api("manager_industry").get("/funds/angel/events").status_code == 404
    assert api("manager_industry").get("/funds").json()["data"] == []


class Unknown(Record):
    spirit = Words(max_length=10)


class Beyond(Record):
    spirit = Words(max_length=10, source="fund.spirit")


class Whole(Record):
    fund = Words(max_length=10)


class MustHaveAnInvestor(Record):
    name = Words(max_length=10, source="investor.name")


class MayLackAnInvestor(Record):
    name = Words(max_length=10, source="investor.name", allow_null=True)


class Annotated(Record):
    called = Words(max_length=10)


class Nested(Record):
    entry = MayLackAnInvestor(source="*")


class TestWhatIsNoColumn:
    @pytest.fixture(autouse=True)
    def _everything(self, db: None) -> Any:
        with scoping.within(EVERYTHING):
            yield

    @pytest.mark.parametrize("shape", [Unknown, Beyond, Whole, MustHaveAnInvestor])
    def test_is_read_as_objects(self, shape: type[Record]) -> None:
        assert columns.of(shape, FundEvent.objects.all()) is None

    def test_nor_what_a_shape_adds_of_its_own(self) -> None:
        assert columns.of(FirmShape, Firm.objects.all()) is None

    def test_nor_rows_of_which_equal_ones_are_one(self) -> None:
        assert columns.of(shapes.FundShown, Fund.objects.distinct()) is None

    def test_nor_rows_that_are_no_objects(self) -> None:
        assert columns.of(MayLackAnInvestor, FundEvent.objects.values("id")) is None

    @pytest.mark.parametrize("shape", [MayLackAnInvestor, Nested, shapes.FundEventShown])
    def test_but_what_may_be_lacking_is_one(self, shape: type[Record]) -> None:
        assert columns.of(shape, FundEvent.objects.all()) is not None

    def test_and_what_is_annotated_is_one_where_it_is(self) -> None:
        assert columns.of(Annotated, Investor.objects.all()) is None
        found = columns.of(Annotated, Investor.objects.annotate(called=F("name")))
        assert found is not None
        assert found.names == ["called"]

    def test_the_long_lists_of_the_funds_are_read_as_columns(self) -> None:
        assert columns.of(shapes.FundEventShown, queries.ledger(Fund(pk=1))) is not None
        assert columns.of(shapes.FundShown, queries.funds()) is not None
        assert columns.of(shapes.ValuationShown, queries.valuations()) is not None
