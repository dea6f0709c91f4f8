"""`/figures/restatement`: two snapshots of a month side by side, and what was recorded between them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance_hub.kernel import months
from finance_hub.kernel.access import may
from finance_hub.kernel.models import Person
from finance_hub.kernel.periods import Month, UnableToReadMonth
from finance_hub.kernel.problems import NotFound
from finance_hub.web import words
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.figures import Change, Effects, Lines, NoSnapshots, Restatement
from finance_hub.web.contexts.overview import Choice
from finance_hub.web.presenters.figures import lines as of_lines
from tasks import queries, wording
from tasks import restatement as compared
from tasks.catalogue import Unit, entry_of
from tasks.models import Snapshot
from tasks.records.recorded import count, recorded

#: Of one month so many are offered, the newest; an address may name any other.
CHOICES = 100


@dataclass(frozen=True)
class Pair:
    """What the address asks: a month and two snapshots, by default the one shown of the month and its newest."""

    month: Month
    old: Snapshot
    new: Snapshot

    @classmethod
    def read(cls, params: QueryDict) -> Pair | None:
        """None while nothing has been computed. Raises NotFound for snapshots that are not there."""
        asked = {name: params.get(name, "").replace("\0", "") for name in ("from", "to", "month")}
        if asked["from"] and asked["to"]:
            old, new = queries.snapshot(asked["from"]), queries.snapshot(asked["to"])
            wanted = _month(asked["month"])
            if wanted is None or wanted == Month.of(new.month):
                return cls(Month.of(new.month), old, new)
        known = queries.months_with_figures()
        month = _month(asked["month"]) or (known[0] if known else None)
        shown = queries.latest_snapshot(month) if month else None
        if month is None or shown is None:
            return None
        taken = queries.snapshots(month=month).order_by("-known_at", "-pk")
        newest = taken.first() or shown
        before = taken.filter(known_at__lt=newest.known_at).first() if shown == newest else shown
        return cls(month, before or shown, newest)

    def url(self, name: str = "web:restatement", **more: str) -> str:
        asked = {"from": self.old.public_id, "to": self.new.public_id, **more}
        return f"{reverse(name)}?{urlencode(asked)}"


def _month(text: str) -> Month | None:
    try:
        return Month.parse(text)
    except UnableToReadMonth:
        return None


def restatement(params: QueryDict, *, reader: Person) -> Restatement | NoSnapshots:
    """Raises NotFound."""
    pair = Pair.read(params)
    if pair is None:
        return NoSnapshots(_months(None))
    mark = of_lines.place(params)
    is_figures = mark is not None and len(mark) == 3
    changes = compared.changes(
        pair.old, pair.new, after=mark if is_figures else None, limit=of_lines.PAGE + 1
    )
    number = compared.count(pair.old, pair.new)
    said = ngettext("%(count)s figure differs", "%(count)s figures differ", number)
    shown = changes[: of_lines.PAGE]
    closed = months.is_closed(pair.month)
    return Restatement(
        month=words.month(pair.month),
        months=_months(pair.month),
        from_choices=_choices(pair.month, pair.old),
        to_choices=_choices(pair.month, pair.new),
        basis=_basis(pair),
        is_closed=closed,
        changes=tuple(change(one, pair) for one in shown),
        found=said % {"count": words.count(number)},
        first_url=pair.url() if is_figures else None,
        next_url=pair.url(after=of_lines.after(shown[-1].place)) if len(changes) > of_lines.PAGE else None,
        records=_recorded(pair, None if is_figures else mark),
        file_url=pair.url("web:restatement_file"),
        restate=str(pair.month) if closed and may(reader.role, "figure.restate") else None,
    )


def effects(params: QueryDict) -> Effects:
    """The records that changed one figure. Raises NotFound."""
    pair = Pair.read(params)
    code, scope, key = (params.get(name, "").replace("\0", "") for name in ("code", "scope", "key"))
    source = compared.source_of(code, scope)
    if pair is None:
        raise NotFound
    place = (code, scope, key)
    mark = of_lines.place(params)
    found = compared.effects(pair.old, pair.new, place, after=mark, limit=of_lines.PAGE + 1)
    totals = compared.effect_totals(pair.old, pair.new, place)
    here = {"code": code, "scope": scope, "key": key}
    shown, first, more = of_lines.cut(
        found,
        begun=mark is not None,
        url=lambda at: pair.url("web:restatement_records", **here, **({"after": at} if at else {})),
    )
    changed = compared.change_of(pair.old, pair.new, place)
    agrees = None
    if source.is_sum and changed and changed.difference is not None:
        agrees = (
            Status(_("The effects add up to the difference, to the cent"), "ok")
            if totals.amount == changed.difference
            else Status(_("The effects do not add up to the difference"), "alert")
        )
    return Effects(
        name=words.say(entry_of(code, scope).name),
        label=_label(changed) if changed else key or _("Whole city"),
        basis=_basis(pair),
        figure=change(changed, pair) if changed else None,
        agrees=agrees,
        note=words.say(source.why),
        lines=of_lines.lines(shown, totals, source=source, code=code, first=first, more=more),
        back_url=pair.url(),
    )


def change(one: compared.Change, pair: Pair) -> Change:
    entry = entry_of(one.code, one.scope)
    unit = entry.unit
    missing = {why: f"{words.DASH}（{words.reason(why)}）" for why in (one.old_reason, one.new_reason) if why}
    return Change(
        name=words.say(entry.name),
        label=_label(one),
        old=missing[one.old_reason] if one.old is None else exactly(one.old, unit),
        new=missing[one.new_reason] if one.new is None else exactly(one.new, unit),
        difference=words.DASH if one.difference is None else _apart(one.difference, unit),
        kind=_kind(one),
        url=pair.url("web:restatement_records", code=one.code, scope=one.scope, key=one.key),
    )


def _apart(value: Decimal, unit: Unit) -> str:
    """Two ratios are percentage points apart."""
    if unit is Unit.RATIO:
        return _("%(points)s percentage points") % {"points": _number(value * 100, least=2, most=6)}
    return exactly(value, unit)


def exactly(value: Decimal, unit: Unit) -> str:
    """With the places that a small change needs: yuan to the fen, ratios as they are kept."""
    if unit is Unit.YUAN:
        return words.yuan(value)
    if unit is Unit.RATIO:
        return f"{_number(value * 100, least=2, most=6)}%"
    return _number(value, least=0, most=8)


def _number(value: Decimal, *, least: int, most: int) -> str:
    """With as many places as it has."""
    exponent = value.normalize().as_tuple().exponent
    return wording.number(value, places=min(most, max(least, -int(exponent))))


def _kind(one: compared.Change) -> Status:
    if one.kind == "value" and one.difference is not None:
        return Status(_("Went up") if one.difference > 0 else _("Went down"), "watch")
    return {
        "appeared": Status(_("Now has a value"), "ok"),
        "vanished": Status(_("Has no value any more"), "alert"),
        "reason": Status(_("Another reason"), "none"),
    }[one.kind]


def _label(one: compared.Change) -> str:
    return (one.label_en if words.language() == "en" else one.label) or one.key or _("Whole city")


def _recorded(pair: Pair, mark: list[object] | None) -> Lines:
    period = compared.between(pair.old, pair.new)
    found = recorded(period, after=mark, limit=of_lines.PAGE + 1)
    shown, first, more = of_lines.cut(
        found,
        begun=mark is not None,
        url=lambda at: f"{pair.url(**({'after': at} if at else {}))}#records",
    )
    return of_lines.lines(shown, count(period), source=None, first=first, more=more)


def _basis(pair: Pair) -> str:
    said = _("From what was known at %(old)s to what was known at %(new)s")
    return said % {"old": words.moment(pair.old.known_at), "new": words.moment(pair.new.known_at)}


def _months(chosen: Month | None) -> tuple[Choice, ...]:
    return tuple(Choice(str(m), words.month(m), m == chosen) for m in queries.months_with_figures())


def _choices(month: Month, chosen: Snapshot) -> tuple[Choice, ...]:
    taken = list(queries.snapshots(month=month).order_by("-known_at", "-pk")[:CHOICES])
    if chosen not in taken:
        taken.append(chosen)
    shown = queries.latest_snapshot(month)
    at_close = _("as closed") if months.is_closed(month) else _("as shown")
    return tuple(
        Choice(
            one.public_id,
            f"{words.moment(one.known_at)}{f' · {at_close}' if one == shown else ''}",
            one == chosen,
        )
        for one in taken
    )
