"""An exposure as it is answered: lines with both totals, and the records behind each."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from rest_framework import serializers

from finance_hub.kernel.models import Firm
from finance_hub.kernel.money import yuan
from finance_hub.rest.fields import Choice, Day, Instant, Money, Record, Uscc, Words
from loans.models.agreements import Party
from tasks.api.risk_shapes import ParameterShown
from tasks.exposure.assembly import Exposure
from tasks.exposure.lines import LINES, Amounts, Code, Line
from tasks.exposure.paths import BASES, Basis
from tasks.exposure.reading import Read
from tasks.exposure.records import CONTRACT, GUARANTEE, HOLDING, STAKE
from tasks.exposure.records import Record as Behind
from tasks.models import ParameterKind, RiskAssumptions


class AmountsShape(Record):
    """Yuan at cost, at fair value, and at loss given default; the last is null where nothing is assumed."""

    cost = Money()
    fair_value = Money()
    loss = Money(allow_null=True)


class BehindShape(Record):
    """A record that the line rests on, and what of it the line counts at cost."""

    kind = Choice([HOLDING, STAKE, CONTRACT, GUARANTEE])
    id = Words(max_length=64)
    of = Words(max_length=40)
    through = Words(max_length=40, allow_null=True)
    amount = Money()
    fair_value = Money(allow_null=True)
    oldest_report = Day(allow_null=True)


class LineShape(Record):
    """`public` adds to the public exposure, `finance` to the total finance; both are null with a `reason`."""

    code = Choice([code.value for code in Code])
    name = Words(max_length=100)
    counts = Words(max_length=500)
    leaves_out = Words(max_length=500)
    public = AmountsShape(allow_null=True)
    finance = AmountsShape(allow_null=True)
    reason = Words(max_length=40, allow_null=True)
    incomplete = Words(max_length=40, allow_null=True)
    records = BehindShape(many=True)


class BearerShape(Record):
    party = Choice(Party.values)
    amount = Money()


class AssumedShape(Record):
    """The set of risk assumptions in force, as known at the moment asked for: what part is lost of each kind of claim."""

    id = Words(max_length=40)
    valid_from = Day()
    document = Words(max_length=200)
    parameters = ParameterShown(many=True)


class FirmNamed(Record):
    uscc = Uscc()
    name = Words(max_length=200)


class TotalsShape(Record):
    public = AmountsShape()
    finance = AmountsShape()


class ExposureShape(Record):
    """`borne_by` is who would bear what is covered if all of it were lost; `not_reported` are banks whose balances
    are those last known. `assumed` is what the losses rest on; null, and every loss null, before a set is entered."""

    as_of = Day()
    known_at = Instant()
    basis = Choice(BASES)
    firms = FirmNamed(many=True)
    totals = TotalsShape()
    lines = LineShape(many=True)
    borne_by = BearerShape(many=True)
    assumed = AssumedShape(allow_null=True)
    not_reported = serializers.ListField(child=Words(max_length=40))


class GroupExposureShape(ExposureShape):
    """The members as the registry has them today, looked at as one: caps and pools are used by all of them."""

    group = Words(max_length=200)


def answer(
    read: Read, firms: list[Firm], *, as_of: date, known_at: datetime, basis: Basis, language: str
) -> dict[str, Any]:
    return {
        "as_of": as_of - timedelta(days=1),
        "known_at": known_at,
        "basis": basis,
        "firms": [{"uscc": firm.uscc, "name": firm.name} for firm in firms],
        "totals": {"public": _amounts(read.exposure.public), "finance": _amounts(read.exposure.finance)},
        "lines": [_line(line, read, language) for line in read.exposure.lines],
        "borne_by": _bearers(read.exposure),
        "assumed": None if read.assumptions is None else _assumed(read.assumptions),
        "not_reported": list(read.silent),
    }


def _assumed(held: RiskAssumptions) -> dict[str, Any]:
    return {
        "id": held.public_id,
        "valid_from": held.valid_from,
        "document": held.document,
        "parameters": [row for row in held.parameters.all() if row.kind == ParameterKind.LGD],
    }


def _line(line: Line, read: Read, language: str) -> dict[str, Any]:
    words = LINES[line.code]
    return {
        "code": line.code.value,
        "name": words.name.say(language),
        "counts": words.counts.say(language),
        "leaves_out": words.leaves_out.say(language),
        "public": None if line.reason else _amounts(line.public),
        "finance": None if line.reason else _amounts(line.finance),
        "reason": line.reason or None,
        "incomplete": line.incomplete or None,
        "records": [_behind(row) for row in read.records if row.code is line.code],
    }


def _behind(row: Behind) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "id": row.id,
        "of": row.of,
        "through": row.through or None,
        "amount": yuan(row.amount),
        "fair_value": None if row.worth is None else yuan(row.worth),
        "oldest_report": row.oldest,
    }


def _bearers(exposure: Exposure) -> list[dict[str, Any]]:
    sums = exposure.by_party
    return [{"party": party, "amount": yuan(sums[party])} for party in Party.values if party in sums]


def _amounts(amounts: Amounts) -> dict[str, Any]:
    return {
        "cost": yuan(amounts.cost),
        "fair_value": yuan(amounts.fair_value),
        "loss": None if amounts.loss is None else yuan(amounts.loss),
    }
