"""Budgets of a month as stored, with their rule, thirteen months behind them, and a warning in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from finance_hub.kernel.periods import Month
from finance_hub.kernel.text import Text
from tasks import queries, wording
from tasks.models import Figure, Snapshot, ToleranceRule
from tasks.queries import FigureSet

MONTHS = 13
_CODES = (
    "limit", "used", "used_share", "realised", "impaired", "left", "committed", "typical", "losses_left",
)  # fmt: skip
STATUSES = ("within", "warning", "exceeded", "unknown")
_COUNTED = {
    1: Text("一", "One"), 2: Text("两", "Two"), 3: Text("三", "Three"), 4: Text("四", "Four"), 5: Text("五", "Five"),
    6: Text("六", "Six"), 7: Text("七", "Seven"), 8: Text("八", "Eight"), 9: Text("九", "Nine"), 10: Text("十", "Ten"),
}  # fmt: skip
#: More write-offs than these are no early warning: how many still fit is then told as a number alone.
_NEAR = 10


class Moment(NamedTuple):
    """A budget at the end of a month of the past; None where it had none, or it was not known."""

    month: Month
    used: Decimal | None
    limit: Decimal | None
    used_share: Decimal | None


class BudgetOfMonth(NamedTuple):
    """One rule on one key, in yuan. `losses_left` write-offs of the size `typical`, the median of `write_offs`, still fit."""

    code: str
    label: Text
    rule: ToleranceRule
    limit: Decimal | None
    used: Decimal | None
    used_share: Decimal | None
    realised: Decimal | None
    impaired: Decimal | None
    left: Decimal | None
    committed: Decimal | None
    typical: Decimal | None
    write_offs: int
    losses_left: int | None
    history: tuple[Moment, ...]

    @property
    def status(self) -> str:
        """As the engine has it: exactly at the limit is not exceeded, unused is no warning."""
        if self.used is None or self.limit is None:
            return "unknown"
        if self.used > self.limit:
            return "exceeded"
        line = self.rule.warning_pct / 100 * self.limit
        return "warning" if self.used and self.used >= line else "within"

    @property
    def warning(self) -> Text:
        """What would bring the budget over its limit, with the size and how many write-offs that is the median of."""
        if self.left is None:
            return Text("{label}：基数未报送，无法判断", "{label}: its base is not reported").fill(
                label=self.label
            )
        if self.left < 0:
            return Text("{label}已超限{over}", "{label}: over its limit by {over}").fill(
                label=self.label, over=_money(-self.left)
            )
        if self.typical is None or self.losses_left is None:
            return Text(
                "{label}：尚无核销，给不出中位数规模，剩余{left}",
                "{label}: nothing was written off yet, so there is no median size; {left} is left",
            ).fill(label=self.label, left=_money(self.left))
        return _sentence(self.losses_left + 1).fill(
            label=self.label,
            size=_money(self.typical),
            count=self.write_offs,
            times=_times(self.losses_left + 1),
        )


class Tolerances(NamedTuple):
    """`lapsed` are rules that have ended, and that no other has followed."""

    snapshot: Snapshot
    budgets: tuple[BudgetOfMonth, ...]
    lapsed: tuple[ToleranceRule, ...]


def of_month(month: Month) -> Tolerances:
    """The budgets of a month's newest figures. Four statements. Raises NoFigures."""
    snapshot = queries.snapshot_of(month)
    months = [month - back for back in range(MONTHS - 1, -1, -1)]
    past = queries.history(months, codes=[f"tolerance.{code}" for code in _CODES], known_at=snapshot.known_at)
    figures = queries.figures_of(snapshot)
    limits = figures.all("tolerance.limit", "budget")
    ended = figures.get("tolerance.lapsed")
    named = [_rule_in(figure) for figure in limits]
    lapsed = [note.partition(":")[0] for note in (ended.notes if ended else [])]
    rules = {rule.public_id: rule for rule in queries.rules().filter(public_id__in=[*named, *lapsed])}
    budgets = tuple(
        _budget(figures, limit, rules[rule], months, past) for limit, rule in zip(limits, named, strict=True)
    )
    return Tolerances(snapshot, budgets, tuple(rules[rule] for rule in lapsed))


def _budget(
    figures: FigureSet, limit: Figure, rule: ToleranceRule, months: list[Month], past: dict[Month, FigureSet]
) -> BudgetOfMonth:
    def value(code: str, of: FigureSet | None = figures) -> Decimal | None:
        return of.value(f"tolerance.{code}", "budget", limit.key) if of else None

    typical, fits = figures.get("tolerance.typical", "budget", limit.key), value("losses_left")
    notes = typical.notes if typical else []
    return BudgetOfMonth(
        code=limit.key,
        label=Text(limit.label, limit.label_en),
        rule=rule,
        limit=limit.value,
        used=value("used"),
        used_share=value("used_share"),
        realised=value("realised"),
        impaired=value("impaired"),
        left=value("left"),
        committed=value("committed"),
        typical=value("typical"),
        write_offs=int(notes[0].partition(": ")[2]) if notes else 0,
        losses_left=None if fits is None else int(fits),
        history=tuple(
            Moment(month, *(value(code, past.get(month)) for code in ("used", "limit", "used_share")))
            for month in months
        ),
    )


def _rule_in(figure: Figure) -> str:
    """The rule that the notes of a limit name."""
    note: str = figure.notes[0]
    return note.partition(": ")[2]


def _sentence(count: int) -> Text:
    if count > _NEAR:
        return Text(
            "{label}：还可承受{times}笔中位数规模（{size}，n＝{count}）的核销后才会超限",
            "{label}: {times} write-offs of the median size ({size}, n = {count}) would bring it over",
        )
    more = "{times} more write-off" if count == 1 else "{times} more write-offs"
    return Text(
        "再有{times}笔中位数规模（{size}，n＝{count}）的核销，{label}即超限",
        more + " of the median size ({size}, n = {count}) and {label} is over",
    )


def _times(count: int) -> Text:
    return _COUNTED.get(count) or Text(str(count), str(count))


def _money(value: Decimal) -> Text:
    """The same amount as both languages say it."""
    said = {}
    for language in ("zh-hans", "en"):
        number, unit = wording.headline(value, language=language)
        said[language] = f"{number}{unit}" if language != "en" else unit.replace("CNY", f"CNY {number}")
    return Text(said["zh-hans"], said["en"])


def lapsed_on(day: date) -> list[ToleranceRule]:
    """Rules that had ended by a day without a successor: nothing is to be published on them."""
    begun = queries.rules().filter(approved_at__isnull=False, valid_from__lte=day)
    latest = begun.order_by("scope", "fund_id", "key", "-valid_from").distinct("scope", "fund_id", "key")
    return [rule for rule in latest if rule.valid_to is not None and rule.valid_to <= day]
