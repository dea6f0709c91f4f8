"""What the header of a deal obeys, when it is opened and whenever it is edited."""

from __future__ import annotations

from finance_hub.kernel.problems import refuse
from funds.models.deals import DealSource

REFERRED = frozenset({DealSource.REFERRAL.value, DealSource.BANK.value})


def require_referrer(source: str, *, referred_by: str) -> None:
    """Raises InvalidFields (`referrer-required`) where a referral does not say whose it is."""
    if source in REFERRED and not referred_by.strip():
        raise refuse(
            "#/referred_by",
            "referrer-required",
            "须写明推荐人或推荐银行",
            "Say who or which bank referred it",
        )
