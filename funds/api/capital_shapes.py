"""What the API of the capital of a fund's investors takes and gives."""

from __future__ import annotations

from collections.abc import Sequence

from rest_framework import serializers

from finance_hub.rest.fields import Choice, Day, Money, Record, Words, YesNo
from funds.api.shapes import FundAccount, FundEventShown, Marked
from funds.models import Nature
from funds.models.funds import Capital
from funds.operations.notices import BASES
from funds.queries.roll_forwards import CapitalAccount, NetAssets, Unfunded


class NewNotice(Marked):
    """One call, payment or distribution of the whole fund, split among its investors."""

    kind = Choice(tuple(BASES))
    amount = Money(positive=True)
    effective_date = Day()
    basis = Choice(sorted({basis for bases in BASES.values() for basis in bases}), required=False)
    note = Words(max_length=500, min_length=0, default="")


class NewTransfer(Record):
    """`amount` of the commitment of `seller` goes to `buyer`; both are names of investors."""

    seller = Words(max_length=200)
    buyer = Words(max_length=200)
    amount = Money(positive=True)
    effective_date = Day()
    note = Words(max_length=500, min_length=0, default="")


class NewCorrection(Record):
    """What stands in the place of the event; `note` says why. Marks that are left out stay as they were."""

    amount = Money(positive=True)
    effective_date = Day()
    nature = Choice(Nature.values, required=False)
    recallable = YesNo(required=False)
    outside_commitment = YesNo(required=False)
    note = Words(max_length=500)


class Entered(Record):
    """The rows of one act, which share a notice."""

    notice = Words(max_length=40)
    events = FundEventShown(many=True)


class AccountShown(FundAccount):
    """What stands to the account of one investor."""

    investor = Words(max_length=200, source="investor.name")
    capital = Choice(Capital.values, source="investor.capital")
    by_nature = serializers.DictField(child=Money())


class Accounts(Record):
    data = AccountShown(many=True)  # type: ignore[assignment]  # a field, taken off the class by DRF


def _of(name: str, fields: Sequence[str]) -> type[Record]:
    """A shape of amounts."""
    return type(name, (Record,), {field: Money(signed=True) for field in fields})


UnfundedShown = _of("Unfunded", Unfunded._fields)
NetAssetsShown = _of("NetAssets", NetAssets._fields)
CapitalAccountShown = _of("CapitalAccount", CapitalAccount._fields)


class InvestorRolled(Record):
    investor = Words(max_length=200, source="name")
    unfunded = UnfundedShown()
    capital_account = CapitalAccountShown()


class RolledForward(Record):
    """From the end of the day before `start` to the end of `as_of`; in each part the lines lead from begin to end."""

    unfunded = UnfundedShown()
    nav = NetAssetsShown()
    investors = InvestorRolled(many=True)
