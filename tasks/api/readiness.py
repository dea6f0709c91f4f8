"""How a firm stands by the published listing standards: met, failed by how much, or what is missing to say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel import firms
from finance_hub.kernel.models import Firm
from finance_hub.kernel.problems import InvalidFields
from finance_hub.kernel.text import Text
from finance_hub.rest.fields import Choice, Day, Record, Uscc, Whole, Words, YesNo
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView, person_of
from funds.api import moments
from listings import queries as listings
from listings.models import Board as Boards
from tasks import readiness
from tasks.catalogue.readiness import Board, Judged
from tasks.catalogue.readiness_words import WORDS
from tasks.engine.readiness import METRICS, Gap, Kind, Missing, Unit, Verdict

VERDICTS = tuple(verdict.value for verdict in Verdict)


class Named(Record):
    name = Words(max_length=100)
    name_en = Words(max_length=100)


class MissingShown(Named):
    """A figure that would decide; `year` is null for what belongs to none."""

    figure = Words(max_length=60)
    year = Whole(allow_null=True)
    reason = Words(max_length=40)


class GapShown(Named):
    """What is `needed` and what the firm `had`, by `op`; with `at_most` it had no more than that.

    `distance` is needed less had, null for a yes or no.
    """

    metric = Words(max_length=60)
    unit = Choice(tuple(unit.value for unit in Unit))
    op = Choice((">=", ">", "="))
    needed = Words(max_length=40)
    had = Words(max_length=40)
    distance = Words(max_length=40, allow_null=True)
    at_most = YesNo()


class StandardShown(Named):
    """A version of a standard, in force on the day `[valid_from, valid_to)`.

    `missing` are the figures that would decide an unknown one, `failing` the gaps of a failed one on its
    nearest way; `to_do` is what that way still asks for in all.
    """

    code = Words(max_length=40)
    kind = Choice(tuple(kind.value for kind in Kind))
    verdict = Choice(VERDICTS)
    missing = MissingShown(many=True)
    failing = GapShown(many=True)
    to_do = Whole()
    valid_from = Day()
    valid_to = Day(allow_null=True)
    source = Words(max_length=400)  # type: ignore[assignment]  # DRF has a source too
    note = Words(max_length=400, allow_null=True)


class BoardShown(Record):
    """`financial`: one financial standard is enough; `whole`: and all else that the board asks for."""

    board = Choice(Boards.values)
    financial = Choice(VERDICTS)
    whole = Choice(VERDICTS)
    nearest = Words(max_length=40, allow_null=True)
    standards = StandardShown(many=True)


class Readiness(Record):
    """`judged_on` is the day whose standards hold: for who has passed the committee, that of the committee."""

    uscc = Uscc()
    firm_name = Words(max_length=200)
    as_of = Day()
    judged_on = Day()
    boards = BoardShown(many=True)


_GAP = {
    "name": "最近一年营业收入",
    "name_en": "Revenue of the last year",
    "metric": "revenue_last",
    "unit": "yuan",
    "op": ">=",
    "needed": "400000000",
    "had": "326000000.00",
    "distance": "74000000.00",
    "at_most": False,
}
ANSWER = {
    "uscc": "91330483MA2B9PTN02",
    "firm_name": "桐乡示例科技股份有限公司",
    "as_of": "2026-10-31",
    "judged_on": "2026-10-31",
    "boards": [
        {
            "board": "chinext",
            "financial": "fails",
            "whole": "fails",
            "nearest": "CX-2",
            "standards": [
                {
                    "name": "预计市值+净利润+营业收入",
                    "name_en": "Expected value, profit and revenue",
                    "code": "CX-2",
                    "kind": "financial",
                    "verdict": "fails",
                    "missing": [],
                    "failing": [_GAP],
                    "to_do": 1,
                    "valid_from": "2024-04-30",
                    "valid_to": None,
                    "source": "published thresholds, checked against the exchanges' texts",
                    "note": None,
                }
            ],
        }
    ],
}


class FirmReadiness(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "listing.read",
            Text(
                "企业对照各板块上市标准：符合、不符合或待定，尚缺什么",
                "A firm by the listing standards of each board: met, failed or unknown, and what is missing",
            ),
            response=Readiness,
            query=(
                Query("board", Text("仅该板块", "This board alone"), choices=tuple(Boards.values)),
                *moments.QUERY,
            ),
            answer=ANSWER,
            problems=(InvalidFields,),
        )
    }

    def get(self, request: Request, uscc: str) -> Response:
        as_of, known_at = moments.Moment.of(request)
        firm = firms.find(uscc, scope=person_of(request).scope)
        only = request.query_params.get("board", "")
        found = readiness.of_firm(firm, as_of=as_of, known_at=known_at, only=only)
        return moments.tagged(self.show(_shown(firm, found, as_of=as_of), request=request))


class CandidateReadiness(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "listing.read",
            Text(
                "一次申报对照其板块的上市标准；已过上市委的按上市委当日标准",
                "An attempt by the standards of its board; past the committee, by those of the committee's day",
            ),
            response=Readiness,
            query=moments.QUERY,
            answer=ANSWER,
            problems=(InvalidFields,),
        )
    }

    def get(self, request: Request, public_id: str) -> Response:
        as_of, known_at = moments.Moment.of(request)
        attempt = listings.attempt(public_id)
        found = readiness.of_attempt(attempt, as_of=as_of, known_at=known_at)
        return moments.tagged(self.show(_shown(attempt.firm, found, as_of=as_of), request=request))


def _shown(firm: Firm, found: readiness.Standing, *, as_of: Any) -> dict[str, Any]:
    return {
        "uscc": firm.uscc,
        "firm_name": firm.name,
        "as_of": as_of - timedelta(days=1),
        "judged_on": found.judged_on,
        "boards": [_board(board) for board in found.boards],
    }


def _board(of: Board) -> dict[str, Any]:
    return {
        "board": of.board,
        "financial": of.financial.value,
        "whole": of.whole.value,
        "nearest": of.nearest.row["code"] if of.nearest else None,
        "standards": [_standard(judged) for judged in of.judged],
    }


def _standard(of: Judged) -> dict[str, Any]:
    row, said = of.row, of.assessment
    return {
        "code": row["code"], "kind": row["kind"], "name": row["zh"], "name_en": row["en"],
        "verdict": said.verdict.value, "missing": _missing(said.missing), "failing": list(map(_gap, said.failing)),
        "to_do": len(said.way.failing) + said.way.undecided, "valid_from": of.standard.valid_from,
        "valid_to": of.standard.valid_to, "source": row["source"], "note": row.get("note"),
    }  # fmt: skip


def _missing(found: Iterable[Missing]) -> list[dict[str, Any]]:
    return [
        {
            "figure": each.figure, "name": WORDS[each.figure].zh, "name_en": WORDS[each.figure].en,
            "year": each.year, "reason": each.reason,
        }
        for each in found
    ]  # fmt: skip


def _gap(of: Gap) -> dict[str, Any]:
    name = WORDS[of.metric]
    return {
        "metric": of.metric, "name": name.zh, "name_en": name.en, "unit": METRICS[of.metric].unit.value, "op": of.op,
        "needed": _number(of.needed), "had": _number(of.had),
        "distance": None if of.distance is None else _number(of.distance), "at_most": of.at_most,
    }  # fmt: skip


def _number(value: Decimal | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:f}"
