"""Agreements: their terms are proposed by one person of the centre and approved by another, never edited."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction

from finance_hub.kernel import audit
from finance_hub.kernel.models import Organisation, Person
from finance_hub.kernel.problems import FieldError, InvalidFields, NotFound, Problem, SelfApproval, refuse
from finance_hub.kernel.text import Text
from loans.guarantee_rules import bounds
from loans.models import Agreement, AgreementShare, AgreementTerms, Pool


class AgreementExists(Problem):
    code = "agreement-exists"
    status = 409
    title = Text("协议代码已被使用", "The code of the agreement is taken")


class TermsAlreadyApproved(Problem):
    code = "terms-already-approved"
    status = 409
    title = Text("该版本条款已批准", "This version of the terms is approved already")


class Share(NamedTuple):
    """A party's part of a loss, in percent."""

    party: str
    share_pct: Decimal
    name: str = ""


def conclude(
    *,
    code: str,
    name: str,
    guarantor: str,
    bank: str | None = None,
    shares: Iterable[Share],
    by: Person,
    now: datetime,
    **terms: Any,
) -> AgreementTerms:
    """A new agreement of the guarantor or insurer with the code `guarantor`, with the first version of its
    terms, still to be approved; `terms` are those of `propose`. Raises AgreementExists, InvalidFields."""
    writer = _organisation(guarantor, "#/guarantor", kinds={"guarantor", "insurer"})
    with transaction.atomic():
        facts = {
            "name": name, "guarantor": writer, "recorded_at": now,
            "bank": _organisation(bank, "#/bank", kinds={"bank"}) if bank else None,
        }  # fmt: skip
        _, fresh = Agreement.objects.get_or_create(code=code, defaults=facts)
        if not fresh:
            raise AgreementExists
        return propose(code, shares=shares, by=by, now=now, **terms)


def propose(
    code: str,
    *,
    shares: Iterable[Share],
    keeper: str,
    waiting_days: int,
    valid_from: date,
    document: str,
    valid_to: date | None = None,
    pool: str | None = None,
    covers_interest: bool = False,
    compensation_cap_pct: Decimal | None = None,
    compensation_cap_base: str | None = None,
    borrower_cap: Decimal | None = None,
    group_cap: Decimal | None = None,
    yearly_cap: Decimal | None = None,
    fee_rate_max_pct: Decimal | None = None,
    fee_base: str = "outstanding",
    fee_days_in_year: int = 365,
    by: Person,
    now: datetime,
) -> AgreementTerms:
    """A new version of the terms of an agreement, for another person to approve.

    Raises NotFound, InvalidFields: shares that do not add up to 100.00, a keeper without a share, a pool
    without a part, a cap without its base, and whatever breaks a bound of `guarantee_rules` that is in
    force on `valid_from` (the message names value and document).
    """
    parties = list(shares)
    _require_shares(parties, keeper=keeper, pool=pool)
    if valid_to is not None and valid_to <= valid_from:
        raise refuse("#/valid_to", "ends-before-it-begins", "须晚于开始日期", "It must end after it begins")
    if (compensation_cap_pct is None) != (compensation_cap_base is None):
        raise refuse(
            "#/compensation_cap_base",
            "cap-without-base",
            "代偿上限率与其基数须同时填写",
            "A compensation cap and its base go together",
        )
    if fee_days_in_year not in (360, 365):
        raise refuse(
            "#/fee_days_in_year",
            "not-a-year-of-fees",
            "计费年度须为 360 或 365 天",
            "A year of fees has 360 or 365 days",
        )
    _require_bounds(
        parties, day=valid_from, compensation_cap_pct=compensation_cap_pct, borrower_cap=borrower_cap
    )
    with transaction.atomic():
        held = Agreement.objects.select_for_update().filter(code=code).first()
        if held is None:
            raise NotFound
        made = AgreementTerms.objects.create(
            agreement=held, version=AgreementTerms.objects.filter(agreement=held).count() + 1,
            valid_from=valid_from, valid_to=valid_to, document=document, pool=_pool(pool), keeper=keeper,
            covers_interest=covers_interest, waiting_days=waiting_days,
            compensation_cap_pct=compensation_cap_pct, compensation_cap_base=compensation_cap_base or "",
            borrower_cap=borrower_cap, group_cap=group_cap, yearly_cap=yearly_cap,
            fee_rate_max_pct=fee_rate_max_pct, fee_base=fee_base, fee_days_in_year=fee_days_in_year,
            proposed_by=by, proposed_at=now,
        )  # fmt: skip
        AgreementShare.objects.bulk_create(
            AgreementShare(terms=made, position=at, party=s.party, name=s.name, share_pct=s.share_pct)
            for at, s in enumerate(parties)
        )
        audit.record(
            "agreement.propose", actor=by, subject=f"agreement:{code}", at=now, version=made.version,
            document=document, shares={f"{s.party} {s.name}".strip(): str(s.share_pct) for s in parties},
        )  # fmt: skip
    return made


