"""返投: what is recognised for a fund, what its terms ask for, and what is left; amounts in yuan.

Of the cases of one local input the highest that stands is counted, so the same yuan is never counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import F, Max, QuerySet

from finance_hub.kernel.money import CENT, fen
from funds import fund_policy
from funds.fund_policy import Score
from funds.models import Fund, FundTerms, Recognition, ReinvestmentRules, Route
from funds.models.terms import Base
from funds.queries.deal_frames import HoldingRow, holdings_frame
from funds.queries.known import facts
from funds.queries.positions import Position, nav_of, position, positions
from funds.queries.sources import SourceRow, of_kind, sources_frame
from funds.queries.terms import in_force

NOTHING = Decimal("0.00")


class Counted(NamedTuple):
    """A local input and its best case that stands."""

    firm: str
    uscc: str
    reference: str
    route: str
    recognised: Decimal


class Reinvestment(NamedTuple):
    """Where a fund stands; `by_route` splits `recognised` by the best case of each input.

    `fiscal_paid_in` and `fiscal_committed` are of its investors of the kind fiscal: the two denominators.
    `multiple`, `base`, `base_amount`, `due` and `left` are None where the terms ask for nothing. The base is
    fiscal for paid-in and commitment, and the fund's whole for invested and net assets, which have no fiscal
    part. `score_asked` is that of the multiple asked for, `score_reached` that of recognised / fiscal paid-in;
    None before the scoring is published, the latter also where nothing fiscal is paid in.
    """

    recognised: Decimal
    by_route: dict[str, Decimal]
    fiscal_paid_in: Decimal
    fiscal_committed: Decimal
    multiple: Decimal | None
    base: str | None
    base_amount: Decimal | None
    due: Decimal | None
    left: Decimal | None
    document: str
    score_asked: Score | None
    score_reached: Score | None
    inputs: list[Counted]


class RecognisedRow(NamedTuple):
    """What is counted for a fund, fen."""

    fund_id: int
    recognised_fen: int


class DueRow(NamedTuple):
    """What a fund's terms ask for: `base_fen` times `multiple`, a decimal as text; None where they ask for nothing."""

    fund_id: int
    multiple: str | None
    base: str
    base_fen: int


def reinvestment_rules(of: Fund) -> QuerySet[ReinvestmentRules]:
    """Every set ever recorded, with its author."""
    return ReinvestmentRules.objects.of(fund=of).select_related("recorded_by")


def rules_in_force(of: Fund, *, day: date, known_at: datetime) -> ReinvestmentRules | None:
    """The set that holds on a day, as known at a moment; None before the first."""
    known = reinvestment_rules(of).filter(valid_from__lte=day, recorded_at__lte=known_at)
    return known.order_by("-valid_from", "-recorded_at", "-pk").first()


def recognitions(of: Fund) -> QuerySet[Recognition]:
    """Every case ever recorded, with its money, its rules, its author and what it takes back or corrects."""
    return Recognition.objects.filter(input__fund=of).select_related(
        "input__firm", "rules", "recorded_by", "reverses", "corrects"
    )


def standing(*, as_of: date, known_at: datetime) -> QuerySet[Recognition]:
    """The cases that had happened before `as_of` and were not taken back, as known at `known_at`."""
    when = facts(as_of=as_of, known_at=known_at)
    taken_back = Recognition.objects.filter(when, reverses__isnull=False).values("reverses")
    return Recognition.objects.filter(when, reverses=None).exclude(pk__in=taken_back)


def recognised_frame(*, as_of: date, known_at: datetime) -> list[RecognisedRow]:
    """What is counted for each fund for which anything is, by fund."""
    best = standing(as_of=as_of, known_at=known_at).values("input_id", fund=F("input__fund_id"))
    sums: dict[int, int] = {}
    for row in best.annotate(counted=Max("recognised")).order_by("fund", "input_id"):
        sums[row["fund"]] = sums.get(row["fund"], 0) + fen(row["counted"])
    return [RecognisedRow(*each) for each in sums.items()]


