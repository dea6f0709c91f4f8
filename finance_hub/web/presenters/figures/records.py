"""`/figures/records`: a stored figure with every record behind it."""

from __future__ import annotations

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import NotFound
from finance_hub.kernel.text import Text
from finance_hub.web import words
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.figures import Records
from finance_hub.web.presenters.figures import lines as of_lines
from tasks import queries, restatement, wording
from tasks.catalogue import entry_of
from tasks.gaps import Gaps, gaps_of
from tasks.models import Figure, Snapshot
from tasks.records import Source
from tasks.records.reading import Totals, lines, totals


def address(figure: Figure, snapshot: Snapshot) -> str:
    """Where the records of a figure are shown."""
    asked = {"snapshot": snapshot.public_id, "code": figure.code, "scope": figure.scope, "key": figure.key}
    return f"{reverse('web:figure_records')}?{urlencode({k: v for k, v in asked.items() if v})}"


def asked(params: QueryDict) -> tuple[Snapshot, Figure]:
    """The figure that the address names. Raises NotFound."""
    code, scope, key = (params.get(name, "").replace("\0", "") for name in ("code", "scope", "key"))
    snapshot = queries.snapshot(params.get("snapshot", "").replace("\0", ""))
    figure = restatement.figure_in(snapshot, (code, scope, key))
    if figure is None:
        raise NotFound
    return snapshot, figure


def records(params: QueryDict) -> Records:
    """Raises NotFound."""
    snapshot, figure = asked(params)
    source, reading = restatement.source_of(figure.code, figure.scope), restatement.reading_of(snapshot)
    mark = of_lines.place(params)
    found = lines(source, reading, key=figure.key, after=mark, limit=of_lines.PAGE + 1)
    summed = totals(source, reading, key=figure.key)
    here = address(figure, snapshot)
    shown, first, more = of_lines.cut(
        found, begun=mark is not None, url=lambda at: f"{here}&after={at}" if at else here
    )
    entry = entry_of(figure.code, figure.scope)
    month = Month.of(snapshot.month)
    return Records(
        name=words.say(entry.name),
        label=label(figure),
        value=value(figure),
        definition=words.say(entry.definition),
        basis=basis(snapshot),
        agrees=_agrees(figure, source, summed),
        note=words.say(source.why),
        lacks=lacks(gaps_of(snapshot), figure),
        lines=of_lines.lines(shown, summed, source=source, code=figure.code, first=first, more=more),
        is_money=not of_lines.is_counted(figure.code),
        file_url=f"{reverse('web:figure_records_file')}?{here.split('?', 1)[1]}",
        back_url=f"{reverse('web:overview')}?{urlencode({'month': str(month)})}",
    )


def label(figure: Figure) -> str:
    return wording.label(figure, language=words.language()) or figure.key or _("Whole city")


def value(figure: Figure) -> str:
    """With its unit; a missing one as a dash with the reason."""
    said = wording.shown(figure, language=words.language())
    unit = entry_of(figure.code, figure.scope).unit.value
    return f"{said} {words.table_unit()}" if unit == "yuan" and figure.value is not None else said


def basis(snapshot: Snapshot) -> str:
    said = _("As of %(day)s, as known at %(moment)s · snapshot %(snapshot)s")
    return said % {
        "day": words.day(Month.of(snapshot.month).last),
        "moment": words.moment(snapshot.known_at),
        "snapshot": snapshot.public_id,
    }


def lacks(gaps: Gaps, figure: Figure) -> tuple[str, ...]:
    """What the figure lacks, each as a sentence: who must still deliver what, and what contradicts itself."""
    place = (figure.code, figure.scope, figure.key)
    missing = [
        _("%(who)s has not reported: %(what)s")
        % {"who": words.say(Text(lack.name, lack.name_en)), "what": words.dataset(lack.dataset)}
        for lack in gaps.of(*place)
    ]
    errors = gaps.errors(*place)
    if errors:
        said = ngettext(
            "%(count)s contradiction in its data was open",
            "%(count)s contradictions in its data were open",
            errors,
        )
        missing.append(said % {"count": words.count(errors)})
    return tuple(missing)


def _agrees(figure: Figure, source: Source, summed: Totals) -> Status | None:
    """Whether the sum of the records is the stored figure; None where it is no plain sum."""
    if not source.is_sum or figure.value is None:
        return None
    if summed.amount == figure.value:
        return Status(_("The records add up to the figure, to the cent"), "ok")
    return Status(_("The records do not add up to the figure"), "alert")
