"""What a scenario does to probabilities, losses and loadings; the base case does nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from tasks.models import StressScenario

#: A loading of 1 would leave a firm nothing of its own.
MOST_LOADING = 0.99


@dataclass(frozen=True)
class Shock:
    """Factors on what is assumed. `industry` is a section of GB/T 4754 that `pd` is meant for, "" for all.

    `all_pd`, `all_lgd` and `loading` move every firm: they are what the sensitivity of an answer is asked with.
    """

    pd: float = 1.0
    industry: str = ""
    listing_pd: float = 1.0
    listing_lgd: float = 1.0
    loading: float = 1.0
    all_pd: float = 1.0
    all_lgd: float = 1.0
    largest_group_fails: bool = False

    @classmethod
    def of(cls, scenario: StressScenario | None) -> Self:
        if scenario is None:
            return cls()
        return cls(
            pd=float(scenario.pd_factor),
            industry=scenario.industry,
            listing_pd=float(scenario.listing_pd_factor),
            listing_lgd=float(scenario.listing_lgd_factor),
            loading=float(scenario.loading_factor),
            largest_group_fails=scenario.failing == "largest_group",
        )

    def moved(self, what: str, by: float) -> Self:
        """The same with "pd", "lgd" or "loading" of all firms multiplied by `1 + by`."""
        name = "loading" if what == "loading" else f"all_{what}"
        return replace(self, **{name: getattr(self, name) * (1 + by)})

    def pd_of(self, pd: float, *, industry: str, is_pre_listing: bool) -> float:
        factor = self.all_pd
        if not self.industry or industry[:1] == self.industry:
            factor *= self.pd
        return min(1.0, pd * factor * (self.listing_pd if is_pre_listing else 1.0))

    def lgd_of(self, lgd: float, *, is_pre_listing: bool = False) -> float:
        return min(1.0, lgd * self.all_lgd * (self.listing_lgd if is_pre_listing else 1.0))

    def loading_of(self, loading: float) -> float:
        return min(MOST_LOADING, loading * self.loading)
