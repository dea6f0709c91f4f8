"""A bank's month over HTTP: the centre's totals, where flow and stock disagree, and the bank's own word."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.models import Organisation
from finance_hub.kernel.months import MonthNotOver
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import Problem
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of
from loans.api import reconciliation_shapes as shapes
from loans.api.asking import BANK, bank_of, month_in_path
from loans.models import Confirmation, Dataset, RecordType
from loans.operations import reconciliations as operations
from loans.queries import differences as disagreements
from loans.queries import reconciliation as queries
from loans.queries.batches import reported
from loans.queries.differences import Difference
from loans.queries.reconciliation import Line, Reconciliation


class StockNotReported(Problem):
    code = "stock-not-reported"
    status = 409
    title = Text("该月份的存量尚未报送", "The month's stock has not been reported")
    detail = Text("没有存量报告，无从比对", "Without a snapshot there is nothing to compare")


class OneReconciliation(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "reconciliation.read",
            Text(
                "某月的对账：期初、发生、期末、存量与确认状态",
                "A month reconciled: opening, flows, closing, stock, and whether the bank has confirmed it",
            ),
            response=shapes.ReconciliationShown,
            query=(BANK,),
            answer=shapes.RECONCILIATION,
        )
    }

    def get(self, request: Request, period: str) -> Response:
        now = timezone.now()
        held = queries.reconcile(bank_of(request), month_in_path(period, now=now), known_at=now)
        response = Response(self.show(_present(held, known_at=now), request=request))
        response["Content-Digest"] = held.content_digest
        return response


class Differences(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "reconciliation.read",
            Text("存量与发生额不一致的借据", "The drawdowns whose stock and flow disagree"),
            response=shapes.DifferencePage,
            query=(BANK, *cursors.QUERY),
            answer={"data": [shapes.DIFFERENCE], "next_cursor": None, "has_more": False},
            problems=(StockNotReported, cursors.InvalidCursor),
        )
    }

    def get(self, request: Request, period: str) -> Response:
        """All pages of one walk see what was known when it began."""
        now = timezone.now()
        bank, month = bank_of(request), month_in_path(period, now=now)
        if (bank.pk, Dataset.STOCK) not in reported(month, known_at=now):
            raise StockNotReported
        known_at = now

        def read(after: list[Any] | None, limit: int) -> list[Difference]:
            nonlocal known_at
            known_at, drawdown = (datetime.fromisoformat(after[0]), after[1]) if after else (now, 0)
            return disagreements.differences(bank, month, known_at=known_at, after=drawdown, limit=limit)

        found, onward = cursors.page_of(
            read, request=request, key=lambda row: [known_at.isoformat(), row.drawdown_id]
        )
        shown = [_difference(row, bank) for row in found]
        return Response(self.show({"data": shown, **onward}, request=request))


class Confirm(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "reconciliation.confirm",
            Text("银行以自己的合计确认某月", "A bank confirms a month with its own totals"),
            status=201,
            request=shapes.NewConfirmation,
            response=shapes.ConfirmationShown,
            example=shapes.OWN,
            answer=shapes.CONFIRMATION,
            problems=(MonthNotOver, operations.MonthNotReported),
        )
    }

    def post(self, request: Request, period: str) -> Response:
        now = timezone.now()
        said, fresh = operations.confirm(
            month_in_path(period, now=now), **self.read_body(request), by=person_of(request), now=now
        )
        shown = self.show(_confirmation(said), request=request)
        return Response(shown, status=201 if fresh else 200)


def _present(held: Reconciliation, *, known_at: datetime) -> dict[str, Any]:
    return {
        "period": held.month,
        "bank": held.bank.code,
        "status": held.status,
        "known_at": known_at,
        "datasets": sorted(held.datasets),
        "identity": _line(held.total),
        "by_product": [_line(line) for line in held.by_product],
        "content_digest": held.content_digest,
        "last_batch": held.last_batch,
        "confirmation": held.last_confirmation and _confirmation(held.last_confirmation),
        "links": _links(held.bank, held.month),
    }


def _line(line: Line) -> dict[str, Any]:
    amounts = {name: getattr(line, name) for name in queries.AMOUNTS}
    stock = None
    if line.stock_balance is not None:
        stock = {
            "balance": line.stock_balance,
            "drawdowns": line.stock_drawdowns,
            "differing_drawdowns": line.differing_drawdowns,
        }
    counts = {kind: line.events[kind] for kind in RecordType.values}
    return amounts | {
        "product": line.product,
        "holds": line.holds,
        "events": counts,
        "live_drawdowns": line.live_drawdowns,
        "stock": stock,
    }


def _confirmation(said: Confirmation) -> dict[str, Any]:
    return {
        "id": said.public_id,
        "outcome": "matched" if said.matched else "differs",
        "content_digest": queries.digest_of(said.content_sha256),
        "confirmed_by": said.confirmed_by.full_name,
        "confirmed_at": said.recorded_at,
        "own": said.own_totals,
        "differences": [{**one, "pointer": _pointer(one, said.own_totals)} for one in said.differences],
    }


def _pointer(difference: dict[str, Any], own: dict[str, Any]) -> str:
    """Where in the request the amount stands."""
    if difference["product"] is None:
        return f"#/totals/{difference['name']}"
    products = [line["product"] for line in own["by_product"]]
    return f"#/by_product/{products.index(difference['product'])}/{difference['name']}"


def _difference(row: Difference, bank: Organisation) -> dict[str, Any]:
    kept = {name: value for name, value in row._asdict().items() if name != "drawdown_id"}
    return kept | {"bank": bank.code, "difference": row.difference, "reason": row.reason}


def _links(bank: Organisation, month: Month) -> dict[str, str]:
    base = f"/api/v1/reconciliations/{month}"
    return {
        "differences": f"{base}/differences?bank={bank.code}",
        "confirm": f"{base}/confirm",
        "findings": f"/api/v1/findings?bank={bank.code}&period={month}",
    }
