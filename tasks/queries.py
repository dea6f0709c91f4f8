"""Reads of what was computed: pages, API and documents see stored figures only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import F, Q, QuerySet

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Firm, MonthState, Organisation
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import NotFound, Problem
from finance_hub.kernel.scoping import within
from finance_hub.kernel.text import Text
from funds.models import Fund, Security
from funds.queries.holdings import measured
from funds.queries.securities import securities
from loans.models import Drawdown
from tasks.catalogue import BY_CODE
from tasks.exposure.lines import Code
from tasks.exposure.parts import Part, amount_of
from tasks.models import Briefing, Figure, Snapshot, Target, ToleranceRule

#: What is reckoned from one fund's own facts, so that whoever reads the fund reads it too.
OF_FUND = (
    "fund.planned", "fund.subscribed", "fund.called", "fund.paid_in", "fund.invested", "fund.distributed",
    "fund.nav", "fund.dpi", "fund.rvpi", "fund.tvpi", "fund.irr", "fund.firms",
)  # fmt: skip


class NoFigures(Problem):
    code = "no-figures-yet"
    status = 404
    title = Text("该月份尚未计算", "The month has not been computed yet")


@dataclass(frozen=True)
class FigureSet:
    """The figures of one snapshot, looked up by code, scope and key."""

    snapshot: Snapshot
    figures: dict[tuple[str, str, str], Figure]

    def get(self, code: str, scope: str = "", key: str = "") -> Figure | None:
        return self.figures.get((code, scope, key))

    def value(self, code: str, scope: str = "", key: str = "") -> Decimal | None:
        """The value, or None where it is missing; `get` tells the reason."""
        found = self.get(code, scope, key)
        return found.value if found else None

    def all(self, code: str, scope: str) -> list[Figure]:
        """Every figure of a code in a scope, in the catalogue's order."""
        rows = [f for (c, s, _key), f in self.figures.items() if c == code and s == scope]
        return sorted(rows, key=lambda figure: figure.position)


def latest_snapshot(month: Month) -> Snapshot | None:
    """The newest snapshot; of a closed month the newest as known at its close, whatever was restated since."""
    taken = Snapshot.objects.filter(month=month.first).order_by("-known_at", "-pk")
    closed = MonthState.objects.filter(month=month.first, closed_at__isnull=False).first()
    at_close = taken.filter(known_at__lte=closed.closed_at).first() if closed else None
    return at_close or taken.first()


def snapshots(*, month: Month | None = None) -> QuerySet[Snapshot]:
    return Snapshot.objects.filter(month=month.first) if month else Snapshot.objects.all()


def snapshot(public_id: str) -> Snapshot:
    """Raises NotFound."""
    found = Snapshot.objects.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def snapshot_of(month: Month) -> Snapshot:
    """As `latest_snapshot`. Raises NoFigures."""
    found = latest_snapshot(month)
    if found is None:
        raise NoFigures
    return found


def month_of(snapshot: Snapshot) -> Month:
    return Month.of(snapshot.month)


def figures_of(snapshot: Snapshot) -> FigureSet:
    rows = rows_of(snapshot)
    return FigureSet(snapshot, {(f.code, f.scope, f.key): f for f in rows})


def largest_firms(figures: FigureSet, *, most: int = 10) -> list[Figure]:
    """The public exposure of the firms with most of it, the largest first."""
    return figures.all("exposure.largest_public", "firm")[:most]


def parts_of(figures: FigureSet, uscc: str) -> dict[Part, Decimal | None]:
    """The public exposure of one of the largest firms in its parts; None where nothing is known of one."""

    def line(code: Code) -> Decimal | None:
        return figures.value("exposure.largest_line", "firm_line", f"{uscc}|{code}")

    return {part: amount_of(part, line) for part in Part}


def rows_of(snapshot: Snapshot) -> QuerySet[Figure]:
    """Its figures that the catalogue still has: those of an old snapshot that it no longer has stay unsaid."""
    return Figure.objects.filter(snapshot=snapshot, code__in=BY_CODE)


def of_fund(snapshot: Snapshot, fund: Fund) -> FigureSet:
    """The figures of one fund, which the caller has found in the scope in force.

    Snapshots are the centre's; these few figures are the fund's own, and its manager may see them.
    """
    with within(EVERYTHING):
        rows = list(Figure.objects.filter(snapshot=snapshot, scope="fund", key=fund.code, code__in=OF_FUND))
    return FigureSet(snapshot, {(f.code, f.scope, f.key): f for f in rows})