def due_frame(*, as_of: date, known_at: datetime) -> list[DueRow]:
    """What the terms in force ask for, of each fund that has any, by fund. At most five queries."""
    when: dict[str, Any] = {"as_of": as_of, "known_at": known_at}
    known = FundTerms.objects.filter(valid_from__lt=as_of, recorded_at__lte=known_at)
    agreed = list(known.order_by("fund_id", "-valid_from", "-recorded_at", "-pk").distinct("fund_id"))
    found = sources_frame(**when) if agreed else []
    whole = any(terms.reinvestment_base in _OF_THE_WHOLE for terms in agreed)
    stands, held = (positions(**when), holdings_frame(**when)) if whole else ({}, [])
    return [
        _due(
            terms,
            [row for row in found if row.fund_id == terms.fund_id],
            stands.get(terms.fund_id),
            [row for row in held if row.fund_id == terms.fund_id],
        )
        for terms in agreed
    ]


def _due(
    terms: FundTerms, found: Iterable[SourceRow], stands: Position | None, held: Iterable[HoldingRow]
) -> DueRow:
    if terms.reinvestment_multiple is None or terms.reinvestment_base is None:
        return DueRow(terms.fund_id, None, "", 0)
    base = _base(terms, found, stands, held)
    return DueRow(terms.fund_id, f"{terms.reinvestment_multiple}", terms.reinvestment_base, fen(base))


def reinvestment(of: Fund, *, as_of: date, known_at: datetime) -> Reinvestment:
    """As known at `known_at` at the end of the day before `as_of`. At most six queries."""
    found = sources_frame(as_of=as_of, known_at=known_at, of=of)
    paid_in, committed = of_kind(found, "fiscal", "paid_in"), of_kind(found, "fiscal", "committed")
    agreed = in_force(of, as_of=as_of, known_at=known_at)
    multiple = agreed.reinvestment_multiple if agreed else None
    asked = agreed is not None and multiple is not None
    base = None
    if agreed and asked:
        whole = agreed.reinvestment_base in _OF_THE_WHOLE
        stands = position(of, as_of=as_of, known_at=known_at) if whole else None
        held = holdings_frame(as_of=as_of, known_at=known_at, of=of) if whole else []
        base = _base(agreed, found, stands, held)
    due = (base * multiple).quantize(CENT) if base is not None and multiple is not None else None
    inputs = _counted(of, as_of=as_of, known_at=known_at)
    recognised = sum((one.recognised for one in inputs), NOTHING)
    reached, day = (recognised / paid_in if paid_in else None), as_of - timedelta(days=1)
    return Reinvestment(
        recognised=recognised,
        by_route=_by_route(inputs),
        fiscal_paid_in=paid_in,
        fiscal_committed=committed,
        multiple=multiple,
        base=agreed.reinvestment_base if agreed and asked else None,
        base_amount=base,
        due=due,
        left=None if due is None else max(due - recognised, NOTHING),
        document=agreed.document if agreed and asked else "",
        score_asked=fund_policy.reinvestment_score(multiple, day=day) if agreed else None,
        score_reached=None if reached is None else fund_policy.reinvestment_score(reached, day=day),
        inputs=inputs,
    )


#: What has no fiscal part.
_OF_THE_WHOLE = (Base.INVESTED, Base.NET_ASSETS)


def _base(
    agreed: FundTerms, found: Iterable[SourceRow], stands: Position | None, held: Iterable[HoldingRow]
) -> Decimal:
    """The amount that the multiple is of, never below zero."""
    base = Base(str(agreed.reinvestment_base))
    if base not in _OF_THE_WHOLE:
        return of_kind(found, "fiscal", "committed" if base == Base.COMMITMENT else "paid_in")
    if stands is None:
        return NOTHING
    return stands.invested if base == Base.INVESTED else max(nav_of(stands, held), NOTHING)


def _counted(of: Fund, *, as_of: date, known_at: datetime) -> list[Counted]:
    """Each input with its best case, the largest first; of equal cases the one recorded first."""
    cases = standing(as_of=as_of, known_at=known_at).filter(input__fund=of)
    best = cases.order_by("input_id", "-recognised", "recorded_at", "pk").distinct("input_id")
    found = [
        Counted(case.input.firm.name, case.input.firm.uscc, case.input.reference, case.route, case.recognised)
        for case in best.select_related("input__firm")
    ]
    return sorted(found, key=lambda one: (-one.recognised, one.uscc, one.reference))


def _by_route(inputs: Iterable[Counted]) -> dict[str, Decimal]:
    sums = dict.fromkeys(Route.values, NOTHING)
    for one in inputs:
        sums[one.route] += one.recognised
    return {route: amount for route, amount in sums.items() if amount}
