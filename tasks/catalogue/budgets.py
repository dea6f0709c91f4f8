"""How much of each tolerance is used: rules in force against the holdings of their scope."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from finance_hub.kernel.money import CENT, yuan
from finance_hub.kernel.text import Text
from funds.queries import FundRow, HoldingRow
from tasks.catalogue.entry import Point
from tasks.catalogue.funds import capital, label_of
from tasks.catalogue.tolerance_words import CATEGORIES, TIERS
from tasks.engine import tolerance
from tasks.engine.tolerance import Base, Budget, Facts, Project, Scope, Timing, losses_left
from tasks.engine.value import NOT_REPORTED, ratio
from tasks.frames import Frames, holding_names, once
from tasks.rules import LapsedRule, Rule

NO_WRITE_OFFS = "no-write-offs"


class Used(NamedTuple):
    """A rule on one key of its scope, with what is signed there and what a write-off typically costs.

    `code` is the same from month to month: scope, fund where the rule names one beside it, key.
    """

    code: str
    label: Text
    rule: Rule
    key: str
    budget: Budget
    committed: Decimal
    write_offs: tuple[Decimal, ...]

    @property
    def spent(self) -> Decimal | None:
        if self.budget.limit is None or self.budget.left is None:
            return None
        return self.budget.limit - self.budget.left

    @property
    def typical(self) -> Decimal | None:
        return median(self.write_offs).quantize(CENT) if self.write_offs else None


def rule_of(rule: Rule) -> tolerance.Rule:
    return tolerance.Rule(
        scope=Scope(rule.scope),
        base=Base(rule.base),
        netting=rule.netting,
        timing=Timing(rule.timing),
        limit=Decimal(rule.limit_pct) / 100,
        warning=Decimal(rule.warning_pct) / 100,
    )


def projects(frames: Frames, holdings: Iterable[HoldingRow] | None = None) -> list[Project]:
    """Every holding, or those given, as a rule sees it, in its order: what exits and write-offs lost or gained."""
    funds, stage = {f.id: f for f in frames.funds}, _stages(frames)
    return [
        _project(funds[h.fund_id], stage(h), h.remaining_cost_fen == 0, _amounts_of(h), str(h.holding_id))
        for h in (frames.holdings if holdings is None else holdings)
    ]


def _summed(frames: Frames) -> list[Project]:
    """The same as sums of a fund's holdings in one stage, wound up or not: no rule but one on single projects tells
    them apart, and a city has a thousand times more holdings."""
    funds, stage = {f.id: f for f in frames.funds}, _stages(frames)
    sums: dict[tuple[int, str, bool], list[int]] = {}
    for h in frames.holdings:
        own = sums.setdefault((h.fund_id, stage(h), h.remaining_cost_fen == 0), [0, 0, 0, 0])
        for at, amount in enumerate(_amounts_of(h)):
            own[at] += amount
    return [_project(funds[fund], where, done, amounts) for (fund, where, done), amounts in sums.items()]


def _stages(frames: Frames) -> Callable[[HoldingRow], str]:
    stages = {row.firm_id: row.stage or "unstaged" for row in frames.registry}
    return lambda h: "sub_fund" if h.firm_id is None else stages.get(h.firm_id, "unstaged")


def _amounts_of(holding: HoldingRow) -> tuple[int, int, int, int]:
    """Fen paid, lost, gained and impaired. One that was never valued is carried at cost, and so not impaired."""
    result = holding.proceeds_fen - holding.cost_exited_fen - holding.cost_written_off_fen
    impaired = holding.remaining_cost_fen - holding.worth_fen
    return holding.invested_fen, max(0, -result), max(0, result), max(0, impaired)


def _project(fund: FundRow, stage: str, done: bool, amounts: Sequence[int], name: str = "") -> Project:
    paid, loss, gain, impaired = map(yuan, amounts)
    return Project(
        project=name,
        fund=fund.code,
        category=stage,
        vintage=fund.established_on.year,
        principal_paid=paid,
        realised_loss=loss,
        realised_gain=gain,
        impaired=impaired,
        liquidated=done,
        tier=fund.tier,
    )


@once
def budgets(frames: Frames) -> list[Used]:
    """Every rule in force on every key of its scope, but where another rule of that scope names the key. Of single
    projects those that have lost anything, or are named."""
    if not frames.rules:
        return []
    names, funds = _Names(frames), {f.id: f for f in frames.funds}
    single = projects(frames) if any(rule.scope == "project" for rule in frames.rules) else []
    sums, gone = _summed(frames), [h for h in frames.holdings if h.cost_written_off_fen]
    amounts = [yuan(h.cost_written_off_fen) for h in gone]
    lost = list(zip(projects(frames, gone), amounts, strict=True))
    signed = _signed(frames)
    named = {(rule.scope, rule.fund_id, names.kept(rule)) for rule in frames.rules if rule.key}
    found = []
    for rule in frames.rules:
        fund = funds[rule.fund_id] if rule.fund_id else None
        own = [
            project
            for project in (single if rule.scope == "project" else sums)
            if fund is None or project.fund == fund.code
        ]
        for key, budget in _by_key(rule, own, frames, fund, names):
            if not rule.key and (rule.scope, rule.fund_id, key) in named:
                continue
            found.append(
                Used(
                    code=code_of(rule, fund, names.shown(rule.scope, key)),
                    label=names.label(rule.scope, key, fund),
                    rule=rule,
                    key=key,
                    budget=budget,
                    committed=signed(rule.scope, key, fund),
                    write_offs=tuple(
                        amount
                        for project, amount in lost
                        if str(getattr(project, rule.scope)) == key
                        and (fund is None or project.fund == fund.code)
                    ),
                )
            )
    return found


def code_of(rule: Rule | LapsedRule, fund: FundRow | None, key: str) -> str:
    beside = f"@{fund.code}" if fund is not None and rule.scope != "fund" else ""
    return f"{rule.scope}{beside}:{key}"


def _by_key(
    rule: Rule, own: list[Project], frames: Frames, fund: FundRow | None, names: _Names
) -> Iterator[tuple[str, Budget]]:
    sizes = _sizes(rule, frames)
    judged = tolerance.by_scope(rule_of(rule), own, sizes=dict(sizes))
    named = fund.code if rule.scope == "fund" and fund is not None else names.kept(rule)
    if named:
        empty = tolerance.used(rule_of(rule), Facts((), sizes.get(_typed(rule, named))))
        yield named, judged.get(_typed(rule, named), empty)
        return
    for key, budget in judged.items():
        if rule.scope != "project" or budget.realised or budget.impaired:
            yield str(key), budget


def _typed(rule: Rule, key: str) -> str | int:
    return int(key) if rule.scope == "vintage" else key


def _sizes(rule: Rule, frames: Frames) -> dict[str | int, Decimal]:
    """Subscribed 认缴 by fund, tier or year of founding."""
    subscribed = capital(frames, "commitment")
    found: dict[str | int, Decimal] = {}
    for fund in frames.funds:
        keys: dict[str, str | int] = {
            "fund": fund.code,
            "tier": fund.tier,
            "vintage": fund.established_on.year,
        }
        key = keys.get(rule.scope)
        if key is not None:
            found[key] = found.get(key, Decimal(0)) + yuan(subscribed.get(fund.id, 0))
    return found


def _signed(frames: Frames) -> Callable[[str, str, FundRow | None], Decimal]:
    """What is signed and not paid in a scope; of single projects what is signed with their firm."""
    funds, stages = {f.id: f for f in frames.funds}, {f.firm_id: f.stage for f in frames.registry}
    holdings = {(h.fund_id, h.firm_id): str(h.holding_id) for h in frames.holdings}
    keys = [
        (
            {
                "fund": funds[row.fund_id].code,
                "tier": funds[row.fund_id].tier,
                "vintage": str(funds[row.fund_id].established_on.year),
                "category": (stages.get(row.firm_id) if row.firm_id else None) or "unstaged",
                "project": holdings.get((row.fund_id, row.firm_id), ""),
            },
            row,
        )
        for row in frames.signed
    ]

    def amount(scope: str, key: str, fund: FundRow | None) -> Decimal:
        return yuan(
            sum(
                row.unpaid_fen
                for named, row in keys
                if named[scope] == key and (fund is None or row.fund_id == fund.id)
            )
        )

    return amount


class _Names:
    """Keys in words; holdings are looked up by their public ids, which rules and figures name them by."""

    def __init__(self, frames: Frames) -> None:
        self._funds = {f.code: label_of(f) for f in frames.funds}
        wanted = any(rule.scope == "project" for rule in frames.rules)
        held = holding_names([h.holding_id for h in frames.holdings]) if wanted else {}
        self._held = {str(pk): said for pk, said in held.items()}
        self._ids = {public_id: pk for pk, (public_id, _name) in self._held.items()}

    def kept(self, rule: Rule) -> str:
        """The key of the rule as projects carry it; of a holding without a deal so far its public id."""
        return self._ids.get(rule.key, rule.key) if rule.scope == "project" else rule.key

    def shown(self, scope: str, key: str) -> str:
        return self._held[key][0] if scope == "project" and key in self._held else key

    def label(self, scope: str, key: str, fund: FundRow | None) -> Text:
        if scope == "fund":
            return self._funds[key]
        if scope == "project":
            named = self._held[key][1] if key in self._held else key
            return Text(f"单个项目：{named}", f"Project: {named}")
        said = {**TIERS, **CATEGORIES}.get(key) or Text(f"{key}年设立的基金", f"Funds of {key}")
        return said if fund is None else Text(f"{fund.name} · {said.zh}", f"{fund.name_en} · {said.en}")


Pick = Callable[[Used], Decimal | None]


def _amounts(
    pick: Pick, *, reason: str = NOT_REPORTED, funds_alone: bool = False
) -> Callable[[Frames], Iterable[Point]]:
    """A figure of every budget by its code; of funds alone, by the code of the fund."""

    def points(frames: Frames) -> Iterable[Point]:
        for used in budgets(frames):
            if funds_alone and used.rule.scope != "fund":
                continue
            key, value = used.key if funds_alone else used.code, pick(used)
            notes = () if funds_alone else (f"rule: {used.rule.public_id}",)
            yield Point(value, "" if value is not None else reason, key, used.label, notes)

    return points


def _shares(*, funds_alone: bool) -> Callable[[Frames], Iterable[Point]]:
    def points(frames: Frames) -> Iterable[Point]:
        for used in budgets(frames):
            if funds_alone and used.rule.scope != "fund":
                continue
            key, spent, limit = used.key if funds_alone else used.code, used.spent, used.budget.limit
            if spent is None or limit is None:
                yield Point.missing(NOT_REPORTED, key=key, label=used.label)
            else:
                yield Point.of(ratio(float(spent), float(limit)), key=key, label=used.label)

    return points


limit = _amounts(lambda used: used.budget.limit, funds_alone=True)
used = _amounts(lambda used: used.spent, funds_alone=True)
used_share = _shares(funds_alone=True)
budget_limit = _amounts(lambda used: used.budget.limit)
budget_used = _amounts(lambda used: used.spent)
budget_used_share = _shares(funds_alone=False)
budget_realised = _amounts(lambda used: used.budget.realised)
budget_impaired = _amounts(lambda used: used.budget.impaired)
budget_left = _amounts(lambda used: used.budget.left)
budget_committed = _amounts(lambda used: used.committed)


def budget_typical(frames: Frames) -> Iterable[Point]:
    for used in budgets(frames):
        notes = (f"n: {len(used.write_offs)}",)
        missing = "" if used.write_offs else NO_WRITE_OFFS
        yield Point(used.typical, missing, used.code, used.label, notes)


def budget_losses_left(frames: Frames) -> Iterable[Point]:
    for used in budgets(frames):
        fits = None if used.typical is None else losses_left(used.budget, typical=used.typical)
        reason = "" if fits is not None else NO_WRITE_OFFS if used.typical is None else NOT_REPORTED
        yield Point(None if fits is None else Decimal(fits), reason, used.code, used.label)


def lapsed(frames: Frames) -> Iterable[Point]:
    """How many rules have ended without a successor; the notes name them with the day they ended."""
    notes = tuple(f"{rule.public_id}: {rule.ended_on}" for rule in frames.lapsed)
    return [Point(Decimal(len(frames.lapsed)), notes=notes)]
