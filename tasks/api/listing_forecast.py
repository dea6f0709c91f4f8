"""How many firms will be listed by a day, by the pipeline's own history."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import InvalidFields, NotFound, refuse
from finance_hub.kernel.text import Text
from finance_hub.rest.fields import Choice, Day, Record, Uscc, Whole, Words
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView
from funds.api import moments
from listings import stage_priors
from listings.models import Board, Stage
from tasks import readiness
from tasks.api.shapes import Number
from tasks.catalogue.entry import rounded

#: The forecast goes day by day.
MOST_DAYS = 3660


class Likely(Record):
    listings = Whole()
    probability = Number()


class Way(Record):
    """Listings on `boards`; `source` says why they may be the ones that count."""

    count = Words(max_length=20)
    name = Words(max_length=100)
    name_en = Words(max_length=100)
    boards = serializers.ListField(child=Choice(Board.values))
    source = Words(max_length=300)  # type: ignore[assignment]  # DRF has a source too
    source_en = Words(max_length=300)
    expected = Number()
    at_least_target = Number()
    distribution = Likely(many=True)


class BoardExpected(Record):
    board = Choice(Board.values)
    expected = Number()


class FirmChance(Record):
    uscc = Uscc()
    firm_name = Words(max_length=200)
    probability = Number()


class PriorShown(Record):
    """What is assumed of a stage, as if so many firms (`strength`) had been seen to do so."""

    stage = Choice(Stage.values)
    conversion = Number()
    least_days = Whole()
    mean_days = Number()
    strength = Number()
    source = Words(max_length=300)  # type: ignore[assignment]


class ForecastShown(Record):
    """`chances` are those of the first way to count; a firm that is listed already has 1.

    `notes` say which deadline it is, which stages have too thin a history, and how many firms have stayed
    longer than any that was watched.
    """

    as_of = Day()
    deadline = Day()
    target = Words(max_length=20)
    wanted = Whole()
    since = Day()
    counts = Way(many=True)
    by_board = BoardExpected(many=True)
    chances = FirmChance(many=True)
    notes = serializers.ListField(child=Words(max_length=300))
    priors = PriorShown(many=True)


class ListingForecast(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "listing.read",
            Text(
                "至某日新增上市家数的预测：期望、概率分布与达到目标的概率",
                "How many firms will be listed by a day: expected, by number, and the chance to reach the target",
            ),
            response=ForecastShown,
            query=(
                Query(
                    "deadline",
                    Text(
                        "截至该日（含），缺省为方案目标的截止日，已过则为次年末",
                        "Up to and with this day; the target's deadline if left out, or the end of the next year once "
                        "it has passed",
                    ),
                    example="2027-12-31",
                ),
                *moments.QUERY,
            ),
            answer={
                "as_of": "2026-10-31",
                "deadline": "2027-12-31",
                "target": "S3-8-04",
                "wanted": 4,
                "since": "2022-01-01",
                "counts": [
                    {
                        "count": "any",
                        "name": "任何板块",
                        "name_en": "Any board",
                        "boards": ["star", "chinext", "beijing", "main", "hong_kong"],
                        "source": "力争新增上市企业4家",
                        "source_en": "4 newly listed firms",
                        "expected": "3.0775",
                        "at_least_target": "0.2118",
                        "distribution": [{"listings": 3, "probability": "0.6521"}],
                    }
                ],
                "by_board": [{"board": "star", "expected": "1.4"}],
                "chances": [
                    {
                        "uscc": "91330483MA2B9PTN02",
                        "firm_name": "桐乡示例科技股份有限公司",
                        "probability": "0.814",
                    }
                ],
                "notes": ["deadline: 2027-12-31", "thin-history: registered 2"],
                "priors": [
                    {
                        "stage": "registered",
                        "conversion": "0.98",
                        "least_days": 5,
                        "mean_days": "45",
                        "strength": "5",
                        "source": "assumption",
                    }
                ],
            },
            problems=(InvalidFields,),
        )
    }

    def get(self, request: Request) -> Response:
        as_of, known_at = moments.Moment.of(request)
        found = readiness.outlook(as_of=as_of, known_at=known_at, until=_deadline(request, as_of))
        if found is None:
            raise NotFound
        return moments.tagged(self.show(_shown(found, as_of), request=request))


def _deadline(request: Request, as_of: date) -> date | None:
    text = request.query_params.get("deadline")
    if not text:
        return None
    day = moments.day_of(text, name="deadline")
    if (day - as_of).days > MOST_DAYS:
        raise refuse(
            "#/deadline",
            "deadline-too-far",
            "截止日距基准日不能超过十年",
            "The deadline lies more than ten years after the day of the forecast",
        )
    return day


def _shown(found: readiness.Outlook, as_of: date) -> dict[str, Any]:
    needed = readiness.wanted(found.target)
    chances = found.counted[0].distribution.chances
    return {
        "as_of": as_of - timedelta(days=1),
        "deadline": found.until,
        "target": found.target.code,
        "wanted": needed,
        "since": found.target.baseline_date,
        "counts": [_way(one, needed) for one in found.counted],
        "by_board": [{"board": board, "expected": rounded(n)} for board, n in found.by_board.items()],
        "chances": [
            {
                "uscc": found.firms[int(each.firm)][0],
                "firm_name": found.firms[int(each.firm)][1],
                "probability": rounded(each.probability),
            }
            for each in chances
        ],
        "notes": list(found.notes),
        "priors": [_prior(prior) for prior in stage_priors.assumed()],
    }


def _way(one: readiness.Counted, needed: int) -> dict[str, Any]:
    of, way = one.distribution, one.way
    return {
        "count": way.code, "name": way.name.zh, "name_en": way.name.en, "boards": way.boards, "source": way.source.zh,
        "source_en": way.source.en,
        "expected": rounded(of.expected), "at_least_target": rounded(of.at_least(needed)),
        "distribution": [{"listings": n, "probability": rounded(p)} for n, p in enumerate(of.pmf)],
    }  # fmt: skip


def _prior(of: stage_priors.StagePrior) -> dict[str, Any]:
    numbers = ("conversion", "mean_days", "strength")
    return {**of._asdict(), **{name: rounded(getattr(of, name)) for name in numbers}}
