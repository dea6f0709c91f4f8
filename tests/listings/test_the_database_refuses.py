"""What no code may write: every constraint of the listings, broken by raw SQL as the runtime role."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Firm
from listings.models import AttemptParty, Filing, FinancialYear, FirmStatement, ListingAttempt, StageEvent
from tests.cast import NOW, Cast
from tests.kernel.rows import listing_rows
from tests.listings.conftest import OTHER_FIRM, register

MODELS: dict[str, Any] = {
    "stage": StageEvent, "party": AttemptParty, "filing": Filing, "year": FinancialYear, "statement": FirmStatement,
}  # fmt: skip


@pytest.fixture
def rows(cast: Cast) -> dict[Any, Any]:
    register(cast)
    with scoping.within(EVERYTHING):
        firm = Firm.objects.order_by("pk")[0]
        attempt = ListingAttempt.objects.create(
            public_id="la_1", firm=firm, board="star", sequence=1, recorded_at=NOW
        )
        return listing_rows(cast, attempt, firm)


def insert(model: Any, /, **change: Any) -> None:
    """The model's first row again, with something else in it."""
    with connection.cursor() as cursor:
        row = {**model.objects.values().order_by("pk")[0], "public_id": "x_1", **change}
        row.pop("id")
        names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
        table = model._meta.db_table
        cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))  # noqa: S608


def breaks(model: Any, rule: str, /, **change: Any) -> None:
    with scoping.within(EVERYTHING), pytest.raises(DatabaseError, match=rule), transaction.atomic():
        insert(model, **change)


@pytest.mark.parametrize(
    ("kind", "change", "name"),
    [
        ("stage", {"stage": "suspended"}, "suspensions_and_ends_give_their_reason"),
        ("stage", {"stage": "rejected", "reason": "  "}, "suspensions_and_ends_give_their_reason"),
        ("stage", {"taken_back": True, "reason": "x"}, "only_a_recorded_stage_is_taken_back"),
        ("party", {"role": "bank"}, "party_role_is_known"),
        ("party", {"name": " "}, "party_has_a_name"),
        ("party", {"source": ""}, "party_has_its_source"),
        ("party", {"taken_back": True}, "only_a_recorded_party_is_taken_back"),
        ("filing", {"kind": "novel"}, "filing_kind_is_known"),
        ("filing", {"period_end": "2020-01-01"}, "only_audited_figures_end_a_period"),
        ("filing", {"kind": "figures_audited"}, "only_audited_figures_end_a_period"),
        (
            "filing",
            {"kind": "figures_audited", "period_end": "2099-01-01"},
            "figures_are_audited_after_their_period",
        ),
        ("filing", {"source": " "}, "filing_has_its_source"),
        ("filing", {"taken_back": True}, "only_a_recorded_filing_is_taken_back"),
        ("year", {}, "a_financial_year_is_recorded_once"),
        ("year", {"year": 2099}, "a_financial_year_is_reported_after_its_end"),
        ("year", {"year": 1989}, "a_financial_year_is_reported_after_its_end"),
        ("year", {"year": 2001, "revenue": "-0.01"}, "revenue_of_the_year_is_money"),
        ("year", {"year": 2001, "rd": "NaN"}, "rd_of_the_year_is_money"),
        ("year", {"year": 2001, "net_profit": "NaN"}, "net_profit_of_the_year_is_money"),
        (
            "year",
            {"year": 2001, "net_profit_less_non_recurring": "NaN"},
            "net_profit_less_non_recurring_of_the_year_is_money",
        ),
        ("year", {"year": 2001, "operating_cash_flow": "NaN"}, "operating_cash_flow_of_the_year_is_money"),
        ("year", {"year": 2001, "roe": "NaN"}, "roe_is_a_number"),
        ("year", {"year": 2001, "staff": 1, "rd_staff": 2}, "rd_staff_is_part_of_the_staff"),
        ("year", {"year": 2001, "revenue": None}, "a_financial_year_reports_something"),
        ("year", {"year": 2001, "source": ""}, "a_financial_year_has_its_source"),
        ("year", {"year": 2001, "taken_back": True}, "only_a_recorded_year_is_taken_back"),
        ("statement", {"name": "mood"}, "stated_name_is_known"),
        ("statement", {"number": None}, "a_statement_is_a_number_or_a_yes_or_no"),
        ("statement", {"holds": True}, "a_statement_is_a_number_or_a_yes_or_no"),
        ("statement", {"name": "software"}, "a_statement_is_a_number_or_a_yes_or_no"),
        ("statement", {"number": "-1"}, "a_stated_number_is_a_number"),
        ("statement", {"number": "NaN"}, "a_stated_number_is_a_number"),
        ("statement", {"source": " "}, "a_statement_has_its_source"),
        ("statement", {"taken_back": True}, "only_a_recorded_statement_is_taken_back"),
    ],
)
def test_a_row_that_breaks_its_rule(
    rows: dict[Any, Any], kind: str, change: dict[str, Any], name: str
) -> None:
    breaks(MODELS[kind], name, **change)


@pytest.mark.parametrize(
    ("kind", "change", "name"),
    [
        ("stage", {"stage": "applied", "reason": "x"}, "correction_is_of_the_same_stage"),
        ("party", {"role": "auditor"}, "correction_is_of_the_same_role"),
        ("filing", {"kind": "inquiry_reply"}, "correction_is_of_the_same_kind"),
        ("year", {"year": 2001}, "correction_is_of_the_same_year"),
        ("statement", {"name": "subscribers"}, "correction_is_of_the_same_statement"),
    ],
)
def test_a_correction_of_something_else(
    rows: dict[Any, Any], kind: str, change: dict[str, Any], name: str
) -> None:
    breaks(MODELS[kind], name, corrects_id=rows[MODELS[kind]].pk, **change)


@pytest.mark.parametrize("kind", ["year", "statement"])
def test_a_correction_of_another_firms_row(rows: dict[Any, Any], kind: str) -> None:
    other = Firm.objects.get(uscc=OTHER_FIRM).pk
    same = "year" if kind == "year" else "statement"
    breaks(
        MODELS[kind], f"correction_is_of_the_same_{same}", corrects_id=rows[MODELS[kind]].pk, firm_id=other
    )


@pytest.mark.parametrize("kind", list(MODELS))
def test_a_correction_names_what_was_first_recorded(rows: dict[Any, Any], kind: str) -> None:
    model, said = MODELS[kind], {"reason": "x"} if kind == "stage" else {}
    with scoping.within(EVERYTHING):
        insert(model, corrects_id=rows[model].pk, public_id="x_2", **said)
        correction = model.objects.get(public_id="x_2").pk
    breaks(model, "correction_names_what_was_first_recorded", corrects_id=correction, **said)


def test_a_stage_is_not_corrected_without_a_reason(rows: dict[Any, Any]) -> None:
    breaks(StageEvent, "stage_correction_gives_its_reason", corrects_id=rows[StageEvent].pk)


@pytest.mark.parametrize("kind", list(MODELS))
def test_nothing_is_rewritten_even_by_the_owner(
    rows: dict[Any, Any], owner_connection: Any, kind: str
) -> None:
    import psycopg

    with pytest.raises(psycopg.Error, match="append-only"):
        owner_connection.execute(f"UPDATE {MODELS[kind]._meta.db_table} SET taken_back = true")  # noqa: S608
