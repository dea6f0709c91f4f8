"""How likely each firm is to fail: from the worst that is known of it, and what it shares with all others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from loans.formats import TIERS
from tasks.frames import Frames
from tasks.risk.parameters import PRE_LISTING, UNCLASSIFIED, UNSTAGED, Parameters
from tasks.risk.shocks import Shock

#: Stages of a listing from which a firm is on its way; what comes before is a list of hopes.
UNDER_WAY = frozenset({
    "tutoring_filed", "tutoring_accepted", "applied", "accepted", "inquiry", "committee", "registration_submitted",
    "registered", "suspended",
})  # fmt: skip


class Standing(NamedTuple):
    """What is known of a firm: the worst class of its debts ("" without any), and the stage of its equity."""

    tier: str
    stage: str
    industry: str
    group_id: int | None

    @property
    def is_pre_listing(self) -> bool:
        return self.stage == PRE_LISTING


def standings(frames: Frames, *, indebted: Iterable[int], claimed: Iterable[int]) -> dict[int, Standing]:
    """Of every registered firm. `indebted` have a loan or a guarantee, `claimed` owe what was compensated for them."""
    worst = _worst(frames)
    indebted, claimed = set(indebted), set(claimed)
    listing = {row.firm_id for row in frames.pipeline if row.stage in UNDER_WAY}
    found = {}
    for firm in frames.registry:
        tier = worst.get(firm.firm_id, UNCLASSIFIED if firm.firm_id in indebted else "")
        tier = "loss" if firm.firm_id in claimed else tier
        stage = PRE_LISTING if firm.firm_id in listing else firm.stage or UNSTAGED
        found[firm.firm_id] = Standing(tier, stage, firm.industry, firm.group_id)
    return found


def pd_of(firm: Standing, *, has_equity: bool, by: Parameters, shock: Shock) -> float:
    """The larger of the probabilities of its worst class, where it has debts, and of its stage, where it has equity."""
    pds = [by.pd_of_class(firm.tier)] if firm.tier else []
    pds += [by.pd_of_stage(firm.stage)] if has_equity or not pds else []
    return shock.pd_of(max(pds), industry=firm.industry, is_pre_listing=firm.is_pre_listing)


def largest_group(exposures: Mapping[int, float], firms: Mapping[int, Standing]) -> frozenset[int]:
    """The firms under the controller with the largest exposure; where nobody controls two, the largest firm alone."""
    groups: dict[int | str, list[int]] = {}
    for firm in exposures:
        group = firms[firm].group_id
        groups.setdefault(f"firm {firm}" if group is None else group, []).append(firm)
    if not groups:
        return frozenset()
    return frozenset(max(groups.values(), key=lambda members: sum(exposures[firm] for firm in members)))


def _worst(frames: Frames) -> dict[int, str]:
    rank = {tier: at for at, tier in enumerate(TIERS)}
    worst: dict[int, str] = {}
    for row in frames.tiers:
        known = worst.get(row.firm_id)
        if known is None or rank[row.five_tier] > rank[known]:
            worst[row.firm_id] = row.five_tier
    return worst
