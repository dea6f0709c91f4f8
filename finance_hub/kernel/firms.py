"""The firm registry's writes: register, rename, edit. A firm is never deleted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from finance_hub.kernel import audit, uscc
from finance_hub.kernel.access import Scope
from finance_hub.kernel.models import ControlGroup, Firm, FirmClass, FirmName, FirmVersion, Person
from finance_hub.kernel.problems import NotFound, Problem, StaleVersion, refuse
from finance_hub.kernel.text import Text

#: FirmVersion names the person who changed a firm, or this.
SYSTEM = "system"
EDITABLE = ("town", "industry", "stage", "founded_on", "verified", "control_group")


class FirmAlreadyRegistered(Problem):
    code = "firm-already-registered"
    status = 409
    title = Text("该企业已登记", "This firm is registered already")


class NameFromThatDay(Problem):
    code = "firm-name-from-that-day"
    status = 409
    title = Text("该日起的名称已登记", "A name from that day is recorded already")


class ClassFromThatDay(Problem):
    code = "firm-class-from-that-day"
    status = 409
    title = Text("该日起的同一认定已登记", "That class from that day is recorded already")


class StaleFirm(StaleVersion):
    code = "stale-firm"
    detail = Text(
        "{who} 已修改：{what}。请重新读取后再改", "{who} has changed: {what}. Read it again, then change it"
    )


def require_uscc(code: str, *, pointer: str = "#/uscc") -> str:
    """The code itself; raises InvalidFields with code `uscc-…` naming why it is not valid."""
    fault = uscc.check(code)
    if fault:
        raise refuse(pointer, f"uscc-{fault}", *uscc.FAULTS[fault])
    return code


def require_founded(firm: Firm, *, on: date) -> None:
    """Nothing happens to a firm that is not there yet; one whose founding is not known may be of any age.

    Raises InvalidFields (`effective_date`).
    """
    if firm.founded_on and on < firm.founded_on:
        raise refuse(
            "#/effective_date", "date-before-founding", "日期早于企业成立日 {founded_on}",
            "The date is before the firm was founded, {founded_on}", founded_on=firm.founded_on.isoformat(),
        )  # fmt: skip


def find(code: str, *, scope: Scope) -> Firm:
    """The firm with its names, classes and group. Raises NotFound."""
    shown = visible(scope).select_related("control_group")
    firm = shown.prefetch_related("names", "classes").filter(uscc=code).first()
    if firm is None:
        raise NotFound
    return firm


def search(text: str, *, scope: Scope) -> QuerySet[Firm]:
    """Firms whose name, present or former, or code holds the text; all of them for an empty one."""
    firms = visible(scope).select_related("control_group")
    if not text:
        return firms
    former = FirmName.objects.filter(firm=OuterRef("pk"), name__icontains=text)
    return firms.filter(Q(name__icontains=text) | Q(uscc__contains=text.upper()) | Exists(former))


def visible(scope: Scope) -> QuerySet[Firm]:
    """The firms a scope may know of. That a firm is known from a bank's report alone says that it
    has a loan, so outside the centre such a firm is not there until the centre has checked it."""
    if scope.everything:
        return Firm.objects.all()
    return Firm.objects.exclude(source="bank_report", verified=False)


def register(
    *, code: str, name: str, source: str, known_from: date, by: Person | None, now: datetime, **facts: Any
) -> Firm:
    """Register one firm with its first name. Raises InvalidFields, FirmAlreadyRegistered."""
    require_uscc(code)
    with transaction.atomic():
        firm, fresh = Firm.objects.get_or_create(
            uscc=code, defaults={"name": name, "source": source, "recorded_at": now, **facts}
        )
        if not fresh:
            raise FirmAlreadyRegistered
        FirmName.objects.create(firm=firm, name=name, valid_from=known_from, recorded_at=now)
        audit.record("firm.register", actor=by, subject=f"firm:{code}", at=now, name=name, source=source)
    return firm


def edit(firm: Firm, *, version: int, by: Person, now: datetime, **changes: Any) -> Firm:
    """Change facts of a firm if `version` is still the one in force. Raises StaleFirm, who changed what."""
    unknown = set(changes) - set(EDITABLE)
    if unknown:
        raise ValueError(f"not editable: {sorted(unknown)}")
    before = {field: getattr(firm, field) for field in changes}
    said = {f: {"old": _plain(before[f]), "new": _plain(changes[f])} for f in changes}
    with transaction.atomic():
        updated = Firm.objects.filter(pk=firm.pk, version=version).update(**changes, version=version + 1)
        if not updated:
            raise _stale(firm, version)
        FirmVersion.objects.create(
            firm=firm, version=version + 1, changed_by=by.full_name, changes=said, recorded_at=now
        )
        audit.record("firm.edit", actor=by, subject=f"firm:{firm.uscc}", at=now, changes=said)
    return Firm.objects.select_related("control_group").get(pk=firm.pk)


def rename(firm: Firm, *, name: str, valid_from: date, by: Person | None, now: datetime) -> None:
    """Record a new name from a day on; the latest name becomes the one in force. Raises NameFromThatDay."""
    with transaction.atomic():
        held = Firm.objects.select_for_update().get(pk=firm.pk)
        _, fresh = FirmName.objects.get_or_create(
            firm=held, valid_from=valid_from, defaults={"name": name, "recorded_at": now}
        )
        if not fresh:
            raise NameFromThatDay
        latest = FirmName.objects.filter(firm=held).latest("valid_from").name
        said = {"name": {"old": held.name, "new": latest}}
        Firm.objects.filter(pk=held.pk).update(name=latest, version=held.version + 1)
        FirmVersion.objects.create(
            firm=held,
            version=held.version + 1,
            changed_by=by.full_name if by else SYSTEM,
            changes=said,
            recorded_at=now,
        )
        audit.record("firm.rename", actor=by, subject=f"firm:{firm.uscc}", at=now, name=name)


def recognise(
    firm: Firm, *, code: str, valid_from: date, valid_to: date | None, detail: str, by: Person, now: datetime
) -> FirmClass:
    """Record a class such as 高新技术企业 with its validity `[valid_from, valid_to)`.

    Raises InvalidFields (`ends-before-it-begins`), ClassFromThatDay.
    """
    if valid_to is not None and valid_to <= valid_from:
        raise refuse(
            "#/valid_to", "ends-before-it-begins", "失效日须晚于生效日", "It must end after it begins"
        )
    with transaction.atomic():
        recognised, fresh = FirmClass.objects.get_or_create(
            firm=firm,
            code=code,
            valid_from=valid_from,
            defaults={"valid_to": valid_to, "detail": detail, "recorded_at": now},
        )
        if not fresh:
            raise ClassFromThatDay
        audit.record("firm.recognise", actor=by, subject=f"firm:{firm.uscc}", at=now, code=code)
    return recognised


def _stale(firm: Firm, version: int) -> StaleFirm:
    later = FirmVersion.objects.filter(firm=firm, version__gt=version).order_by("version")
    who = "、".join(dict.fromkeys(v.changed_by for v in later)) or "?"
    what = "、".join(dict.fromkeys(field for v in later for field in v.changes)) or "?"
    return StaleFirm(who=who, what=what)


def group_named(name: str) -> ControlGroup:
    """The group of related firms (关联方) by that name; a new one where there is none yet."""
    return ControlGroup.objects.get_or_create(name=name)[0]


def _plain(value: Any) -> Any:
    if isinstance(value, ControlGroup):
        return value.name
    return value.isoformat() if isinstance(value, date) else value
