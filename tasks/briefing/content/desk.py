"""The writer's desk: this month's figures, those before, and how they are said.

What it prints remembers its figures (`tasks.briefing.origin`). Every number is rounded on its own, so that it equals
its figure; a table whose shown parts do not add up to its shown total says so (`tables.rounded`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from finance_hub.kernel.periods import Month
from finance_hub.kernel.text import Text
from tasks import wording
from tasks.briefing.content.held import NOTHING_ELSE, Held
from tasks.briefing.layout import Language
from tasks.briefing.origin import SET, Form, Printed, Ref, Rule, Sentence, Term, sentence
from tasks.catalogue import BY_CODE, Unit
from tasks.models import Figure, Target
from tasks.queries import FigureSet

CHART_MONTHS = 13
#: How figures rise and fall, by their unit; all others grow.
_MOVED = {Unit.RATIO: ("上升", "下降"), Unit.COUNT: ("增加", "减少")}
_GROWN = ("增长", "下降")
#: In what money of targets is told, 亿元 or CNY million, in yuan.
OWN_MONEY: dict[Language, Decimal] = {"zh-hans": Decimal(100_000_000), "en": Decimal(1_000_000)}


@dataclass(frozen=True)
class Desk:
    language: Language
    month: Month
    now: FigureSet
    history: Mapping[Month, FigureSet]
    targets: tuple[Target, ...]
    held: Held = NOTHING_ELSE

    def say(self, zh: str, en: str) -> str:
        return Text(zh, en).say(self.language)

    def text(self, said: Text) -> str:
        return said.say(self.language)

    def write(self, zh: str, en: str, **numbers: str) -> Sentence:
        """The sentence with its `{numbers}`, which remember their figures."""
        return sentence(self.say(zh, en), numbers)

    def name(self, code: str) -> Term:
        """The figure's name in the catalogue."""
        return Term(BY_CODE[code][0].name.say(self.language), code=code)

    def label(self, figure: Figure) -> str:
        return wording.label(figure, language=self.language)

    def fund_of(self, figure: Figure) -> str:
        """The name of the fund whose code the figure's key begins with."""
        code = figure.key.partition("|")[0]
        fund = self.now.get("fund.planned", "fund", code)
        return self.label(fund) if fund else code

    def unit_named(self, name: str) -> Text:
        """A responsible unit, as far as its name in English is known; one of the city may be written with 市."""
        if not name:
            return Text("未载明", "not stated")
        return Text(name, self.held.units.get(name) or self.held.units.get(name.removeprefix("市"), name))

    def set_for(self, target: Target) -> Printed:
        """The number that the plan sets, in the target's unit; of money in `OWN_MONEY`."""
        of = (Ref(str(self.month), SET, "target", target.code),)
        text = self.own(target.value, target.unit)
        return Printed(text, of=of, value=target.value, unit=Unit.INDEX, form=Form.OWN)

    def own(self, value: Decimal, unit: str) -> str:
        """A target's value in its own unit, which stands beside it: money in 亿元 or CNY million."""
        if unit.startswith("CNY"):
            return wording.number(value / OWN_MONEY[self.language], places=2)
        return f"{value.normalize():,f}"

    def listed(self, names: Iterable[str]) -> str:
        return self.say("、", ", ").join(names)

    def ref(self, code: str, scope: str = "", key: str = "", *, ago: int = 0) -> Ref:
        return Ref(str(self.month - ago), code, scope, key)

    def ref_of(self, figure: Figure) -> Ref:
        """Of a figure of this month."""
        return self.ref(figure.code, figure.scope, figure.key)

    def cell(self, code: str, scope: str = "", key: str = "", *, ago: int = 0) -> Printed:
        """A figure in the unit of tables; a missing one is a dash with its reason."""
        figures = self.figures(ago)
        figure = figures.get(code, scope, key) if figures else None
        text = wording.shown(figure, language=self.language)
        return self._printed(text, figure, self.ref(code, scope, key, ago=ago))

    def shown(self, figure: Figure, *, places: int | None = None) -> Printed:
        """A figure of this month as in tables; a ratio with `places` if they are given."""
        text = wording.shown(figure, language=self.language)
        if places is not None and figure.value is not None:
            text = wording.percent(figure.value, places=places)
        return self._printed(text, figure, self.ref_of(figure), places=places)

    def headline(self, figure: Figure) -> Printed:
        """A figure with its unit, as in running text: 3.21亿元, CNY 321.00 million, 12.50%, 42."""
        if figure.value is None or wording.unit_of(figure) is not Unit.YUAN:
            return self.shown(figure)
        return self._printed(self.money(figure.value), figure, self.ref_of(figure), form=Form.HEADLINE)

    def said(self, code: str, scope: str = "", key: str = "") -> Printed | None:
        """As `headline`; None where this month has no value."""
        figure = self.now.get(code, scope, key)
        return None if figure is None or figure.value is None else self.headline(figure)

    def amount(self, code: str, scope: str = "", key: str = "") -> Printed:
        """As `headline`; a missing one is a dash with its reason."""
        return self.said(code, scope, key) or self.cell(code, scope, key)

    def value(self, code: str, scope: str = "", key: str = "") -> Decimal | None:
        return self.now.value(code, scope, key)

    def before(self, months: int, code: str, scope: str = "", key: str = "") -> Decimal | None:
        """The value so many months earlier, None where there is none."""
        earlier = self.history.get(self.month - months)
        return earlier.value(code, scope, key) if earlier else None

    def changed(self, months: int, code: str, scope: str = "", key: str = "") -> Printed:
        """The change on so many months earlier, a dash where either is missing."""
        now, before = self.value(code, scope, key), self.before(months, code, scope, key)
        unit = BY_CODE[code][0].unit
        of = (self.ref(code, scope, key), self.ref(code, scope, key, ago=months))
        text, value = wording.change(now, before, unit=unit), wording.changed(now, before, unit=unit)
        return Printed(text, of=of, rule=Rule.CHANGE, value=value, unit=unit)

    def moved(self, months: int, code: str, scope: str = "", key: str = "") -> Sentence:
        """The change in words: 增长3.4%, 下降0.06个百分点, 持平; that there is nothing to compare with where there is not."""
        change = self.changed(months, code, scope, key)
        if change.value is None:
            return (self.say("无可比数", "not comparable"),)
        text = change.removeprefix("+").removeprefix(wording.MINUS)
        if not text.strip("0.%"):
            return (self.say("持平", "unchanged"),)
        size = Printed(text, of=change.of, rule=Rule.CHANGE_SIZE, value=abs(change.value), unit=change.unit)
        up, down = _MOVED.get(Unit(change.unit), _GROWN)
        points = self.say("个百分点", " pp") if change.unit == Unit.RATIO else ""
        return (
            self.say(up if change.value > 0 else down, "up " if change.value > 0 else "down "),
            size,
            points,
        )

    def this_year(self, code: str) -> Printed:
        """The sum of the year's months up to this one; a dash where one of them is missing."""
        months = list(Month(self.month.year, 1).until(self.month + 1))
        ago = range(len(months) - 1, -1, -1)
        values = [self.before(n, code) if n else self.value(code) for n in ago]
        known = [value for value in values if value is not None]
        whole = sum(known, Decimal(0)) if len(known) == len(values) else None
        unit = BY_CODE[code][0].unit
        text = (
            self.say("—（各月不全）", "— (months missing)")
            if whole is None
            else wording.value_in(unit, whole, language=self.language)
        )
        of = tuple(self.ref(code, ago=n) for n in ago)
        return Printed(text, of=of, rule=Rule.SUM, value=whole, unit=unit)

    def summed(self, figures: Sequence[Figure]) -> Printed:
        """All of this month's figures together; a dash where one is missing."""
        known = [figure.value for figure in figures if figure.value is not None]
        unit = wording.unit_of(figures[0]) if figures else Unit.COUNT
        whole = sum(known, Decimal(0)) if figures and len(known) == len(figures) else None
        text = wording.DASH if whole is None else wording.value_in(unit, whole, language=self.language)
        return Printed(text, of=tuple(map(self.ref_of, figures)), rule=Rule.SUM, value=whole, unit=unit)

    def difference(self, *figures: Figure | None, form: Form = Form.TABLE) -> Printed:
        """Money: the first of this month's figures less the others; a dash if one is missing."""
        known = [figure.value for figure in figures if figure is not None and figure.value is not None]
        value = known[0] - sum(known[1:], Decimal(0)) if len(known) == len(figures) else None
        text = wording.DASH if value is None else self._amount(value, form)
        of = tuple(self.ref_of(figure) for figure in figures if figure is not None)
        return Printed(text, of=of, rule=Rule.DIFFERENCE, form=form, value=value, unit=Unit.YUAN)

    def derived(self, value: Decimal, *of: Ref, rule: Rule = Rule.VALUE) -> Printed:
        """Money that the rule makes of figures, of whichever month."""
        text = wording.in_table(value, language=self.language)
        return Printed(text, of=of, rule=rule, value=value, unit=Unit.YUAN)

    def printed(self, text: str, figure: Figure, *, form: Form = Form.TABLE) -> Printed:
        """A text that prints a figure of this month."""
        return self._printed(text, figure, self.ref_of(figure), form=form)

    def share(self, part: Figure | None, whole: Figure | None, *, places: int = 2) -> Printed:
        """The first of the second in per cent; a dash if either is missing or the whole is 0."""
        of = tuple(self.ref_of(figure) for figure in (part, whole) if figure is not None)
        value = None
        if part is not None and whole is not None and part.value is not None and whole.value:
            value = part.value / whole.value
        text = wording.DASH if value is None else wording.percent(value, places=places)
        return Printed(text, of=of, rule=Rule.SHARE, value=value, unit=Unit.RATIO, places=places)

    def part(self, one: Figure, all_of_them: Sequence[Figure]) -> Printed:
        """The first of the sum of all of them, of which it is one, in per cent; a dash where there is none."""
        whole = sum((figure.value or Decimal(0) for figure in all_of_them), Decimal(0))
        value = one.value / whole if one.value is not None and whole else None
        text = wording.DASH if value is None else wording.percent(value)
        of = (self.ref_of(one), *map(self.ref_of, all_of_them))
        return Printed(text, of=of, rule=Rule.PART, value=value, unit=Unit.RATIO)

    def count(self, figures: Sequence[Figure]) -> Printed:
        """How many figures there are."""
        return self.counted([self.ref_of(figure) for figure in figures])

    def counted(self, of: Sequence[Ref]) -> Printed:
        """How many figures there are, of whichever months."""
        return Printed(str(len(of)), of=of, rule=Rule.COUNT, value=Decimal(len(of)), unit=Unit.COUNT)

    def money(self, value: Decimal) -> str:
        """An amount in running text, with its unit: 3.21亿元, CNY 321.00 million."""
        number, unit = wording.headline(value, language=self.language)
        return self.say(f"{number}{unit}", unit.replace("CNY", f"CNY {number}"))

    @property
    def unit(self) -> str:
        """The money unit of tables."""
        return wording.TABLE_UNIT.say(self.language)

    @property
    def as_of(self) -> str:
        last = self.month.last
        return self.say(f"{last.year}年{last.month}月{last.day}日", last.isoformat())

    @property
    def months(self) -> list[Month]:
        """The thirteen months up to this one."""
        return list((self.month - (CHART_MONTHS - 1)).until(self.month + 1))

    @property
    def month_labels(self) -> tuple[str, ...]:
        return tuple(
            self.say(f"{m.year % 100}/{m.number}", f"{m.number}/{m.year % 100:02d}") for m in self.months
        )

    def series(self, code: str, scope: str = "", key: str = "") -> tuple[float | None, ...]:
        """Thirteen months of money in the unit of tables; None where not known."""
        return tuple(self.plotted(value) for value in self.past(code, scope, key))

    def past(self, code: str, scope: str = "", key: str = "") -> list[Decimal | None]:
        """The values of the thirteen months; None where not known."""
        ago = range(CHART_MONTHS - 1, -1, -1)
        return [self.before(n, code, scope, key) if n else self.value(code, scope, key) for n in ago]

    def plotted(self, value: Decimal | None) -> float | None:
        """Money on the scale of the tables' unit."""
        if value is None:
            return None
        return float(value / (1_000_000 if self.language == "en" else 10_000))

    def figures(self, ago: int) -> FigureSet | None:
        return self.history.get(self.month - ago) if ago else self.now

    def _amount(self, value: Decimal, form: Form) -> str:
        return self.money(value) if form is Form.HEADLINE else wording.in_table(value, language=self.language)

    def _printed(
        self, text: str, figure: Figure | None, of: Ref, *, form: Form = Form.TABLE, places: int | None = None
    ) -> Printed:
        value = figure.value if figure is not None else None
        unit = BY_CODE[of.code][0].unit
        return Printed(text, of=(of,), value=value, unit=unit, form=form, places=places)
