"""The desk of one snapshot: every read of the briefing, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Max

from finance_hub.kernel import days
from finance_hub.kernel.periods import Month
from tasks import queries, restatement
from tasks.briefing.content.desk import CHART_MONTHS, Desk
from tasks.briefing.content.guarantees import FIGURES as GUARANTEES
from tasks.briefing.content.held import CENTRE, Held, Matter, Reason, Restated
from tasks.briefing.content.overview import GENERAL
from tasks.briefing.content.restated import TOLD
from tasks.briefing.layout import Language
from tasks.models import Briefing, ConcentrationLimit, LossResult, OpenQuestion, ResponsibleUnit, Snapshot

#: Figures that changes, sums of the year and charts read from earlier months.
HISTORIC = tuple(
    dict.fromkeys(
        (*(code for code, _adds in GENERAL), *GUARANTEES, "tolerance.used_share", "loans.npl_ratio")
    )
)


def desk_of(
    snapshot: Snapshot,
    *,
    language: Language,
    matters: Sequence[Matter] | None,
    carried: Sequence[Matter],
    reasons: Sequence[Reason],
) -> Desk:
    month = Month.of(snapshot.month)
    earlier = (month - (CHART_MONTHS - 1)).until(month)
    last = _last_issue(snapshot)
    return Desk(
        language=language,
        month=month,
        now=queries.figures_of(snapshot),
        history=queries.history(earlier, codes=HISTORIC, known_at=snapshot.known_at),
        targets=tuple(queries.targets()),
        held=Held(
            rules={
                rule.public_id: rule for rule in queries.rules().filter(approved_at__lte=snapshot.known_at)
            },
            limits={
                limit.public_id: limit
                for limit in ConcentrationLimit.objects.filter(approved_at__lte=snapshot.known_at)
            },
            loss=_loss(snapshot),
            restated=_restated(snapshot, last) if last is not None else (),
            last_issue=days.today(last.known_at) if last is not None else None,
            questions=_questions(snapshot),
            units={CENTRE.zh: CENTRE.en, **dict(ResponsibleUnit.objects.values_list("name", "name_en"))},
            matters=None if matters is None else tuple(matters),
            carried=tuple(carried),
            reasons=tuple(reasons),
        ),
    )


def _last_issue(snapshot: Snapshot) -> Snapshot | None:
    """The snapshot of the issue of the month before."""
    before = Month.of(snapshot.month) - 1
    issued = Briefing.objects.filter(month=before.first, state__in=["approved", "published"])
    found = issued.select_related("snapshot").order_by("-correction").first()
    return found.snapshot if found else None


def _restated(snapshot: Snapshot, last: Snapshot) -> tuple[Restated, ...]:
    """Of each earlier month that has been computed again since: what the last issue knew against what is known now."""
    if last.known_at >= snapshot.known_at:
        return ()
    again = Snapshot.objects.filter(
        month__lt=snapshot.month, known_at__gt=last.known_at, known_at__lte=snapshot.known_at
    )
    newest = list(again.order_by("month", "-known_at", "-pk").distinct("month"))
    earlier = Snapshot.objects.filter(month__in=[one.month for one in newest], known_at__lte=last.known_at)
    before = {one.month: one for one in earlier.order_by("month", "-known_at", "-pk").distinct("month")}
    found = []
    for new in newest:
        old = before.get(new.month)
        if old is not None and old.pk != new.pk:
            changes = [
                change
                for code in TOLD
                for change in restatement.changes(old, new, code=code, scope="", limit=1)
                if change.kind == "value"
            ]
            if changes:
                found.append(Restated(old, new, tuple(changes)))
    return tuple(found)


def _loss(snapshot: Snapshot) -> LossResult | None:
    """The base case of this very snapshot; where it is not computed yet, the newest known of this month or the last."""
    since = (Month.of(snapshot.month) - 1).first
    found = LossResult.objects.filter(
        scenario=None, snapshot__month__gte=since, snapshot__month__lte=snapshot.month,
        snapshot__known_at__lte=snapshot.known_at,
    ).select_related("snapshot")  # fmt: skip
    own = found.filter(snapshot=snapshot).order_by("-pk").first()
    return own or found.order_by("-snapshot__month", "-snapshot__known_at", "-snapshot_id", "-pk").first()


def _questions(snapshot: Snapshot) -> tuple[OpenQuestion, ...]:
    """Raised by then and without an answer by then."""
    asked = OpenQuestion.objects.filter(recorded_at__lte=snapshot.known_at).annotate(
        answered=Max("answers__recorded_at")
    )
    rows = asked.prefetch_related("targets").order_by("raised_on", "pk")
    return tuple(row for row in rows if row.answered is None or row.answered > snapshot.known_at)
