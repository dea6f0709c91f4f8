"""Firms as sent and answered."""

from __future__ import annotations

from typing import Any

from finance_hub.kernel.models.firms import ClassCode, FirmStage
from finance_hub.kernel.periods import FIRST_YEAR
from finance_hub.rest.fields import Choice, Day, Record, Uscc, Whole, Words, YesNo
from finance_hub.rest.ground.shapes.parts import Industry


class FirmName(Record):
    name = Words(max_length=200)
    valid_from = Day()


class FirmClass(Record):
    code = Choice(ClassCode.values)
    detail = Words(max_length=100, min_length=0, default="")
    valid_from = Day()
    valid_to = Day(allow_null=True, default=None)


class FirmShape(Record):
    """`source` says how the centre came to know the firm; it is told to the centre alone. `control_group_id` is what the
    exposure of the group is asked by."""

    uscc = Uscc()
    name = Words(max_length=200)
    verified = YesNo()
    source = Words(max_length=20, allow_null=True)  # type: ignore[assignment]
    town = Words(max_length=60)
    industry = Industry()
    stage = Words(max_length=12)
    founded_on = Day(allow_null=True)
    control_group = Words(max_length=200, allow_null=True, source="control_group.name", default=None)
    control_group_id = Words(max_length=20, allow_null=True, default=None)
    version = Whole()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        said: dict[str, Any] = super().to_representation(instance)
        told = self.context["request"].user.scope.everything
        return said if told else {**said, "source": None}


class FirmDetail(FirmShape):
    names = FirmName(many=True)
    classes = FirmClass(many=True)


class NewFirm(Record):
    """`known_from` is the first day of the name; the day of founding or 1900 where it is left out."""

    uscc = Uscc()
    name = Words(max_length=200)
    known_from = Day(required=False)
    town = Words(max_length=60, min_length=0, default="")
    industry = Industry(default="")
    stage = Choice(["", *FirmStage.values], default="")
    founded_on = Day(allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        first = attrs["founded_on"] or Day().to_internal_value(f"{FIRST_YEAR}-01-01")
        return {"known_from": first, **attrs}


class FirmChanges(Record):
    """Only what is sent is changed."""

    town = Words(max_length=60, min_length=0, required=False)
    industry = Industry(required=False)
    stage = Choice(["", *FirmStage.values], required=False)
    founded_on = Day(allow_null=True, required=False)
    verified = YesNo(required=False)
    control_group = Words(max_length=200, allow_null=True, required=False)
