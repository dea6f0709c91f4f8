"""An attempt's own page: the road, who works on it, what is due, and how the firm stands by the standards."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from finance_hub.kernel.access import may
from finance_hub.kernel.models import Person
from finance_hub.web import words
from finance_hub.web.contexts import listings as contexts
from finance_hub.web.contexts.batches import Fact
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.deals import Step
from finance_hub.web.contexts.grids import Cell, Grid, Heading, Line
from finance_hub.web.contexts.reports import Link
from finance_hub.web.presenters.listings import forecast, matrix, told, wording
from listings import queries
from listings.stages import FINAL, ROAD, TAKEN_BACK, left
from listings.time_limits import WORKING_DAYS, State, Watch
from tasks import readiness
from tasks import wording as of_figures

STATES = {State.RUNNING: "info", State.OVERDUE: "alert", State.STOPPED: "watch", State.UNKNOWN: "none"}


def listing(public_id: str, *, reader: Person, today: date, now: datetime) -> contexts.Listing:
    """As many queries for a long attempt as for a short one. Raises NotFound."""
    found: Any = queries.attempt(public_id)
    may_record = may(reader.role, "listing.record")
    stands = readiness.of_attempt(found, as_of=today + timedelta(days=1), known_at=now)
    return contexts.Listing(
        title=found.firm.name,
        back=Link(_("Listings"), reverse("web:listings")),
        firm=Link(found.firm.name, reverse("web:firm", args=[found.firm.uscc]), found.firm.uscc),
        line=_("%(board)s, attempt %(number)s")
        % {"board": wording.board(found.board), "number": found.sequence},
        standing=wording.standing(found.current),
        age=wording.age(found, today=today),
        quiet=wording.quiet(found, today=today),
        actions=_actions(found) if may_record else (),
        facts=_facts(found, stands),
        road=_road(found, may_record=may_record),
        note="" if found.current else words.say(TAKEN_BACK) + words.say(words.STOP),
        limits=_limits(queries.watched(found, on=today)),
        parties=told.parties(found, may_record=may_record and bool(found.current), today=today),
        filings=told.filings(found, may_record=may_record and bool(found.current)),
        readiness=matrix.grid(stands),
        years=told.years(found, may_record=may_record),
        statements=told.statements(found, may_record=may_record),
        history=told.history(found),
        download_url=reverse("web:listing_readiness", args=[public_id]),
    )


def record_url(of: Any, form: str) -> str:
    return reverse("web:listing_record", args=[of.public_id, form])


def _actions(found: Any) -> tuple[Link, ...]:
    """What the attempt still takes; the figures are its firm's."""
    figures = (
        Link(_("Record a financial year"), record_url(found, "year")),
        Link(_("State a fact"), record_url(found, "statement")),
    )
    if found.current is None:
        return figures
    more = (
        Link(_("Record a party"), record_url(found, "party")),
        Link(_("Record a paper"), record_url(found, "filing")),
        *figures,
    )
    return more if found.current in FINAL else (Link(_("Enter a stage"), record_url(found, "stage")), *more)


def _facts(found: Any, stands: readiness.Standing) -> tuple[Fact, ...]:
    (board,) = stands.boards or (None,)
    nothing = _("no standards are recorded for this board")
    return (
        *(_under_way(found) if found.current else ()),
        Fact(_("Financial standards"), wording.verdict(board.financial.value).text if board else nothing),
        Fact(
            _("All conditions of the board"), wording.verdict(board.whole.value).text if board else words.DASH
        ),
        Fact(_("Nearest standard"), board.nearest.row["code"] if board and board.nearest else words.DASH),
        Fact(_("Judged by the rules of"), words.day(stands.judged_on)),
    )


def _under_way(found: Any) -> tuple[Fact, ...]:
    chance = forecast.chance_of(found.firm.uscc)
    value = chance.value if chance else None
    likely = _("not computed yet") if value is None else of_figures.percent(value, places=1)
    return (
        Fact(_("In this stage since"), words.day(found.since)),
        Fact(_("Probability of listing in time"), likely),
    )


