"""The header of a deal is edited by version; every edit says what it changed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from finance_hub.kernel import audit
from finance_hub.kernel.models import Person
from finance_hub.kernel.periods import SHANGHAI
from finance_hub.kernel.problems import FieldError, Problem, StaleVersion, refuse
from finance_hub.kernel.text import Text
from funds.models import Deal, DealChange, DealStep
from funds.operations.investees import firm_for
from funds.operations.pipeline.headers import require_referrer
from funds.operations.pipeline.locking import lock_deal
from funds.operations.rules import require_amount
from funds.queries import pipeline
from funds.queries.deal_lives import is_screened

Said = dict[str, dict[str, str | None]]


class StaleDeal(StaleVersion):
    code = "stale-deal"
    detail = Text(
        "{who} 已修改：{what}。请重新读取后再改", "{who} has changed: {what}. Read it again, then change it"
    )


class PlannedBelowPaid(Problem):
    code = "planned-below-paid"
    status = 409
    title = Text("计划金额不能低于已出资金额", "A deal plans no less than it has paid")


class FirmIsSettled(Problem):
    code = "firm-is-settled"
    status = 409
    title = Text("初筛之后不能更换企业", "From screening on a deal keeps its firm")


def edit_deal(deal: str, *, version: int, by: Person, now: datetime, **changes: Any) -> Deal:
    """Change the header of the deal with public id `deal` if `version` is still the one in force.

    `changes` are columns of the header, and `uscc` for the firm. Raises NotFound, InvalidFields,
    FirmIsSettled, PlannedBelowPaid, and StaleDeal, which says who changed what and when.
    """
    if "planned_amount" in changes:
        require_amount(changes["planned_amount"], pointer="#/planned_amount")
    with transaction.atomic():
        held = lock_deal(deal)
        if held.version != version:
            raise _stale(held, version)
        wanted = _with_firm(held, changes, by=by, now=now)
        require_referrer(
            wanted.get("source", held.source), referred_by=wanted.get("referred_by", held.referred_by)
        )
        if "planned_amount" in wanted and wanted["planned_amount"] < pipeline.paid(held):
            raise PlannedBelowPaid
        said = _said(held, wanted)
        if not said:
            raise refuse("#", "nothing-to-change", "没有要修改的内容", "There is nothing to change")
        Deal.objects.filter(pk=held.pk, version=version).update(**wanted, version=version + 1)
        DealChange.objects.create(
            deal=held, version=version + 1, changes=said, recorded_at=now, recorded_by=by
        )
        audit.record("deal.edit", actor=by, subject=f"deal:{deal}", at=now, fund=held.fund.code, changes=said)
    return held


def _with_firm(deal: Deal, changes: dict[str, Any], *, by: Person, now: datetime) -> dict[str, Any]:
    """The changes with the firm itself in place of its code; a known firm brings its own name."""
    wanted = dict(changes)
    uscc, name = wanted.pop("uscc", None), wanted.get("firm_name")
    if uscc is None and (name is None or deal.firm is None):
        return wanted
    if uscc is None:
        raise refuse(
            "#/firm_name", "firm-has-its-own-name", "企业已按信用代码登记，名称在企业库中修改",
            "The firm is known by its code: its name is changed in the registry",
        )  # fmt: skip
    if (deal.firm is None or deal.firm.uscc != uscc) and is_screened(deal):
        raise FirmIsSettled
    met_on = DealStep.objects.filter(deal=deal, place=1).latest("pk").effective_date
    firm = firm_for(uscc, name=name or _own_name(deal), known_from=met_on, by=by, now=now)
    return {**wanted, "firm": firm, "firm_name": firm.name}


def _own_name(deal: Deal) -> str | None:
    """The name by which the deal alone knows its firm."""
    return None if deal.firm else deal.firm_name


def _said(deal: Deal, wanted: dict[str, Any]) -> Said:
    """What differs: field, as the API calls it, → old and new, as text."""
    pairs = {field: (_plain(getattr(deal, field)), _plain(value)) for field, value in wanted.items()}
    return {
        "uscc" if field == "firm" else field: {"old": old, "new": new}
        for field, (old, new) in pairs.items()
        if old != new
    }


def _plain(value: Any) -> str | None:
    if value is None:
        return None
    return f"{value:.2f}" if isinstance(value, Decimal) else str(getattr(value, "uscc", value))


def _stale(deal: Deal, version: int) -> StaleDeal:
    later = DealChange.objects.filter(deal=deal, version__gt=version).select_related("recorded_by")
    errors = [
        _changed(change, field, said)
        for change in later.order_by("version")
        for field, said in change.changes.items()
    ]
    who = "、".join(dict.fromkeys(error.context["by"] for error in errors)) or "?"
    what = "、".join(dict.fromkeys(error.context["field"] for error in errors)) or "?"
    return StaleDeal(who=who, what=what, errors=tuple(errors))


def _changed(change: DealChange, field: str, said: dict[str, str | None]) -> FieldError:
    facts = {
        "field": field,
        "old": said["old"] or "",
        "new": said["new"] or "",
        "by": change.recorded_by.full_name,
        "at": change.recorded_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
    }
    words = Text("{by} 于 {at} 由“{old}”改为“{new}”", "{by} changed it at {at} from “{old}” to “{new}”")
    return FieldError("changed-since", f"#/{field}", words.fill(**facts), facts)
