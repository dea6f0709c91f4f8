"""Every limit in one shape: tolerances of losses, concentration, leverage of guarantors and pools, fuses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from finance_hub.kernel.text import Text
from tasks import wording
from tasks.briefing.content.desk import Desk
from tasks.briefing.layout import Words
from tasks.briefing.origin import Form, Printed, Ref, Rule
from tasks.catalogue import Unit
from tasks.exposure.dimensions import DIMENSIONS
from tasks.models import ConcentrationLimit, Figure, ToleranceRule

#: Where a rule names no warning line it is watched from here on.
WATCHED_SHARE = Decimal("0.8")
NORMAL, WATCH, ALERT, UNKNOWN = "normal", "watch", "alert", "unknown"
STATUSES = {
    NORMAL: Text("正常", "normal"),
    WATCH: Text("关注", "watch"),
    ALERT: Text("预警", "alert"),
    UNKNOWN: Text("未知", "unknown"),
}
_MEASURES = ("share", "index", "amount")


@dataclass(frozen=True, slots=True)
class Tolerated:
    """A rule and how it stands: `used` is a share of its limit, `of` the figure that says so, `code` its name."""

    code: str
    name: str
    owner: Text
    status: str
    used: Decimal | None
    of: Ref
    months: tuple[Ref, ...]


def tolerances(desk: Desk) -> list[Figure]:
    """The used share of every rule on every key of its scope but single projects; of old snapshots those of the funds."""
    found = desk.now.all("tolerance.used_share", "budget")
    if not found:
        return desk.now.all("tolerance.used_share", "fund")
    return [figure for figure in found if not _is_project(figure)]


def projects(desk: Desk) -> list[Figure]:
    """The same of the single projects that have lost anything, or that a rule names."""
    return [figure for figure in desk.now.all("tolerance.used_share", "budget") if _is_project(figure)]


def _is_project(figure: Figure) -> bool:
    return figure.key.partition(":")[0].partition("@")[0] == "project"


def rule_of(desk: Desk, figure: Figure) -> ToleranceRule | None:
    """The rule of a tolerance, which a note of its limit names."""
    limit = desk.now.get("tolerance.limit", figure.scope, figure.key)
    named = (note.removeprefix("rule: ") for note in (limit.notes if limit else ()))
    return next((desk.held.rules[one] for one in named if one in desk.held.rules), None)


def warned_at(rule: ToleranceRule | None) -> Decimal:
    return WATCHED_SHARE if rule is None else rule.warning_pct / 100


def status_of(share: Decimal | None, *, warning: Decimal) -> str:
    if share is None:
        return UNKNOWN
    if share > 1:
        return ALERT
    return WATCH if share >= warning else NORMAL


def tolerance(desk: Desk, figure: Figure) -> Tolerated:
    rule = rule_of(desk, figure)
    warning = warned_at(rule)
    status = status_of(figure.value, warning=warning)
    owner = rule.owner if rule is not None else ""
    return Tolerated(
        figure.key, desk.label(figure), desk.unit_named(owner), status, figure.value,
        desk.ref_of(figure), _in_a_row(desk, figure, status, warning),
    )  # fmt: skip


def _in_a_row(desk: Desk, figure: Figure, status: str, warning: Decimal) -> tuple[Ref, ...]:
    """The months up to this one in which it stood as it stands now."""
    found: list[Ref] = []
    for ago, share in enumerate(reversed(desk.past(figure.code, figure.scope, figure.key))):
        if status_of(share, warning=warning) != status or status == UNKNOWN:
            break
        found.append(desk.ref(figure.code, figure.scope, figure.key, ago=ago))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Concentrated:
    """A limit on concentration with its figures: `limit` is what is held and what is left, together."""

    rule: ConcentrationLimit
    value: Figure
    left: Figure
    status: str

    @property
    def limit(self) -> Decimal | None:
        if self.value.value is None or self.left.value is None:
            return None
        return self.value.value + self.left.value


def concentrated(desk: Desk) -> Iterator[Concentrated]:
    for measure in _MEASURES:
        for value in desk.now.all(f"concentration.{measure}_value", "limit"):
            left = desk.now.get(f"concentration.{measure}_headroom", "limit", value.key)
            rule = desk.held.limits.get(value.key)
            if left is not None and rule is not None:
                yield Concentrated(rule, value, left, _standing(rule, value, left))


def _standing(rule: ConcentrationLimit, value: Figure, left: Figure) -> str:
    if value.value is None or left.value is None:
        return UNKNOWN
    if left.value < 0:
        return ALERT
    warning = rule.warning / 100 if rule.measure in ("top_share", "fund_share") else rule.warning
    return WATCH if value.value > warning else NORMAL


def limit_cell(desk: Desk, one: Concentrated) -> Printed:
    """The limit itself: what is held against it and what it leaves."""
    unit, limit = _unit(one), one.limit
    text = wording.DASH if limit is None else _said(desk, limit, unit)
    of = (desk.ref_of(one.value), desk.ref_of(one.left))
    return Printed(text, of=of, rule=Rule.SUM, value=limit, unit=unit)


def limit_headline(desk: Desk, one: Concentrated) -> Printed:
    """The same as in running text, money with its unit."""
    cell = limit_cell(desk, one)
    if cell.unit != Unit.YUAN or cell.value is None:
        return cell
    text = desk.money(cell.value)
    return Printed(text, of=cell.of, rule=cell.rule, value=cell.value, unit=cell.unit, form=Form.HEADLINE)


def _unit(one: Concentrated) -> Unit:
    return {"hhi": Unit.INDEX, "amount": Unit.YUAN}.get(one.rule.measure, Unit.RATIO)


def _said(desk: Desk, value: Decimal, unit: Unit) -> str:
    return wording.value_in(unit, value, language=desk.language)


def passing(desk: Desk) -> tuple[list[Ref], list[Ref]]:
    """Figures of the rules that hold, and of all: those whose standing is unknown do not count as holding.

    Single projects are one, that with most used.
    """
    found = [(held.of, held.status) for held in (tolerance(desk, figure) for figure in tolerances(desk))]
    found += [(desk.ref_of(one.value), one.status) for one in concentrated(desk)]
    single = sorted(projects(desk), key=lambda figure: figure.value or Decimal(0))
    found += [(desk.ref_of(worst), tolerance(desk, worst).status) for worst in single[-1:]]
    holding = [ref for ref, status in found if status in (NORMAL, WATCH)]
    return holding, [ref for ref, _status in found]


_ENGLISH = {1: "one", 2: "two", 3: "three", 5: "five", 10: "ten", 20: "twenty"}
_TOPS = {1: "最大", 2: "前两大", 3: "前三大", 5: "前五大", 10: "前十大", 20: "前二十大"}


def measured(desk: Desk, rule: ConcentrationLimit) -> str:
    """What a limit on concentration is held against: 企业前十大占比, the share of the ten largest firms."""
    by = desk.text(DIMENSIONS[rule.dimension])
    lower, n = by[:1].lower() + by[1:], rule.top_n or 1
    if rule.measure == "top_share":
        return desk.say(
            f"{by}{_TOPS.get(n, f'前{n}大')}占比", f"Share of the {_ENGLISH.get(n, n)} largest by {lower}"
        )
    if rule.measure == "fund_share":
        return desk.say(f"单一{by}占基金净资产", f"Largest {lower} in a fund's net assets")
    if rule.measure == "hhi":
        return desk.say(f"{by}集中度 HHI ", f"Concentration (HHI) by {lower}")
    if rule.dimension == "group":  # a firm without one counts for itself
        return desk.say("单一企业或关联集团最大敞口", "Largest exposure to one firm or control group")
    return desk.say(f"单一{by}最大敞口", f"Largest exposure to one {lower}")


def say_status(desk: Desk, status: str) -> Words:
    return desk.text(STATUSES[status])
