"""Every firm's exposure of a month, the city's totals, and the largest firms and groups."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import nsmallest
from typing import NamedTuple

from finance_hub.kernel.text import Text
from tasks.catalogue.entry import Point
from tasks.catalogue.funds import nav
from tasks.exposure import lgd
from tasks.exposure.assembly import Exposure, Exposures, Facts, Terms
from tasks.exposure.bearing import Caps
from tasks.exposure.lines import LINES, Amounts, Code
from tasks.exposure.parts import ADDING
from tasks.exposure.paths import Basis
from tasks.exposure.through import looked_through
from tasks.frames import Frames, firm_names, group_names, once

TOP = 20


class City(NamedTuple):
    """The exposures of all firms by their ids, and of groups by theirs; and the rows that they rest on."""

    facts: Facts
    firms: Exposures
    groups: Exposures


@once
def city(frames: Frames) -> City:
    """By shares of what was paid in. Of a group caps and pools are used by its firms together, so that its exposure
    may be less than the sum of theirs."""
    facts, terms = facts_of(frames, basis="paid_in"), terms_of(frames)
    of_group = {row.firm_id: row.group_id for row in frames.registry if row.group_id is not None}
    return City(
        facts,
        Exposures(facts, terms, unit=lambda firm: firm),
        Exposures(facts.of(of_group), terms, unit=of_group.__getitem__),
    )


def facts_of(frames: Frames, *, basis: Basis) -> Facts:
    """The rows of the exposures of all firms."""
    subs = {fund.id for fund in frames.funds if fund.tier == "sub"}
    looked = looked_through(
        frames.holdings, frames.stakes, subs=subs, assets=nav(frames), basis=basis, last=frames.month.last
    )
    return Facts(
        direct=[row for row in frames.holdings if row.fund_id not in subs],
        paths=looked.paths,
        incomplete=looked.incomplete,
        balances=frames.balances,
        covers=frames.covers,
        pledged=frames.pledged,
        subsidies={row.firm_id: row.payable for row in frames.firm_subsidies},
    )


def terms_of(frames: Frames) -> Terms:
    caps = Caps(
        {row.terms_id: row for row in frames.rooms}, {row.pool_id: row.balance for row in frames.pools}
    )
    has_insurers = any(reporter.kind == "insurer" for reporter in frames.reporters)
    return Terms(caps, lgd.lgds(frames.lgds), has_insurers)


class Sums(NamedTuple):
    """What a line comes to over all firms."""

    public: Amounts
    finance: Amounts


Pick = Callable[[Sums], Amounts]


@once
def sums(frames: Frames) -> dict[Code, Sums]:
    """Of every line, in their order: what all firms have in it."""
    firms = city(frames).firms
    return {code: Sums(firms.public[code].total, firms.finance[code].total) for code in Code}


def _amount(fen: int | None, *, key: str = "", label: Text = Text("", "")) -> Point:  # noqa: B008
    if fen is None:
        return Point.missing("no-assumptions", key=key, label=label)
    return Point.of_fen(fen, key=key, label=label)


def _city(pick: Pick, part: Callable[[Amounts], int | None]) -> Callable[[Frames], Iterable[Point]]:
    def points(frames: Frames) -> Iterable[Point]:
        adding = [pick(line) for code, line in sums(frames).items() if code is not Code.SUBSIDIES]
        return [_amount(part(Amounts.sum(adding)))]

    return points


public_city = _city(lambda line: line.public, lambda amounts: amounts.cost)
public_fair_city = _city(lambda line: line.public, lambda amounts: amounts.fair_value)
public_loss_city = _city(lambda line: line.public, lambda amounts: amounts.loss)
finance_city = _city(lambda line: line.finance, lambda amounts: amounts.cost)


def _lines(pick: Pick) -> Callable[[Frames], Iterable[Point]]:
    def points(frames: Frames) -> Iterable[Point]:
        whole, reasons = sums(frames), {}
        if not terms_of(frames).has_insurers:
            reasons[Code.INSURANCE] = "not-recorded"
        for code, words in LINES.items():
            if code in reasons:
                yield Point.missing(reasons[code], key=code.value, label=words.name)
            else:
                yield Point.of_fen(pick(whole[code]).cost, key=code.value, label=words.name)

    return points


public_lines, finance_lines = _lines(lambda line: line.public), _lines(lambda line: line.finance)


def _largest(exposures: Exposures) -> list[tuple[int, Exposure]]:
    """By public exposure, ties by id; none without any."""
    some = [(-cost, pk) for pk, cost in exposures.costs(exposures.public).items() if cost > 0]
    return [(pk, exposures.of(pk)) for _, pk in nsmallest(TOP, some)]


@once
def largest_firms(frames: Frames) -> list[tuple[int, Exposure]]:
    return _largest(city(frames).firms)


@once
def largest_groups(frames: Frames) -> list[tuple[int, Exposure]]:
    return _largest(city(frames).groups)


def _firms(pick: Callable[[Exposure], int]) -> Callable[[Frames], Iterable[Point]]:
    def points(frames: Frames) -> Iterable[Point]:
        top = largest_firms(frames)
        names = firm_names([firm for firm, _ in top])
        for firm, one in top:
            code, name = names[firm]
            yield Point.of_fen(pick(one), key=code, label=Text(name, name))

    return points


def firm_lines(frames: Frames) -> Iterable[Point]:
    """The lines that add to the public exposure, of each of the largest firms; a long name is cut to fit the label."""
    top = largest_firms(frames)
    names = firm_names([firm for firm, _ in top])
    for firm, one in top:
        uscc, name = names[firm][0], names[firm][1][:160]
        for code in ADDING:
            line, said = one.line(code), LINES[code].name
            key, label = f"{uscc}|{code}", Text(f"{name} · {said.zh}", f"{name} · {said.en}")
            if line.reason:
                yield Point.missing(line.reason, key=key, label=label)
            else:
                yield Point.of_fen(line.public.cost, key=key, label=label)


def _groups(pick: Callable[[Exposure], int]) -> Callable[[Frames], Iterable[Point]]:
    def points(frames: Frames) -> Iterable[Point]:
        top = largest_groups(frames)
        names = group_names([group for group, _ in top])
        for group, one in top:
            yield Point.of_fen(pick(one), key=str(group), label=Text(names[group], names[group]))

    return points


firm_public, group_public = _firms(lambda one: one.public.cost), _groups(lambda one: one.public.cost)
firm_finance, group_finance = _firms(lambda one: one.finance.cost), _groups(lambda one: one.finance.cost)