def approve(code: str, *, version: int, by: Person, now: datetime) -> AgreementTerms:
    """Raises NotFound, TermsAlreadyApproved, SelfApproval."""
    terms = AgreementTerms.objects.filter(agreement__code=code, version=version).first()
    if terms is None:
        raise NotFound
    if terms.proposed_by_id == by.pk:
        raise SelfApproval
    with transaction.atomic():
        waiting = AgreementTerms.objects.filter(pk=terms.pk, approved_at=None)
        if not waiting.update(approved_by=by, approved_at=now):
            raise TermsAlreadyApproved
        audit.record("agreement.approve", actor=by, subject=f"agreement:{code}", at=now, version=version)
    terms.refresh_from_db()
    return terms


def _require_shares(parties: list[Share], *, keeper: str, pool: str | None) -> None:
    if len({(s.party, s.name) for s in parties}) != len(parties):
        raise refuse("#/shares", "party-twice", "同一方出现两次", "A party occurs twice")
    whole = sum((s.share_pct for s in parties), Decimal(0))
    if whole != 100 or any(s.share_pct <= 0 for s in parties):
        raise refuse(
            "#/shares",
            "shares-do-not-add-up",
            "各方分担比例须大于零且合计为 100（现为 {sum}）",
            "The shares are above 0 and add up to 100 (they are {sum})",
            sum=f"{whole:.2f}",
        )
    if keeper not in {s.party for s in parties}:
        raise refuse(
            "#/keeper",
            "keeper-without-share",
            "承担超额部分的一方须参与分担",
            "Who keeps what is above the caps has a share",
        )
    if (pool is not None) != any(s.party == "pool" for s in parties) or (
        sum(s.party == "pool" for s in parties) > 1
    ):
        raise refuse(
            "#/pool",
            "pool-without-share",
            "资金池与其分担比例须同时且只出现一次",
            "A pool and its one share go together",
        )


def _require_bounds(parties: list[Share], *, day: date, **caps: Decimal | None) -> None:
    """Raises InvalidFields with every bound that is broken."""
    taking_part = {s.party for s in parties}
    quantities = caps | {
        f"{party}_share_pct": sum((s.share_pct for s in parties if s.party == party), Decimal(0))
        for party in ("bank", "national_fund", "re_guarantor")
    }
    errors = []
    for bound in bounds(day):
        if taking_part & bound.parties and bound.broken_by(quantities):
            limit = str(bound.least if bound.most is None else bound.most)
            message = _BOUNDS[bound.most is None].fill(limit=limit, document=bound.document)
            pointer = "#/shares" if bound.quantity.endswith("share_pct") else f"#/{bound.quantity}"
            context = {"limit": limit, "document": bound.document}
            errors.append(FieldError(bound.code, pointer, message, context))
    if errors:
        raise InvalidFields(errors=tuple(errors))


#: Whether the bound is the least.
_BOUNDS = {
    True: Text("不得低于 {limit}（{document}）", "Not less than {limit} ({document})"),
    False: Text("须设定且不得高于 {limit}（{document}）", "Must be set, at most {limit} ({document})"),
}


def _organisation(code: str, pointer: str, *, kinds: set[str]) -> Organisation:
    found = Organisation.objects.filter(code=code, kind__in=kinds).first()
    if found is None:
        raise refuse(pointer, "does_not_exist", "没有这个机构", "There is no such organisation")
    return found


def _pool(code: str | None) -> Pool | None:
    if code is None:
        return None
    found = Pool.objects.filter(code=code).first()
    if found is None:
        raise refuse("#/pool", "does_not_exist", "没有这个资金池", "There is no such pool")
    return found
