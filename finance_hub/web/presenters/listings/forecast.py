"""The stored forecast of listings: how many by when, how likely, and what it rests on; as a page and as a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance_hub.web import tables, words
from finance_hub.web.contexts import listings as contexts
from finance_hub.web.contexts.charts import Chart, Table
from finance_hub.web.contexts.grids import Grid
from finance_hub.web.presenters.listings import wording
from tasks import queries
from tasks import wording as of_figures
from tasks.catalogue import BY_CODE
from tasks.catalogue.listing_counts import DEADLINE, DEADLINE_PASSED, counts
from tasks.models import Figure, Target
from tasks.queries import FigureSet

#: How many firms the panel shows; the workbook has all.
SHOWN = 8
CODES = (
    "listing.expected",
    "listing.at_least_target",
    "listing.probability",
    "listing.chance",
    "readiness.financial",
    "readiness.whole",
)
#: A bar below this would not be seen.
LEAST = Decimal("0.0005")


def forecast() -> contexts.Forecast:
    """The newest one that is stored."""
    found = _stored()
    headline = found.get("listing.expected", "counting", counts().headline) if found else None
    if found is None or headline is None or headline.value is None:
        return contexts.Forecast(
            "", (), None, _none("ways"), _none("chances"), _none("readiness"), "", _empty(headline)
        )
    return contexts.Forecast(
        lead=_lead(found, headline),
        said=tuple(_said(headline)),
        chart=_chart(found, headline),
        ways=tables.grid(_ways(found)),
        chances=tables.grid(_chances(found, most=SHOWN)),
        readiness=tables.grid(_readiness(found)),
        download_url=reverse("web:listing_forecast"),
        empty="",
    )


def chance_of(uscc: str) -> Figure | None:
    """The stored chance of one firm."""
    found = _stored()
    return found.get("listing.chance", "firm", uscc) if found else None


def workbook(*, made: datetime) -> tuple[str, bytes] | None:
    """The name and the content of the file; None where nothing is stored."""
    found = _stored()
    if found is None or found.value("listing.expected", "counting", counts().headline) is None:
        return None
    number = [
        tables.Row((words.say(way.name), int(figure.key.split("|")[1]), figure.value))
        for way in counts().counts
        for figure in _numbers(found, way.code)
    ]
    title, probability = _("Forecast of listings"), tables.Column(_("Probability"), "ratio")
    by_number = tables.Table(
        "number",
        _("By number"),
        (tables.Column(_("Counted")), tables.Column(_("Number of listings"), "count"), probability),
        number,
        empty="",
    )
    written = [_ways(found), by_number, _chances(found), _readiness(found)]
    headline = found.get("listing.expected", "counting", counts().headline)
    facts = [(words.say(BY_CODE[code][0].name), words.say(BY_CODE[code][0].definition)) for code in CODES[:4]]
    facts += [(_("Note"), note) for note in (_said(headline) if headline else ())]
    facts += [(words.say(way.name), words.say(way.source)) for way in counts().counts]
    facts.append((_("As of"), words.day(queries.month_of(found.snapshot).last)))
    name = f"{title} {queries.month_of(found.snapshot)}.xlsx"
    return name, tables.book(written, title=title, facts=facts, created=made)


def _stored() -> FigureSet | None:
    months = queries.months_with_figures()
    snapshot = queries.latest_snapshot(months[0]) if months else None
    if snapshot is None:
        return None
    rows = Figure.objects.filter(snapshot=snapshot, code__in=CODES)
    return FigureSet(snapshot, {(f.code, f.scope, f.key): f for f in rows})


def _lead(found: FigureSet, headline: Figure) -> str:
    target = Target.objects.filter(metric=counts().metric).order_by("position").first()
    chance = found.value("listing.at_least_target", "counting", headline.key)
    said = _(
        "By %(day)s %(expected)s listings are expected; the probability of at least %(wanted)s is %(chance)s"
    ) % {
        "day": words.day(_day(headline, DEADLINE)),
        "expected": of_figures.number(headline.value or Decimal(0), places=2),
        "wanted": int(Decimal(target.value)) if target else words.DASH,
        "chance": words.DASH if chance is None else of_figures.percent(chance, places=1),
    }
    return said + words.say(words.STOP)


def _day(figure: Figure, name: str) -> date:
    return date.fromisoformat(_note(figure, name))


def _note(figure: Figure, name: str) -> str:
    return next((note.partition(": ")[2] for note in figure.notes if note.partition(": ")[0] == name), "")


def _said(headline: Figure) -> Iterator[str]:
    """What must be read with the figure."""
    passed = _note(headline, DEADLINE_PASSED)
    if passed:
        yield _(
            "The plan's deadline, %(day)s, has passed: the forecast goes to the end of the next year."
        ) % {"day": words.day(date.fromisoformat(passed))}
    thin = _note(headline, "thin-history")
    if thin:
        stages = [wording.stage(part.split(" ")[0]) for part in thin.split(", ")]
        yield _("Too few firms have left these stages, so that assumed figures weigh more: %(stages)s.") % {
            "stages": words.listed(stages)
        }
    beyond = _note(headline, "beyond-history")
    if beyond:
        yield ngettext(
            "%(count)s firm has stayed in its stage longer than any before it.",
            "%(count)s firms have stayed in their stages longer than any before them.",
            int(beyond),
        ) % {"count": beyond}
    yield _(
        "Firms are taken to be independent of one another: few and many listings are likelier than shown."
    )


def _numbers(found: FigureSet, way: str) -> list[Figure]:
    return [f for f in found.all("listing.probability", "listings") if f.key.startswith(f"{way}|")]


def _chart(found: FigureSet, headline: Figure) -> Chart:
    """From the fewest to the most listings that are likely enough to be seen."""
    every = _numbers(found, headline.key)
    likely = [at for at, figure in enumerate(every) if (figure.value or 0) >= LEAST]
    shown = every[likely[0] : likely[-1] + 1]
    names = [figure.key.split("|")[1] for figure in shown]
    values = [figure.value or Decimal(0) for figure in shown]
    cells = [of_figures.percent(value) for value in values]
    return Chart(
        key="listings",
        title=_("How many firms will be listed"),
        caption=_("Probability of each number of listings by %(day)s, listed since the plan's baseline. As of %(as_of)s.") % {
            "day": words.day(_day(headline, DEADLINE)), "as_of": words.day(queries.month_of(found.snapshot).last),
        },
        summary=_("The probability of each number of listings as bars."),
        spec={
            "direction": "vertical",
            "categories": names,
            "left": {"name": "%", "decimals": 0},
            "series": [
                {
                    "name": _("Probability"), "kind": "bar", "axis": "left", "tone": "step3",
                    "values": [float(value * 100) for value in values], "labels": cells,
                }
            ],
            "missing": words.reason("not-reported"),
        },
        table=Table((_("Number of listings"), _("Probability")), tuple(zip(names, cells, strict=True))),
        download=reverse("web:listing_forecast"),
    )  # fmt: skip


def _ways(found: FigureSet) -> tables.Table:
    """The plan does not say which boards count."""
    return tables.Table(
        key="forecast-ways",
        title=_("By which listings count"),
        columns=(
            tables.Column(_("Counted")), tables.Column(_("Expected"), "index"), tables.Column(_("Target reached"), "ratio"),
        ),
        rows=[
            tables.Row(
                (
                    words.say(way.name), _expected(found.value("listing.expected", "counting", way.code)),
                    found.value("listing.at_least_target", "counting", way.code),
                ),
                note=words.say(way.source),
            )
            for way in counts().counts
        ],
        empty="",
        meaning=(_("The plan names two boards beside the target and none in it; whoever answers for it must say."),),
    )  # fmt: skip


def _expected(value: Decimal | None) -> tables.Value:
    return None if value is None else tables.Measured(value, "index")


def _chances(found: FigureSet, *, most: int | None = None) -> tables.Table:
    every = found.all("listing.chance", "firm")
    left = len(every) - len(every[:most])
    more = ngettext("%(count)s more firm in the workbook.", "%(count)s more firms in the workbook.", left)
    return tables.Table(
        key="forecast-firms",
        title=_("Firms likeliest to list in time"),
        columns=(
            tables.Column(_("Firm")), tables.Column(_("Credit code"), "code"), tables.Column(_("Probability"), "ratio"),
        ),
        rows=[
            tables.Row(
                (of_figures.label(f, language=words.language()), f.key, f.value),
                url=reverse("web:firm", args=[f.key]),
            )
            for f in every[:most]
        ],
        empty=_("No firm is under way."),
        meaning=(more % {"count": words.count(left)},) if left else (),
    )  # fmt: skip


def _readiness(found: FigureSet) -> tables.Table:
    """Attempts under way, by board: how they stand by its financial standards, and by all that it asks."""
    boards = list(dict.fromkeys(f.key.split("|")[0] for f in found.all("readiness.financial", "readiness")))
    verdicts = ("meets", "fails", "unknown")
    parts = (_("Financial standards: %(verdict)s"), _("All conditions: %(verdict)s"))
    return tables.Table(
        key="forecast-readiness",
        title=_("Attempts under way by the listing standards"),
        columns=(
            tables.Column(_("Board")),
            *(
                tables.Column(part % {"verdict": wording.verdict(one).text}, "count")
                for part in parts
                for one in verdicts
            ),
        ),
        rows=[
            tables.Row((
                wording.board(board),
                *(
                    _count(found.value(code, "readiness", f"{board}|{one}"))
                    for code in ("readiness.financial", "readiness.whole")
                    for one in verdicts
                ),
            ))
            for board in boards
        ],
        empty=_("No firm is under way."),
        meaning=(_("A missing figure is unknown and never a failure."),),
    )  # fmt: skip


def _count(value: Decimal | None) -> int | None:
    return None if value is None else int(value)


def _none(key: str) -> Grid:
    return Grid(key=f"forecast-{key}", title="", headings=(), lines=())


def _empty(headline: Figure | None) -> str:
    if headline is not None:
        return _("The plan's target has no deadline, so that there is nothing to forecast it for.")
    return _("No figures have been computed yet: the forecast comes with the figures of the month.")
