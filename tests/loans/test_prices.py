"""What a loan costs over the LPR: the last one published before it, and what is not known is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from finance_hub.kernel.access import EVERYTHING, Scope
from finance_hub.kernel.models import Organisation
from finance_hub.kernel.scoping import within
from loans import queries
from loans.models import Drawdown, LprQuote
from loans.queries import Price
from tests.cast import Api, Cast
from tests.loans.bank import disbursement, send

Speak = Callable[[str], Api]


@pytest.fixture(autouse=True)
def everything(cast: Cast) -> Iterator[None]:
    Organisation.objects.filter(kind="bank").update(reports_since=date(2019, 1, 1))
    with within(EVERYTHING):
        yield


def price(api: Api, day: str, rate: str = "3.4500", maturity: str = "", **changes: Any) -> Price:
    """Of a loan of one year lent on the day."""
    matures = maturity or f"{int(day[:4]) + 1}{day[4:]}"
    row = disbursement(value_date=day, annual_rate_pct=rate, maturity_date=matures, **changes)
    sent = send(api, [row], period=day[:7])
    assert sent.result["accepted"] == 1, sent.rows()
    [found] = queries.prices([Drawdown.objects.get().pk]).values()
    return found


@pytest.mark.parametrize(
    ("day", "lpr", "published", "implied"),
    [
        # 3.35 from 2024-07-22 to 2024-10-21: a loan of that day itself is priced on the one before.
        ("2024-10-21", "3.35", date(2024, 7, 22), "10"),
        ("2024-10-22", "3.10", date(2024, 10, 21), "35"),
        ("2025-05-20", "3.10", date(2024, 10, 21), "35"),
        ("2025-05-21", "3.00", date(2025, 5, 20), "45"),
        # The publication of 2025-06-20 counts from the next day on.
        ("2025-06-20", "3.00", date(2025, 5, 20), "45"),
        ("2019-08-21", "4.25", date(2019, 8, 20), "-80"),
    ],
)
def test_the_lpr_is_the_last_one_published_before_the_loan(
    api: Speak, day: str, lpr: str, published: date, implied: str
) -> None:
    found = price(api("bank_a"), day)
    assert (found.tenor, found.lpr_pct, found.published_on) == ("1y", Decimal(lpr), published)
    assert (found.implied_spread_bp, found.reason) == (Decimal(implied), None)


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("2025-06-21", "lpr-unknown-after"),
        ("2026-10-05", "lpr-unknown-after"),
        ("2019-08-20", "lpr-unknown-before"),
    ],
)
def test_outside_the_table_it_is_unknown_and_said_so(api: Speak, day: str, reason: str) -> None:
    found = price(api("bank_a"), day, lpr_spread_bp=45)
    assert (found.lpr_pct, found.implied_spread_bp, found.agrees) == (None, None, None)
    assert (found.reason, found.known_from, found.known_through) == (
        reason,
        date(2019, 8, 21),
        date(2025, 6, 20),
    )


def test_more_than_five_years_are_priced_on_the_longer_rate(api: Speak) -> None:
    assert price(api("bank_a"), "2025-05-21", maturity="2030-05-22").lpr_pct == Decimal("3.50")


def test_five_years_are_not_more_than_five(api: Speak) -> None:
    assert price(api("bank_a"), "2025-05-21", maturity="2030-05-21").lpr_pct == Decimal("3.00")


@pytest.mark.parametrize(
    ("rate", "reported", "agrees"),
    [
        ("3.4500", 45, True),
        ("3.4549", 45, True),
        ("3.4600", 45, False),
        ("3.4500", 44, False),
        ("2.9000", -10, True),
        ("3.4500", None, None),
    ],
)
def test_a_reported_spread_agrees_to_the_basis_point_or_is_found(
    api: Speak, rate: str, reported: int | None, agrees: bool | None
) -> None:
    found = price(api("bank_a"), "2025-05-21", rate, lpr_spread_bp=reported)
    assert found.agrees is agrees
    differing = [(row.implied_spread_bp, row.reported_spread_bp) for row in queries.spread_differences()]
    assert differing == ([(found.implied_spread_bp, reported)] if agrees is False else [])


def test_a_publication_recorded_later_makes_more_days_known(api: Speak) -> None:
    body = {"tenor": "1y", "published_on": "2026-09-21", "rate_pct": "2.9500", "source": "公告"}
    assert price(api("bank_a"), "2026-10-05").reason == "lpr-unknown-after"
    assert api("maker").post("/lpr-quotes", body).status_code == 201
    [found] = queries.prices([Drawdown.objects.get().pk]).values()
    assert (found.lpr_pct, found.implied_spread_bp, found.known_through) == (
        Decimal("2.95"), Decimal(50), date(2026, 10, 20),
    )  # fmt: skip
    assert api("maker").post("/lpr-quotes", body | {"rate_pct": "3.0000"}).status_code == 201
    [corrected] = queries.prices([Drawdown.objects.get().pk]).values()
    assert corrected.lpr_pct == Decimal("3.00")


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"published_on": "2027-01-20"}, "date-in-future", "#/published_on"),
        ({"rate_pct": "0.0000"}, "percentage-out-of-range", "#/rate_pct"),
        ({"rate_pct": "100"}, "max_value", "#/rate_pct"),
        ({"rate_pct": "3.12345"}, "invalid", "#/rate_pct"),
        ({"rate_pct": 3}, "not-a-string", "#/rate_pct"),
        ({"rate_pct": "NaN"}, "invalid", "#/rate_pct"),
        ({"tenor": "10y"}, "invalid_choice", "#/tenor"),
        ({"source": ""}, "blank", "#/source"),
    ],
)
def test_what_is_no_quote_is_refused(api: Speak, changes: dict[str, Any], code: str, pointer: str) -> None:
    body = {"tenor": "1y", "published_on": "2026-09-21", "rate_pct": "2.9500", "source": "公告"}
    answer = api("maker").post("/lpr-quotes", body | changes)
    assert (answer.status_code, [(e["code"], e["pointer"]) for e in answer.json()["errors"]]) == (
        422,
        [(code, pointer)],
    )


def test_the_table_is_the_delivered_one(cast: Cast) -> None:
    assert LprQuote.objects.filter(tenor="1y").count() == 13
    assert LprQuote.objects.filter(tenor="5y").count() == 12
    assert len(Api(cast.key("bank_a")).get("/lpr-quotes").json()["data"]) == 25


def test_a_bank_finds_only_its_own_differences(api: Speak, cast: Cast) -> None:
    price(api("bank_a"), "2025-05-21", lpr_spread_bp=1)
    with within(Scope(organisation_id=cast.organisation("bank-b").pk)):
        assert queries.spread_differences() == []


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ("'2y', '2026-01-20', 3", "lpr_tenor_is_known"),
        ("'1y', '2026-01-20', 'NaN'", "lpr_is_a_percentage"),
        ("'1y', '2026-01-20', 0", "lpr_is_a_percentage"),
    ],
)
def test_the_database_refuses_it_by_name(values: str, constraint: str) -> None:
    columns = "tenor, published_on, rate_pct, source, recorded_at"
    statement = f"INSERT INTO loans_lprquote ({columns}) VALUES ({values}, 'x', now())"  # noqa: S608 - texts above
    with pytest.raises(DatabaseError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