def _road(found: Any, *, may_record: bool) -> tuple[Step, ...]:
    """The stages that count, dated with their evidence; the stages left out between them, and those ahead."""
    entered: list[Any] = found.stages_in_order
    names = [event.stage for event in entered]
    steps: list[Step] = []
    for at, event in enumerate(entered):
        before = [ROAD.index(stage) for stage in names[:at] if stage in ROAD]
        if event.stage in ROAD and before:
            steps += [
                Step(wording.stage(stage), "skipped", "", _("left out"), (), ())
                for stage in ROAD[max(before) + 1 : ROAD.index(event.stage)]
            ]
        steps.append(_step(found, event, is_last=at == len(entered) - 1, may_record=may_record))
    if names and found.current not in FINAL:
        ahead = ROAD[ROAD.index(left(names)) + 1 :]
        steps += [Step(wording.stage(stage), "ahead", "", _("ahead"), (), ()) for stage in ahead]
    return tuple(steps)


def _step(found: Any, event: Any, *, is_last: bool, may_record: bool) -> Step:
    args = [found.public_id, event.public_id]
    correct = Link(
        _("Correct"), reverse("web:listing_stage", args=[*args, "correct"]), wording.stage(event.stage)
    )
    back = Link(
        pgettext("listing", "Take back"),
        reverse("web:listing_stage", args=[*args, "take-back"]),
        wording.stage(event.stage),
    )
    notes = (
        event.evidence,
        event.reason,
        _("corrected on %(moment)s") % {"moment": words.moment(event.recorded_at)}
        if event.corrects_id
        else "",
    )
    return Step(
        title=wording.stage(event.stage),
        state="current" if is_last else "done",
        day=words.day(event.effective_date),
        said="",
        notes=tuple(note for note in notes if note),
        links=((correct, back) if is_last else (correct,)) if may_record else (),
    )


def _limits(found: queries.Watched) -> Grid:
    return Grid(
        key="limits",
        title=_("Time limits"),
        headings=(
            Heading(pgettext("listing", "Limit")),
            Heading(_("Began")),
            Heading(pgettext("listing", "Due")),
            Heading(_("State")),
        ),
        lines=tuple(_limit(watch, on=found.on) for watch in found.limits),
        empty=_("No time limit runs in this stage."),
        notes=(words.say(WORKING_DAYS) + words.say(words.STOP),) if found.in_working_days else (),
    )


def _limit(watch: Watch, *, on: date) -> Line:
    note = words.say(watch.limit.note) if watch.limit.note else ""
    return Line((
        Cell(words.say(watch.limit.text), note=note),
        Cell(words.day(watch.began_on) if watch.began_on else _missing(watch), is_tight=bool(watch.began_on)),
        Cell(words.day(watch.due_on) if watch.due_on else words.DASH, note=_left(watch, on=on), is_tight=True),
        Cell("", statuses=(_state(watch),), is_tight=True),
    ))  # fmt: skip


def _missing(watch: Watch) -> str:
    if watch.limit.begins == "period-end":
        return _("no audited figures are recorded")
    return _("it is not recorded when it began")


def _left(watch: Watch, *, on: date) -> str:
    if watch.due_on is None:
        return ""
    days = (watch.due_on - on).days
    if days < 0:
        return _("overdue by %(days)s days") % {"days": words.count(-days)}
    return _("due today") if days == 0 else _("in %(days)s days") % {"days": words.count(days)}


def _state(watch: Watch) -> Status:
    said = {
        State.RUNNING: _("running"), State.OVERDUE: _("overdue"), State.STOPPED: _("stopped"),
        State.UNKNOWN: pgettext("listing", "unknown"),
    }  # fmt: skip
    return Status(said[watch.state], STATES[watch.state])  # type: ignore[arg-type]
