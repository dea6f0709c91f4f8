"""How the exposure is spread: by firm, group, industry, town, bank, sub-fund, stage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import NamedTuple

from finance_hub.kernel.firm_words import SECTIONS
from finance_hub.kernel.firm_words import STAGES as GROWTH
from finance_hub.kernel.text import Text
from tasks.catalogue.entry import Point
from tasks.catalogue.exposure import City, city
from tasks.catalogue.sums import by_key
from tasks.engine.concentration import gini, hhi, top_shares
from tasks.engine.value import Value, ratio
from tasks.exposure.dimensions import DIMENSIONS, UNKNOWN, UNKNOWN_PART
from tasks.frames import Frames, firm_names, group_names, once

TOPS = (1, 5, 10, 20)
#: What is said of more parts than these would be a list of names.
MOST_PARTS = 100
Parts = dict[str, int]


@once
def spread(frames: Frames) -> dict[str, Parts]:
    """{dimension: {key: fen above zero}}; what the registry does not say is one part, the unknown."""
    found = city(frames)
    of = {row.firm_id: row for row in frames.registry}
    public = found.firms.costs(found.firms.public)
    parts: dict[str, Parts] = {
        "firm": {str(firm): amount for firm, amount in public.items()},
        "group": _groups(found, public, {firm: row.group_id for firm, row in of.items()}),
        "industry": cut(public, {firm: row.industry[:1] for firm, row in of.items()}),
        "town": cut(public, {firm: row.town for firm, row in of.items()}),
        "stage": cut(public, {firm: row.stage for firm, row in of.items()}),
        "bank": _banks(frames),
        "sub_fund": _sub_funds(frames),
    }
    return {name: {key: fen for key, fen in parts[name].items() if fen > 0} for name in DIMENSIONS}


def cut(amounts: Mapping[int, int], keys: Mapping[int, str]) -> Parts:
    sums: Counter[str] = Counter()
    for firm, amount in amounts.items():
        sums[keys.get(firm) or UNKNOWN] += amount
    return dict(sums)


def _groups(found: City, public: Mapping[int, int], of: Mapping[int, int | None]) -> Parts:
    """Firms under one controller are one part, every other firm is one of its own."""
    alone = {f"firm:{firm}": amount for firm, amount in public.items() if of.get(firm) is None}
    return {str(group): amount for group, amount in found.groups.costs(found.groups.public).items()} | alone


def _banks(frames: Frames) -> Parts:
    """The whole balances, the banks' own parts among them."""
    codes = {reporter.id: reporter.code for reporter in frames.reporters}
    sums = by_key(frames.balances, key=attrgetter("bank_id"), amount=attrgetter("balance"))
    return {codes[bank]: fen for bank, fen in sums.items()}


def _sub_funds(frames: Frames) -> Parts:
    """Look-through equity at cost by the sub-fund that a city fund owns a share of."""
    codes = {fund.id: fund.code for fund in frames.funds}
    sums: Counter[str] = Counter()
    for paths in city(frames).facts.paths.values():
        for path in paths:
            sums[codes[path.fund_id]] += path.cost
    return dict(sums)


class Named(NamedTuple):
    """A part as it is shown: its key in the figures and its name."""

    key: str
    label: Text


def _names(frames: Frames, dimension: str, keys: Iterable[str]) -> dict[str, Named]:
    wanted = list(keys)
    if dimension in ("firm", "group"):
        return _registered(wanted, groups=dimension == "group")
    if dimension == "industry":
        known = {key: SECTIONS[key] for key in wanted if key in SECTIONS}
    elif dimension == "stage":
        known = {key: GROWTH[key] for key in wanted if key in GROWTH}
    elif dimension == "bank":
        known = {row.code: Text(row.name, row.name_en) for row in frames.reporters}
    elif dimension == "sub_fund":
        known = {fund.code: Text(fund.name, fund.name_en) for fund in frames.funds}
    else:
        known = {}
    return {
        key: Named(key, UNKNOWN_PART if key == UNKNOWN else known.get(key, Text(key, key))) for key in wanted
    }


def _registered(keys: Iterable[str], *, groups: bool) -> dict[str, Named]:
    firms = {key: int(key.removeprefix("firm:")) for key in keys if not groups or key.startswith("firm:")}
    names = firm_names(sorted(firms.values()))
    found = {key: Named(names[pk][0], Text(names[pk][1], names[pk][1])) for key, pk in firms.items()}
    if groups:
        ids = {key: int(key) for key in keys if key not in firms}
        said = group_names(sorted(ids.values()))
        found |= {key: Named(f"group:{pk}", Text(said[pk], said[pk])) for key, pk in ids.items()}
    return found


def _ranked(parts: Parts) -> list[tuple[str, int]]:
    return sorted(parts.items(), key=lambda part: (-part[1], part[0]))


def parts_of(dimension: str) -> Callable[[Frames], Iterable[Point]]:
    """The largest parts, and what all others come to; together they are the whole."""

    def points(frames: Frames) -> Iterable[Point]:
        ranked = _ranked(spread(frames)[dimension])
        shown, rest = ranked[:MOST_PARTS], ranked[MOST_PARTS:]
        names = _names(frames, dimension, [key for key, _ in shown])
        for key, fen in shown:
            yield Point.of_fen(fen, key=names[key].key, label=names[key].label)
        if rest:
            label = Text(f"其余 {len(rest)} 项", f"{len(rest)} others")
            yield Point.of_fen(sum(fen for _, fen in rest), key="others", label=label)

    return points


(by_industry, by_town, by_stage, by_bank, by_sub_fund) = map(
    parts_of, ("industry", "town", "stage", "bank", "sub_fund")
)


def _by_dimension(reckon: Callable[[list[int]], Value]) -> Callable[[Frames], Iterable[Point]]:
    def points(frames: Frames) -> Iterable[Point]:
        for dimension, name in DIMENSIONS.items():
            yield Point.of(reckon(list(spread(frames)[dimension].values())), key=dimension, label=name)

    return points


def top(frames: Frames) -> Iterable[Point]:
    for dimension, name in DIMENSIONS.items():
        shares = top_shares(list(spread(frames)[dimension].values()), of=TOPS)
        for n, share in zip(TOPS, shares, strict=True):
            label = Text(f"{name.zh} · 前 {n}", f"{name.en} · top {n}")
            yield Point.of(share, key=f"{dimension}:{n}", label=label)


dimension_hhi, dimension_gini = _by_dimension(hhi), _by_dimension(gini)


def unknown_share(frames: Frames) -> Iterable[Point]:
    """What part of each dimension the registry does not say; firms, groups, banks and funds are always known."""
    for dimension in ("industry", "town", "stage"):
        parts = spread(frames)[dimension]
        share = ratio(float(parts.get(UNKNOWN, 0)), float(sum(parts.values())))
        yield Point.of(share, key=dimension, label=DIMENSIONS[dimension])
