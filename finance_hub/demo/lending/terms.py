"""What each specialty product is like: who gets it, how much, for how long, at which price."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from finance_hub.demo.chance import Chance

#: One-year LPR in per cent from a day on.
LPR = ((date(2024, 10, 21), Decimal("3.10")), (date(2025, 5, 20), Decimal("3.00")))


class Terms(NamedTuple):
    """`ticket` in 万元; `months` are the usual lives; `methods` and `spread` (basis points over LPR)."""

    ticket: tuple[int, int]
    months: tuple[int, ...]
    methods: dict[str, float]
    spread: tuple[int, int]


BULLET, EQUAL_PRINCIPAL, EQUAL_INSTALMENT = "bullet", "equal-principal", "equal-instalment"
PRODUCTS = {
    "investment_linked": Terms((200, 1_500), (12, 24), {BULLET: 5, EQUAL_PRINCIPAL: 5}, (20, 90)),
    "rd": Terms((100, 800), (12, 24, 36), {BULLET: 4, EQUAL_PRINCIPAL: 5, EQUAL_INSTALMENT: 1}, (0, 70)),
    "incubation": Terms((30, 200), (12, 12, 24), {BULLET: 7, EQUAL_INSTALMENT: 3}, (40, 130)),
    "ip_pledge": Terms((100, 600), (12, 12, 24), {BULLET: 7, EQUAL_PRINCIPAL: 3}, (10, 85)),
}
#: How likely a firm of a stage takes each product.
WANTED = {
    "seed": {"incubation": 8, "investment_linked": 1, "rd": 1},
    "startup": {"incubation": 5, "rd": 3, "investment_linked": 2, "ip_pledge": 1},
    "growth": {"rd": 4, "ip_pledge": 4, "investment_linked": 2},
    "expansion": {"ip_pledge": 4, "rd": 4, "investment_linked": 2},
    "mature": {"ip_pledge": 4, "rd": 5},
}


class Price(NamedTuple):
    rate: Decimal
    spread: int


def price(product: str, day: date, *, dice: Chance) -> Price:
    """The yearly rate in per cent and its spread over the LPR last published before the day."""
    lpr = [rate for since, rate in LPR if since < day][-1]
    spread = dice.randrange(*PRODUCTS[product].spread, 5)
    return Price(lpr + Decimal(spread) / 100, spread)
