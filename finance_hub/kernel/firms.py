"""The firm registry's writes: register, rename, edit. A firm is never deleted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from finance_hub.kernel import audit, uscc
from finance_hub.kernel.models import Firm, FirmClass, FirmName, FirmVersion, Person
from finance_hub.kernel.problems import Problem, StaleVersion, refuse
from finance_hub.kernel.text import Text

EDITABLE = ("town", "industry", "stage", "founded_on", "verified", "control_group")


class FirmAlreadyRegistered(Problem):
    code = "firm-already-registered"
    status = 409
    title = Text("该企业已登记", "This firm is registered already")


class StaleFirm(StaleVersion):
    code = "stale-firm"
    detail = Text(
        "{who} 已修改：{what}。请重新读取后再改", "{who} has changed: {what}. Read it again, then change it"
    )


def require_uscc(code: str, *, pointer: str = "#/uscc") -> str:
    """The code itself; raises InvalidFields with code `uscc-…` naming why it is not valid."""
    fault = uscc.check(code)
    if fault:
        raise refuse(
            pointer,
            f"uscc-{fault}",
            "统一社会信用代码不正确（{reason}）",
            "Not a valid unified social credit code ({reason})",
            reason=fault,
        )
    return code


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
    with transaction.atomic():
        updated = Firm.objects.filter(pk=firm.pk, version=version).update(**changes, version=version + 1)
        if not updated:
            raise _stale(firm, version)
        said = {f: {"old": _plain(before[f]), "new": _plain(changes[f])} for f in changes}
        FirmVersion.objects.create(
            firm=firm, version=version + 1, changed_by=by.full_name, changes=said, recorded_at=now
        )
        audit.record("firm.edit", actor=by, subject=f"firm:{firm.uscc}", at=now, changes=said)
    return Firm.objects.select_related("control_group").get(pk=firm.pk)


def rename(firm: Firm, *, name: str, valid_from: date, by: Person | None, now: datetime) -> None:
    """Record a new name from a day on; the latest name becomes the one in force."""
    with transaction.atomic():
        FirmName.objects.create(firm=firm, name=name, valid_from=valid_from, recorded_at=now)
        latest = FirmName.objects.filter(firm=firm).latest("valid_from")
        Firm.objects.filter(pk=firm.pk).update(name=latest.name)
        audit.record("firm.rename", actor=by, subject=f"firm:{firm.uscc}", at=now, name=name)


def recognise(
    firm: Firm, *, code: str, valid_from: date, valid_to: date | None, detail: str, by: Person, now: datetime
) -> FirmClass:
    """Record a class such as 高新技术企业 with its validity `[valid_from, valid_to)`."""
    with transaction.atomic():
        recognised = FirmClass.objects.create(
            firm=firm, code=code, valid_from=valid_from, valid_to=valid_to, detail=detail, recorded_at=now
        )
        audit.record("firm.recognise", actor=by, subject=f"firm:{firm.uscc}", at=now, code=code)
    return recognised


def _stale(firm: Firm, version: int) -> StaleFirm:
    later = FirmVersion.objects.filter(firm=firm, version__gt=version).order_by("version")
    who = "、".join(dict.fromkeys(v.changed_by for v in later)) or "?"
    what = "、".join(dict.fromkeys(field for v in later for field in v.changes)) or "?"
    return StaleFirm(who=who, what=what)


def _plain(value: Any) -> Any:
    return getattr(value, "name", value) if value is not None else None
