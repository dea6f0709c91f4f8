"""Convertibles and warrants with what has become of them; and what a convertible converts into."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from finance_hub.kernel.models import Organisation
from finance_hub.kernel.problems import NotFound
from funds.models import Fund, Holding, HoldingEvent, Round, Security, Units
from funds.queries.rounds import standing, stands_now, to_fen


class Conversion(NamedTuple):
    """Principal and simple interest (ACT/365F) in yuan, the price in yuan with six places, whole shares."""

    principal: Decimal
    interest: Decimal
    price: Decimal
    shares: int


def securities(*, as_of: date, known_at: datetime) -> QuerySet[Security, Any]:
    """Those that stand, each with `used_shares` (converted or exercised), and `ended` (`converted`,
    `redeemed` or None) by the units `ended_by`."""
    used = standing(Units.objects.filter(security=OuterRef("pk")), as_of=as_of, known_at=known_at)
    ends = used.filter(kind__in=["converted", "redeemed"])
    found: QuerySet[Security, Any] = standing(Security.objects.all(), as_of=as_of, known_at=known_at)
    return found.select_related("fund", "firm", "bank", "event__holding", "recorded_by").annotate(
        used_shares=Coalesce(
            Subquery(used.order_by().values("security").annotate(sum=Sum("shares")).values("sum")), 0
        ),
        ended=Subquery(ends.values("kind")[:1]),
        ended_by=Subquery(ends.values("public_id")[:1]),
    )


def security(public_id: str, *, as_of: date, known_at: datetime) -> Security:
    """One in scope that stands, as `securities` gives it. Raises NotFound."""
    found: Security | None = securities(as_of=as_of, known_at=known_at).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def state(one: Any, *, day: date) -> str:
    """Of a row of `securities` at the end of a day.

    convertible: outstanding, matured (past its day, neither converted nor paid back), converted, redeemed ·
    warrant: live, exercised (wholly), part_exercised, lapsed (its last day is over; what is left is gone).
    """
    over = day > one.ends_on
    if one.kind == "convertible":
        return one.ended or ("matured" if over else "outstanding")
    if one.shares is not None and one.used_shares >= one.shares:
        return "exercised"
    if over:
        return "lapsed"
    return "part_exercised" if one.used_shares else "live"


def conversion(one: Security, *, principal: Decimal, at: Round, day: date) -> Conversion:
    """What a convertible becomes in a round: (principal + interest) ÷ price, whole shares, the rest is dropped.

    The price is the lowest of the round's, the round's less the discount, and cap ÷ the shares before the new
    money: those that the pre-money of the round counts, the converted ones among them.
    """
    days = (day - one.effective_date).days
    rate = Fraction(one.annual_rate_pct or 0) / 100
    interest = to_fen(Fraction(principal) * rate * days / 365)
    of_round = Fraction(at.raised) / at.new_shares
    prices = [of_round * (1 - Fraction(one.discount_pct or 0) / 100)]
    if one.cap is not None:
        prices.append(Fraction(one.cap) / (at.shares_after - at.new_shares))
    price = min(prices)
    shown = (Decimal(price.numerator) / price.denominator).quantize(Decimal("0.000001"), ROUND_HALF_UP)
    return Conversion(principal, interest, shown, int(Fraction(principal + interest) / price))


def units(holding: str) -> QuerySet[Units]:
    """Every row ever recorded of the holding with this public id, with what it names. Raises NotFound."""
    if not Holding.objects.filter(public_id=holding).exists():
        raise NotFound
    found = Units.objects.filter(holding__public_id=holding)
    return found.select_related("holding", "event", "round", "security", "recorded_by", "reverses")


def moved(of: Fund, public_id: str) -> Units:
    """One row of a fund, with its holding. Raises NotFound."""
    found = Units.objects.select_related("holding__fund", "holding__firm", "holding__sub_fund", "round")
    one = found.filter(public_id=public_id, holding__fund=of).first()
    if one is None:
        raise NotFound
    return one


def with_terms(entries: QuerySet[HoldingEvent]) -> QuerySet[HoldingEvent, Any]:
    """The entries with `has_terms`: whether a convertible is what they bought."""
    return entries.annotate(has_terms=Exists(Security.objects.filter(stands_now(), event=OuterRef("pk"))))


def stake(of: Security) -> Holding | None:
    """The fund's holding in the firm of a right, once anything was paid for it."""
    held = Holding.objects.filter(fund=of.fund, firm=of.firm, events__isnull=False)
    return held.select_related("firm", "sub_fund").first()


def banks() -> QuerySet[Organisation]:
    """With whose loans a right can come."""
    return Organisation.objects.filter(kind="bank").order_by("code")


def open_convertibles(holding: int) -> Decimal:
    """The principal of a holding's convertibles that were neither converted nor paid back, of all that is recorded."""
    rows = Security.objects.filter(stands_now(), event__holding=holding)
    over = Units.objects.filter(stands_now(), security=OuterRef("pk"))
    left = rows.exclude(pk__in=over.filter(security__in=rows).values("security"))
    return left.aggregate(sum=Sum("event__cost"))["sum"] or Decimal(0)


def exercised(one: Security) -> int:
    """Shares taken by a warrant so far, of all that is recorded."""
    used = Units.objects.filter(stands_now(), security=one)
    return used.aggregate(sum=Sum("shares"))["sum"] or 0
