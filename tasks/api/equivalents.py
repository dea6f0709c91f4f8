"""What an index would have made of the investors' money, and the J-curve of a fund."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.money import fen, yuan
from finance_hub.kernel.problems import InvalidFields
from finance_hub.kernel.text import Text
from finance_hub.rest.fields import Day, Money, Record, Whole, Words
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView
from funds import queries as funds
from funds.api import moments
from tasks import entered
from tasks.api.indices import NEW_INDEX, NewIndex, level
from tasks.api.shapes import Number
from tasks.catalogue.equivalents import NO_BENCHMARK, Equivalents, equivalents
from tasks.engine.pacing import j_curve


class FigureOrReason(Record):
    """Exactly one of `value` and `reason` is set; rates are plain numbers (0.035, not 3.5)."""

    value = Number(allow_null=True)
    reason = Words(max_length=40, allow_null=True)
    notes = serializers.ListField(child=Words(max_length=200))

    def to_representation(self, instance: Any) -> dict[str, Any]:
        shown = super().to_representation(instance)
        return {**shown, "reason": instance.reason or None, "notes": list(instance.notes)}


class LevelUsed(Record):
    """The level that stood for the index at the end of a day: the last one at or before it; null without one."""

    date = Day()
    level = level(allow_null=True)
    level_date = Day(allow_null=True)
    age_days = Whole(allow_null=True)


class EquivalentsShown(Record):
    """`index` is null where none is asked for and no benchmark is chosen."""

    as_of = Day()
    index = NewIndex(allow_null=True)
    nav = Money(signed=True)
    ks_pme = FigureOrReason()
    ln_pme = FigureOrReason()
    pme_plus = FigureOrReason()
    direct_alpha = FigureOrReason()
    levels = LevelUsed(many=True)


class PublicMarketEquivalents(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text(
                "公开市场等价指标（PME）：同样的现金流投入指数会怎样",
                "Public-market equivalents: the same cash flows in an index",
            ),
            response=EquivalentsShown,
            query=(
                *moments.QUERY,
                Query(
                    "index",
                    Text("与哪个指数比较，缺省为基金的业绩比较基准", "Against which index; the fund's benchmark if left out"),
                    example="example-500",
                ),
            ),
            answer={
                "as_of": "2026-10-31",
                "index": NEW_INDEX,
                "nav": "66000000.00",
                "ks_pme": {"value": "1.04", "reason": None, "notes": []},
                "ln_pme": {"value": "0.061", "reason": None, "notes": []},
                "pme_plus": {"value": None, "reason": "undefined", "notes": []},
                "direct_alpha": {"value": "0.012", "reason": None, "notes": []},
                "levels": [
                    {"date": "2026-10-31", "level": "1234.5678", "level_date": "2026-10-30", "age_days": 1}
                ],
            },
            problems=(InvalidFields,),
        )
    }  # fmt: skip

    def get(self, request: Request, code: str) -> Response:
        (as_of, known_at), fund = moments.Moment.of(request), funds.fund(code)
        on = as_of - timedelta(days=1)
        asked = request.query_params.get("index")
        index = entered.named(asked) if asked else entered.benchmark(fund, as_of=as_of, known_at=known_at)
        nav = funds.net_assets(fund, as_of=as_of, known_at=known_at)
        shown: dict[str, Any] = {"as_of": on, "index": index, "nav": nav, "levels": []}
        if index is None:
            return moments.tagged(
                self.show({**shown, **Equivalents.missing(NO_BENCHMARK)._asdict()}, request=request)
            )
        flows = funds.flows_frame(as_of=as_of, known_at=known_at, of=fund)
        days = [*(row.effective_date for row in flows), on]
        levels = entered.levels_on(index, days=days, known_at=known_at)
        found = equivalents(
            flows, nav_fen=fen(nav), on=on, levels={day: each and each.level for day, each in levels.items()}
        )
        shown["levels"] = [_used(day, each) for day, each in levels.items()]
        return moments.tagged(self.show({**shown, **found._asdict()}, request=request))


class PointShown(Record):
    date = Day(source="on")
    cumulative = Money(signed=True, source="amount")


class JCurveShown(Record):
    """The cumulative net flow of the investors at the end of each day with one; `depth` is the lowest point.

    Exactly one of `break_even` and `reason` is set; a fund without flows has no depth either.
    """

    as_of = Day()
    depth = PointShown(allow_null=True)
    break_even = Day(allow_null=True)
    reason = Words(max_length=40, allow_null=True)
    cumulative = PointShown(many=True)


class JCurves(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("J 曲线：累计净现金流、最深点与回本日", "The J-curve: cumulative net flow, its depth and the break-even"),
            response=JCurveShown,
            query=moments.QUERY,
            answer={
                "as_of": "2026-10-31",
                "depth": {"date": "2024-01-15", "cumulative": "-55000000.00"},
                "break_even": None,
                "reason": "not-reached",
                "cumulative": [
                    {"date": "2023-04-10", "cumulative": "-30000000.00"},
                    {"date": "2024-01-15", "cumulative": "-55000000.00"},
                ],
            },
            problems=(InvalidFields,),
        )
    }  # fmt: skip

    def get(self, request: Request, code: str) -> Response:
        moment, fund = moments.Moment.of(request), funds.fund(code)
        flows = funds.flows_frame(as_of=moment.as_of, known_at=moment.known_at, of=fund)
        curve = j_curve(
            [row.effective_date for row in flows],
            [yuan(row.distribution_fen - row.contribution_fen) for row in flows],
        )
        shown = {
            "as_of": moment.as_of - timedelta(days=1), "depth": curve.depth, "break_even": curve.break_even,
            "reason": curve.reason, "cumulative": curve.cumulative,
        }  # fmt: skip
        return moments.tagged(self.show(shown, request=request))


def _used(day: date, found: entered.Level | None) -> dict[str, Any]:
    if found is None:
        return {"date": day, "level": None, "level_date": None, "age_days": None}
    return {"date": day, "level": found.level, "level_date": found.of, "age_days": (day - found.of).days}
