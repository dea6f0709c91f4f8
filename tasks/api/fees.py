"""The management fee that is due for a period, over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import InvalidFields, Problem, refuse
from finance_hub.kernel.text import Text
from finance_hub.rest.errors import language_of
from finance_hub.rest.fields import Choice, Day, Money, Rate, Record, Words
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView
from funds import queries as funds
from funds.api import moments
from funds.models.terms import Base
from tasks.engine.fees import quarter_of
from tasks.fees import fee_of_period

NOT_WHAT_THE_GUIDANCE_WANTS = Text(
    "《{document}》要求管理费按实缴或已投计提",
    "{document} wants the fee to be of what is paid in or invested",
)


class FeeNotAgreed(Problem):
    code = "fee-not-agreed"
    status = 409
    title = Text("该期间没有约定管理费", "No management fee is agreed for the period")


class LineShown(Record):
    """From `start` to the end of `end` neither base nor rate changed."""

    start = Day()
    end = Day()
    base = Choice(Base.values)
    base_amount = Money()
    rate_pct = Rate()
    amount = Money()


class FeeShown(Record):
    """`gross`, the sum of the lines, less `offset` is `due`; `difference` = `charged` - `due`.

    A line is base × rate × days / 365. `offset` is `offset_pct` per cent of what the manager `earned` from
    portfolio firms, at most the fee; `offset_left` is the rest of it. `charged` are the fee entries of the ledger
    dated in the period. `note` is null, or says that the base is none that the state's guidance wants.
    """

    start = Day()
    end = Day()
    document = Words(max_length=200)
    lines = LineShown(many=True)
    gross = Money()
    earned = Money(signed=True)
    offset_pct = Rate(full=True, allow_null=True)
    offset = Money()
    offset_left = Money()
    due = Money()
    charged = Money(signed=True)
    difference = Money(signed=True)
    note = Words(max_length=300, allow_null=True)


class FeeDue(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text(
                "期间应提管理费及其与账面的差额",
                "The management fee due for a period by the terms, and how far the ledger differs",
            ),
            response=FeeShown,
            query=(
                Query(
                    "start",
                    Text(
                        "期间首日，缺省为截止日所在季度首日",
                        "First day of the period; that of the quarter if left out",
                    ),
                    example="2026-07-01",
                ),
                *moments.QUERY,
            ),
            answer={
                "start": "2026-07-01",
                "end": "2026-09-30",
                "document": "合伙协议",
                "lines": [
                    {
                        "start": "2026-07-01",
                        "end": "2026-09-30",
                        "base": "paid_in",
                        "base_amount": "50000000.00",
                        "rate_pct": "2.0000",
                        "amount": "252054.79",
                    }
                ],
                "gross": "252054.79",
                "earned": "200000.00",
                "offset_pct": "50.0000",
                "offset": "100000.00",
                "offset_left": "0.00",
                "due": "152054.79",
                "charged": "152000.00",
                "difference": "-54.79",
                "note": None,
            },
            problems=(InvalidFields, FeeNotAgreed),
        )
    }

    def get(self, request: Request, code: str) -> Response:
        (as_of, known_at), fund = moments.Moment.of(request), funds.fund(code)
        asked = request.query_params.get("start")
        day = timedelta(days=1)
        start = moments.day_of(asked, name="start") if asked else quarter_of(as_of - day)[0]
        if start >= as_of:
            raise refuse("#/start", "period-empty", "首日晚于截止日", "The period begins after it ends")
        found = fee_of_period(fund, start=start, as_of=as_of, known_at=known_at)
        if found is None:
            raise FeeNotAgreed
        note = found.guidance and NOT_WHAT_THE_GUIDANCE_WANTS.fill(document=found.guidance.document)
        shown = {
            **vars(found),
            **found.fee._asdict(),
            "end": as_of - day,
            "lines": [{**line._asdict(), "end": line.end - day} for line in found.fee.lines],
            "note": note and note.say(language_of(request)),
        }
        return moments.tagged(self.show(shown, request=request))
