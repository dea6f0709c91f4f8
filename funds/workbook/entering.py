"""Each kind of row handed to the operation that takes it, by the same rules as through any other door."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import InvalidFields, NotFound, refuse
from finance_hub.rest.wording import WORDS
from funds import operations
from funds.models import Fund, Holding, HoldingEventKind
from funds.models.holdings import RECEIPTS
from funds.operations import pipeline
from funds.operations.ledger import Marks
from funds.queries.records import investee

#: How a row says whom it is about.
Whom = tuple[str, str | None]


class Stakes(NamedTuple):
    """The holdings of a fund: (what names it → its public id), and the names that several have."""

    by_code: dict[Whom, str]
    by_name: dict[str, list[Whom]]

    @classmethod
    def of(cls, fund: Fund) -> Stakes:
        """One query."""
        by_code: dict[Whom, str] = {}
        by_name: dict[str, list[Whom]] = defaultdict(list)
        for holding in Holding.objects.filter(fund=fund).select_related("firm", "sub_fund"):
            whom = _coded(investee(holding))
            by_code[whom] = holding.public_id
            if holding.firm:
                by_name[holding.firm.name].append(whom)
        return cls(by_code, dict(by_name))

    def named(self, values: dict[str, Any]) -> Whom:
        """Whom a row is about: by its codes, or by a name that one of the holdings has."""
        whom = _coded(values)
        if whom[1] is None and (name := values.get("firm_name")):
            known = self.by_name.get(name, [])
            return known[0] if len(known) == 1 else ("name", name)
        return whom

    def holding(self, values: dict[str, Any]) -> str:
        """Its public id. Raises InvalidFields."""
        whom = self.named(values)
        if whom[1] is None:
            raise refuse("#/uscc", "one-investee", "须指明企业或子基金", "Name the firm or the sub-fund")
        if values.get("uscc") and values.get("sub_fund"):
            raise refuse(
                "#/sub_fund", "one-investee", "企业与子基金只能指明一个", "Name either a firm or a sub-fund"
            )
        if len(self.by_name.get(values.get("firm_name") or "", ())) > 1 and whom[0] == "name":
            raise refuse(
                "#/firm_name", "holding-ambiguous", "有多家同名企业，请填写信用代码",
                "Several firms have this name: give the credit code",
            )  # fmt: skip
        if whom not in self.by_code:
            column = {"uscc": "uscc", "fund": "sub_fund", "name": "firm_name"}[whom[0]]
            raise refuse(f"#/{column}", "holding-unknown", "该基金没有持有它", "The fund does not hold it")
        return self.by_code[whom]


class Entering(NamedTuple):
    """What entering a row takes beside its values."""

    fund: str
    stakes: Stakes
    by: Person
    now: datetime


def _coded(values: dict[str, Any]) -> Whom:
    return ("uscc", values["uscc"]) if values.get("uscc") else ("fund", values.get("sub_fund"))


def facts(values: dict[str, Any], stakes: Stakes) -> dict[str, Any]:
    """The values of a row as it is compared: whom it is about in the place of the columns that say so."""
    if "sub_fund" not in values:  # a deal may know its firm by name alone; the ledger has none
        return values
    said = {name: value for name, value in values.items() if name not in ("uscc", "firm_name", "sub_fund")}
    if "cash" in values and "cost" in values:
        said |= {name: values[name] or Decimal(0) for name in ("cash", "cost")}
    return {**said, "investee": stakes.named(values)}


def ledger(values: dict[str, Any], how: Entering) -> str:
    marks = Marks(values["nature"], values["recallable"], values["outside_commitment"])
    event = operations.record_event(
        fund=how.fund, kind=values["kind"], amount=values["amount"], investor=values["investor"],
        effective_date=values["effective_date"], marks=marks, note=values["note"], by=how.by, now=how.now,
    )  # fmt: skip
    return event.public_id


def investment(values: dict[str, Any], how: Entering) -> str:
    said = ("uscc", "firm_name", "sub_fund", "amount", "effective_date", "note")
    try:
        event = operations.record_investment(
            fund=how.fund, **{name: values[name] for name in said}, by=how.by, now=how.now
        )
    except NotFound as unknown:
        raise refuse("#/sub_fund", "fund-unknown", "没有这只基金", "There is no such fund") from unknown
    return event.public_id


def valuation(values: dict[str, Any], how: Entering) -> str:
    said = ("fair_value", "method", "effective_date")
    held = operations.record_valuation(
        holding=how.stakes.holding(values), **{name: values[name] for name in said}, by=how.by, now=how.now
    )
    return held.public_id


def exit(values: dict[str, Any], how: Entering) -> str:
    kind, cash, cost = values["kind"], values["cash"], values["cost"]
    said: dict[str, Any] = {
        "holding": how.stakes.holding(values), "effective_date": values["effective_date"],
        "note": values["note"], "by": how.by, "now": how.now,
    }  # fmt: skip
    if kind in RECEIPTS:
        _require_absent(cost, "cost")
        return operations.record_receipt(kind=kind, cash=_given(cash, "cash"), **said).public_id
    if kind == HoldingEventKind.WRITE_OFF:
        _require_absent(cash, "cash")
        return operations.record_write_off(cost=_given(cost, "cost"), **said).public_id
    event = operations.record_exit(cash=_given(cash, "cash"), cost=_given(cost, "cost"), **said)
    return event.public_id


def deal(values: dict[str, Any], how: Entering) -> str:
    said = {name: value for name, value in values.items() if name != "id"}
    return pipeline.open_deal(fund=how.fund, **said, by=how.by, now=how.now).public_id


def _given(amount: Decimal | None, column: str) -> Decimal:
    if amount is None:
        words = WORDS["required"]
        raise refuse(f"#/{column}", "required", words.zh, words.en)
    return amount


def _require_absent(amount: Decimal | None, column: str) -> None:
    if amount:
        raise _misplaced(column)


def _misplaced(column: str) -> InvalidFields:
    return refuse(
        f"#/{column}", "does-not-fit-the-kind", "此类事项没有该金额", "A row of this kind has no such amount"
    )