def of_firm(snapshot: Snapshot, firm: Firm) -> FigureSet:
    """The figures of one firm that the scope in force may read: none but for the centre's readers."""
    own = Q(scope="firm", key=firm.uscc) | Q(scope="fund_firm", key__endswith=f"|{firm.uscc}")
    rows = rows_of(snapshot).filter(own)
    return FigureSet(snapshot, {(f.code, f.scope, f.key): f for f in rows})


def of_bank(snapshot: Snapshot, bank: Organisation) -> FigureSet:
    """The figures of one bank alone, which the caller has found in the scope in force.

    Snapshots are the centre's; these are reckoned from the bank's own reports, and it may see them.
    """
    own = Q(scope="bank", key=bank.code) | Q(
        scope__in=["bank_product", "bank_overdue"], key__startswith=f"{bank.code}:"
    )
    with within(EVERYTHING):
        rows = list(rows_of(snapshot).filter(own))
    return FigureSet(snapshot, {(f.code, f.scope, f.key): f for f in rows})


def history(months: Iterable[Month], *, codes: Iterable[str], known_at: datetime) -> dict[Month, FigureSet]:
    """For each month its latest figures of some codes as known at a moment; two queries.

    Bound by `known_at`, so that an issue set again next year says what it said today.
    """
    firsts = [month.first for month in months]
    known = Snapshot.objects.filter(month__in=firsts, known_at__lte=known_at)
    latest = list(known.order_by("month", "-known_at", "-pk").distinct("month"))
    found: dict[int, dict[tuple[str, str, str], Figure]] = {snapshot.pk: {} for snapshot in latest}
    for figure in Figure.objects.filter(snapshot__in=latest, code__in=list(codes)):
        found[figure.snapshot_id][figure.code, figure.scope, figure.key] = figure
    return {Month.of(snapshot.month): FigureSet(snapshot, found[snapshot.pk]) for snapshot in latest}


def city_funds(figures: FigureSet) -> list[Figure]:
    """The planned sizes of the city's own funds, without the sub-funds that the mother fund finances."""
    below = set(Fund.objects.filter(tier="sub").values_list("code", flat=True))
    return [figure for figure in figures.all("fund.planned", "fund") if figure.key not in below]


def months_with_figures() -> list[Month]:
    """Newest first."""
    firsts = Snapshot.objects.order_by("-month").values_list("month", flat=True).distinct()
    return [Month.of(first) for first in firsts]


def targets() -> list[Target]:
    return list(Target.objects.order_by("position"))


def briefings() -> QuerySet[Briefing]:
    """With the people who answer for them."""
    return Briefing.objects.select_related(
        "snapshot", "drafted_by", "reviewed_by", "returned_by", "approved_by", "corrects"
    )


def briefing_of(month: Month) -> Briefing | None:
    """The briefing in force: the published or approved one, else the draft."""
    in_force = briefings().filter(month=month.first).exclude(state="superseded")
    return in_force.order_by(F("approved_at").desc(nulls_last=True), "-pk").first()


def rules() -> QuerySet[ToleranceRule]:
    return ToleranceRule.objects.select_related("fund", "proposed_by", "approved_by")


def warranted() -> QuerySet[Drawdown]:
    """Loans with a warrant 投贷联动, with their firms and banks."""
    return Drawdown.objects.exclude(warrant_ref="").select_related("contract__firm", "contract__bank")


def linked(loans: Iterable[Drawdown], *, as_of: date, known_at: datetime) -> dict[int, Security]:
    """{loan id: the warrant or convertible of a fund that names its bank and its reference}, those of the loan's own
    firm before others, the one recorded first before later ones; loans without one are left out. Wants full scope."""
    loans = list(loans)
    rows = securities(as_of=as_of, known_at=known_at).filter(
        bank__in={loan.bank_id for loan in loans}, reference__in={loan.warrant_ref for loan in loans}
    )
    found: dict[tuple[int | None, str], list[Security]] = {}
    for one in rows.order_by("pk"):
        found.setdefault((one.bank_id, one.reference), []).append(one)
    best: dict[int, Security] = {}
    for loan in loans:
        firm, those = loan.contract.firm_id, found.get((loan.bank_id, loan.warrant_ref), [])
        if those:
            best[loan.pk] = next((one for one in those if one.firm_id == firm), those[0])
    return best


def investing(firms: Iterable[int], *, as_of: date, known_at: datetime) -> dict[int, list[str]]:
    """{firm id: codes of the funds that hold a stake in it before `as_of`}; wants full scope."""
    stakes = measured(as_of=as_of, known_at=known_at).filter(firm__in=list(firms))
    found: dict[int, list[str]] = {}
    for holding in stakes.select_related("fund").order_by("fund__code"):
        if holding.firm_id and getattr(holding, "remaining_cost") > 0:  # noqa: B009 - annotated
            found.setdefault(holding.firm_id, []).append(holding.fund.code)
    return found
