"""What the API of the rows takes and gives."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from finance_hub.rest.errors import MOST_ERRORS
from finance_hub.rest.fields import Choice, Money, Record, Sha256, Strict, Whole, Words, YesNo, is_text
from funds import limits
from funds.workbook import SHEETS
from funds.workbook.importing import Outcome

_CELL = {"type": "object", "additionalProperties": {"type": "string"}}


@extend_schema_field({"type": "array", "maxItems": limits.MOST_ROWS, "items": _CELL})
class Rows(Strict):
    """Objects of texts: the cells of each row by the codes of the sheet's columns."""

    def to_internal_value(self, data: Any) -> list[dict[str, str]]:
        if not isinstance(data, list):
            raise self.refuse("not_a_list")
        errors: dict[str, Any] = {}
        for number, row in enumerate(data, 1):
            if not isinstance(row, dict):
                errors[str(number)] = self.refuse("not_a_dict").detail
            elif odd := [name for name, cell in row.items() if not is_text(cell)]:
                errors[str(number)] = {name: self.refuse("not-a-string").detail for name in odd}
            if len(errors) >= MOST_ERRORS:
                break
        if errors:
            raise serializers.ValidationError(errors)
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class NewImport(Record):
    """Rows of one sheet. A dry run tells what they would be; entering them names the `fingerprint` that it gave."""

    sheet = Choice([*SHEETS])
    rows = Rows()
    dry_run = YesNo(default=True)
    fingerprint = Sha256(required=False)


class RowError(Record):
    code = Words(max_length=64)
    pointer = Words(max_length=200)
    message = Words(max_length=500)
    context = serializers.DictField(child=Words(max_length=500), required=False)  # type: ignore[assignment]


class RowJudged(Record):
    """`entry` is the id of what holds the row: null where it is refused, and in a dry run where it is new."""

    row = Whole()
    outcome = Choice([one.value for one in Outcome])
    entry = Words(max_length=40, allow_null=True)
    errors = RowError(many=True)  # type: ignore[assignment]


class RowTotal(Record):
    """`kind` is "" where the sheet has none or a row's cannot be read; `unread` rows have no part in `amount`."""

    kind = Words(max_length=40)
    column = Words(max_length=40)
    outcome = Choice([one.value for one in Outcome])
    rows = Whole()
    amount = Money(signed=True)
    unread = Whole()


class RowCounts(Record):
    new = Whole()
    unchanged = Whole()
    refused = Whole()


class ImportShown(Record):
    sheet = Choice([*SHEETS])
    dry_run = YesNo()
    fingerprint = Sha256()
    counts = RowCounts()
    totals = RowTotal(many=True)
    rows = RowJudged(many=True)
