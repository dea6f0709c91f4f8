"""What an entry does to the shares of a holding: bought in a round, or gone with an exit; and taking that back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Firm, Person
from finance_hub.kernel.problems import FieldError, NotFound, Problem, refuse
from finance_hub.kernel.text import Text
from funds.models import Holding, HoldingEvent, HoldingEventKind, Round, Security, Units, UnitsKind
from funds.operations.reversing import AlreadyReversed, ReversalOfAReversal
from funds.operations.rounds import lock_shares, require_shares, require_within_whole
from funds.operations.rules import lock_fund, require_day
from funds.queries import balances
from funds.queries.rounds import stands_now


class SharesAboveHeld(Problem):
    code = "shares-above-held"
    status = 422
    title = Text("超过持有股数", "It is more than the shares held")
    detail = Text(
        "减少 {shares} 股，该日起持有股数最低为 {room} 股",
        "{shares} shares would go; from that day on the shares held are {room} at their lowest",
    )


class MoreThanTheRound(Problem):
    code = "more-than-the-round"
    status = 422
    title = Text("超过该轮新增股数", "It is more than the round issued")
    detail = Text(
        "该轮新增 {new} 股，连同已登记的将认购 {bought} 股",
        "The round issued {new} shares; with those recorded already {bought} would be bought of it",
    )


class UnitsAlreadyRecorded(Problem):
    code = "units-already-recorded"
    status = 409
    title = Text("该笔记录对应的股份或可转债已登记", "What that entry bought or released is recorded already")


class UnitsStand(Problem):
    code = "units-stand"
    status = 409
    title = Text(
        "行权与其投资一并冲销，请冲销该笔投资",
        "Shares by a warrant go with their investment: reverse the investment",
    )


class SecurityInUse(Problem):
    code = "security-in-use"
    status = 409
    title = Text(
        "已转股、行权或兑付，请先冲销", "It was converted, exercised or paid back: take that back first"
    )


def record_units(
    *, event: str, shares: int, round: str | None = None, note: str = "", by: Person, now: datetime
) -> Units:
    """Say of an investment or exit entered before how many shares it bought (perhaps in a `round`) or released.

    Raises NotFound, InvalidFields, AlreadyReversed, ReversalOfAReversal, UnitsAlreadyRecorded, MoreThanTheRound,
    SharesAboveHeld, StakeAboveWhole.
    """
    with transaction.atomic():
        entry = HoldingEvent.objects.select_related("holding__firm").filter(public_id=event).first()
        if entry is None:
            raise NotFound
        lock_fund(entry.holding.fund.code)
        if entry.reverses_id is not None:
            raise ReversalOfAReversal
        if HoldingEvent.objects.filter(reverses=entry).exists():
            raise AlreadyReversed
        found = enter_of(entry, shares=shares, round=round, note=note, by=by, now=now)
        audit.record(
            "holding.units", actor=by, subject=f"fund:{entry.holding.fund.code}", at=now, **facts_of(found)
        )
    return found


def reverse_units(*, units: str, effective_date: date, note: str = "", by: Person, now: datetime) -> Units:
    """Take back what was said of shares, or a conversion, from a day on. The entry itself stands.

    Raises NotFound, InvalidFields, AlreadyReversed, ReversalOfAReversal, UnitsStand, SharesAboveHeld, StakeAboveWhole.
    """
    with transaction.atomic():
        first = Units.objects.select_related("holding__fund", "holding__firm").filter(public_id=units).first()
        if first is None:
            raise NotFound
        lock_fund(first.holding.fund.code)
        if first.reverses_id is not None:
            raise ReversalOfAReversal
        if Units.objects.filter(reverses=first).exists():
            raise AlreadyReversed
        if first.kind == UnitsKind.EXERCISED:
            raise UnitsStand
        require_on_or_after(first.effective_date, day=effective_date, now=now)
        taken_back = _take_back(first, on=effective_date, note=note, by=by, now=now)
        audit.record(
            "holding.units_reverse", actor=by, subject=f"fund:{first.holding.fund.code}", at=now,
            reverses=units, **facts_of(taken_back),
        )  # fmt: skip
    return taken_back


def enter_of(
    event: HoldingEvent, *, shares: int, round: str | None = None, note: str = "", by: Person, now: datetime
) -> Units:
    """The units of an investment or exit. Call with the fund's row locked. Raises as `record_units` does."""
    require_shares(shares)
    kind = {
        HoldingEventKind.INVESTMENT.value: UnitsKind.BOUGHT.value,
        HoldingEventKind.EXIT.value: UnitsKind.RELEASED.value,
    }.get(event.kind)
    if kind is None:
        raise refuse(
            "#/shares", "no-shares-move", "只有投资和退出涉及股数", "Only investments and exits move shares"
        )
    firm = firm_of(event.holding)
    lock_shares(firm)
    bought_in = None
    if round is not None:
        if kind == UnitsKind.RELEASED:
            raise refuse("#/round", "exit-of-no-round", "退出不对应融资轮次", "An exit is of no round")
        bought_in = round_of(event.holding, round, day=event.effective_date)
        _require_issued(bought_in, shares)
    if Units.objects.filter(stands_now(), event=event).exists() or (
        Security.objects.filter(stands_now(), event=event).exists()
    ):
        raise UnitsAlreadyRecorded
    return enter(
        event.holding, kind=kind, shares=shares, day=event.effective_date, event=event, round=bought_in,
        note=note, by=by, now=now,
    )  # fmt: skip


