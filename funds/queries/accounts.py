"""What stands to the account of each investor of a fund, in yuan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q

from funds.models import Fund, FundEvent, FundEventKind, Investor
from funds.models.ledger import OF_INVESTORS
from funds.queries.known import facts, ledger_yuan

NOTHING = Decimal("0.00")


class Standing(NamedTuple):
    """The netted sum of one kind of event of one investor, by what the events say of themselves."""

    investor_id: int
    kind: str
    nature: str
    recallable: bool
    outside_commitment: bool
    total: Decimal


class Account(NamedTuple):
    """As `Position`, of one investor. `by_nature` splits `distributed`; "" where the notice did not say."""

    investor: Investor
    committed: Decimal
    released: Decimal
    called: Decimal
    contributed: Decimal
    outside: Decimal
    distributed: Decimal
    recallable: Decimal
    by_nature: dict[str, Decimal]
    uncalled: Decimal
    unfunded: Decimal


def accounts(of: Fund, *, as_of: date, known_at: datetime) -> list[Account]:
    """Of every investor known at `known_at`, by name, before `as_of`. Two queries."""
    return accounts_of(of, facts(as_of=as_of, known_at=known_at), known_at=known_at)


def standing(of: Fund, *, day: date) -> list[Account]:
    """Every investor's, by name, at the end of a day, with all that is recorded by now. Two queries."""
    return accounts_of(of, Q(effective_date__lte=day))


def standings(when: Q) -> list[Standing]:
    """Of the events that match, in a fixed order."""
    names = Standing._fields[:-1]
    rows = FundEvent.objects.filter(when, kind__in=OF_INVESTORS).values_list(*names)
    return [Standing(*row) for row in rows.annotate(total=ledger_yuan()).order_by(*names)]


def accounts_of(of: Fund, when: Q, *, known_at: datetime | None = None) -> list[Account]:
    """Of every investor known by then (by now, where nothing is said), by name, of the events that match. Two queries."""
    return accounts_by_fund([of], when, known_at=known_at)[of.pk]


def accounts_by_fund(
    of: Sequence[Fund], when: Q, *, known_at: datetime | None = None
) -> dict[int, list[Account]]:
    """{fund id: `accounts_of`}; as many queries as for one fund."""
    held = by_investor(when & Q(fund__in=of))
    found: dict[int, list[Account]] = {fund.pk: [] for fund in of}
    known = Investor.objects.filter(fund__in=of)
    if known_at is not None:
        known = known.filter(recorded_at__lte=known_at)
    for investor in known.order_by("fund_id", "name"):
        found[investor.fund_id].append(account_of(investor, held.get(investor.pk, ())))
    return found


def by_investor(when: Q) -> dict[int, list[Standing]]:
    """{investor id: what stands to the account} of the events that match."""
    held: dict[int, list[Standing]] = {}
    for row in standings(when):
        held.setdefault(row.investor_id, []).append(row)
    return held


def account_of(investor: Investor, rows: Iterable[Standing]) -> Account:
    """The account that these rows make."""
    kinds: dict[str, Decimal] = dict.fromkeys(OF_INVESTORS, NOTHING)
    by_nature: dict[str, Decimal] = {}
    outside = called_outside = recallable = NOTHING
    for row in rows:
        kinds[row.kind] += row.total
        if row.kind == FundEventKind.DISTRIBUTION:
            by_nature[row.nature] = by_nature.get(row.nature, NOTHING) + row.total
            recallable += row.total if row.recallable else NOTHING
        elif row.outside_commitment and row.kind == FundEventKind.CALL:
            called_outside += row.total
        elif row.outside_commitment:
            outside += row.total
    left = kinds["commitment"] - kinds["release"] + recallable
    return Account(
        investor=investor,
        committed=kinds["commitment"],
        released=kinds["release"],
        called=kinds["call"],
        contributed=kinds["contribution"],
        outside=outside,
        distributed=kinds["distribution"],
        recallable=recallable,
        by_nature=by_nature,
        uncalled=left - (kinds["call"] - called_outside),
        unfunded=left - (kinds["contribution"] - outside),
    )
