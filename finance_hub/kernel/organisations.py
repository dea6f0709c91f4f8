"""Organisations: the centre, and those that report to it. Never deleted."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from finance_hub.kernel import audit
from finance_hub.kernel.models import Organisation, Person
from finance_hub.kernel.problems import Problem
from finance_hub.kernel.text import Text


class OrganisationExists(Problem):
    code = "organisation-exists"
    status = 409
    title = Text("机构代码已被使用", "The code of the organisation is taken")


def establish(
    *,
    code: str,
    kind: str,
    name: str,
    name_en: str,
    reports_since: date | None = None,
    by: Person | None,
    now: datetime,
) -> Organisation:
    """A new organisation; `reports_since` is the first month that a bank or guarantor owes a report of.

    Raises OrganisationExists.
    """
    made = Organisation(code=code, kind=kind, name=name, name_en=name_en, reports_since=reports_since)
    with transaction.atomic():
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError as taken:
            raise OrganisationExists from taken
        audit.record("organisation.establish", actor=by, subject=f"organisation:{code}", at=now, kind=kind)
    return made


def established() -> QuerySet[Organisation]:
    return Organisation.objects.all()