def enter(
    holding: Holding, *, kind: str, shares: int, day: date, event: HoldingEvent | None = None,
    round: Round | None = None, security: Security | None = None, note: str = "", by: Person, now: datetime,
) -> Units:  # fmt: skip
    """One row, with the fund's row and the firm's shares locked. Raises SharesAboveHeld, StakeAboveWhole."""
    if kind == UnitsKind.RELEASED:
        require_held(holding, shares, day=day)
    row = Units.objects.create(
        public_id=ids.new("hu"), holding=holding, kind=kind, shares=shares, event=event, round=round,
        security=security, effective_date=day, recorded_at=now, recorded_by=by, note=note,
    )  # fmt: skip
    if kind not in (UnitsKind.RELEASED, UnitsKind.REDEEMED):
        _require_whole(holding, since=day)
    return row


def convertible_of(holding: Holding, public_id: str, *, day: date) -> Security:
    """A convertible that the holding has and that nothing has ended, not younger than a day. Raises InvalidFields."""
    found = (
        Security.objects.select_related("event")
        .filter(stands_now(), public_id=public_id, event__holding=holding)
        .first()
    )
    if found is None or Units.objects.filter(stands_now(), security=found).exists():
        raise refuse(
            "#/convertible",
            "convertible-unknown",
            "没有这笔未到终点的可转债",
            "There is no such convertible outstanding",
        )
    if day < found.effective_date:
        raise refuse(
            "#/effective_date",
            "before-the-convertible",
            "日期早于可转债投资日",
            "It is dated before the convertible was bought",
        )
    return found


def take_back_of(event: HoldingEvent, *, on: date, by: Person, now: datetime) -> None:
    """What goes with an entry that is reversed: its units, and the terms of a convertible that it bought.

    Raises SecurityInUse, SharesAboveHeld, StakeAboveWhole.
    """
    for units in Units.objects.select_related("holding__fund", "holding__firm").filter(
        stands_now(), event=event
    ):
        _take_back(units, on=on, note="", by=by, now=now)
    for security in Security.objects.filter(stands_now(), event=event):
        take_back_security(security, on=on, note="", by=by, now=now)


def take_back_security(first: Security, *, on: date, note: str, by: Person, now: datetime) -> Security:
    """Raises SecurityInUse."""
    if Units.objects.filter(stands_now(), security=first).exists():
        raise SecurityInUse
    columns = [
        "kind", "fund", "firm", "event", "bank", "reference", "document", "ends_on", "annual_rate_pct", "cap",
        "discount_pct", "shares", "share_pct", "strike",
    ]  # fmt: skip
    return Security.objects.create(
        public_id=ids.new("se"), reverses=first, effective_date=on, note=note, recorded_by=by,
        recorded_at=max(now, first.recorded_at), **{column: getattr(first, column) for column in columns},
    )  # fmt: skip


def firm_of(holding: Holding) -> Firm:
    """Raises InvalidFields for a stake in a fund, which has no shares here."""
    if holding.firm is None:
        raise refuse(
            "#/shares", "no-shares-of-a-fund", "子基金不登记股数", "Stakes in funds have no shares here"
        )
    return holding.firm


def round_of(holding: Holding, public_id: str, *, day: date) -> Round:
    """A round of the holding's firm in the book of the fund's manager, not later than a day. Raises InvalidFields."""
    found = Round.objects.filter(
        stands_now(), public_id=public_id, firm=holding.firm, organisation=holding.fund.manager_id
    ).first()
    if found is None:
        raise refuse(
            "#/round", "round-unknown", "没有该企业的这一轮融资", "There is no such round of the firm"
        )
    if day < found.effective_date:
        raise refuse(
            "#/round", "before-the-round", "日期早于该轮融资日 {round_date}",
            "It is dated before the round, {round_date}", round_date=found.effective_date.isoformat(),
        )  # fmt: skip
    return found


def require_on_or_after(since: date, *, day: date, now: datetime) -> None:
    """Raises InvalidFields for a day in the future, or before what is taken back."""
    require_day(day, now=now)
    if day < since:
        raise refuse(
            "#/effective_date", "reversal-before-its-event", "冲销日期早于原记录日期 {effective_date}",
            "The reversal is dated before its event, {effective_date}", effective_date=since.isoformat(),
        )  # fmt: skip


def facts_of(one: Units) -> dict[str, Any]:
    """For the audit trail."""
    return {
        "units": one.public_id, "holding": one.holding.public_id, "kind": one.kind, "shares": one.shares,
        "event": one.event.public_id if one.event else None, "round": one.round.public_id if one.round else None,
        "security": one.security.public_id if one.security else None,
        "effective_date": one.effective_date.isoformat(),
    }  # fmt: skip


def _take_back(first: Units, *, on: date, note: str, by: Person, now: datetime) -> Units:
    firm = firm_of(first.holding)
    lock_shares(firm)
    if first.kind not in (UnitsKind.RELEASED, UnitsKind.REDEEMED):
        require_held(first.holding, first.shares, day=on)
    taken_back = Units.objects.create(
        public_id=ids.new("hu"), holding=first.holding, kind=first.kind, shares=first.shares, event=first.event,
        round=first.round, security=first.security, reverses=first, effective_date=on, note=note,
        recorded_at=max(now, first.recorded_at), recorded_by=by,
    )  # fmt: skip
    if first.kind == UnitsKind.RELEASED:
        _require_whole(first.holding, since=on)
    return taken_back


def _require_whole(holding: Holding, *, since: date) -> None:
    require_within_whole(firm_of(holding), book=holding.fund.manager, since=since, pointer="#/shares")


def require_held(holding: Holding, shares: int, *, day: date) -> None:
    """Raises SharesAboveHeld."""
    room = balances.shares_held(holding, day=day)
    if shares > room:
        said = {"shares": str(shares), "room": str(max(room, 0))}
        words = SharesAboveHeld.detail.fill(**said)
        raise SharesAboveHeld(errors=(FieldError(SharesAboveHeld.code, "#/shares", words, said),), **said)


def _require_issued(round: Round, shares: int) -> None:
    bought = Units.objects.filter(stands_now(), round=round, kind=UnitsKind.BOUGHT)
    together = (bought.aggregate(sum=Sum("shares"))["sum"] or 0) + shares
    if together > round.new_shares:
        said = {"new": str(round.new_shares), "bought": str(together)}
        words = MoreThanTheRound.detail.fill(**said)
        raise MoreThanTheRound(errors=(FieldError(MoreThanTheRound.code, "#/shares", words, said),), **said)
