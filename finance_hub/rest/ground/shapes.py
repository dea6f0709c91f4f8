"""What the ground's API takes and gives."""

from __future__ import annotations

import re
from typing import Any

from rest_framework import serializers

from finance_hub.kernel.access import Role
from finance_hub.kernel.models.firms import ClassCode, FirmStage
from finance_hub.kernel.models.organisations import OrganisationKind
from finance_hub.kernel.models.records import JobState
from finance_hub.kernel.periods import FIRST_YEAR
from finance_hub.kernel.text import Text
from finance_hub.rest.errors import InternalError, language_of
from finance_hub.rest.fields import Choice, Day, MonthText, Record, Strict, Uscc, Whole, Words, YesNo, is_text

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,63}", re.ASCII)
CODE = re.compile(r"[a-z][a-z0-9-]{1,39}", re.ASCII)
INDUSTRY = re.compile(r"([A-T]([0-9]{2,4})?)?", re.ASCII)


class Username(Strict):
    def to_internal_value(self, data: Any) -> str:
        if not is_text(data) or not USERNAME.fullmatch(data):
            raise self.refuse("username-format")
        return data

    def to_representation(self, value: str) -> str:
        return value


class Industry(Strict):
    """A code of GB/T 4754-2017: a letter, or a letter with two to four digits; empty for unknown."""

    def to_internal_value(self, data: Any) -> str:
        if not is_text(data) or not INDUSTRY.fullmatch(data):
            raise self.refuse("industry-format")
        return data

    def to_representation(self, value: str) -> str:
        return value


class Moment(serializers.DateTimeField):
    """RFC 3339 with the offset of Asia/Shanghai; only ever answered."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)


class IsSet(YesNo):
    """Whether there is a value, and never the value."""

    def to_representation(self, value: Any) -> bool:
        return bool(value)


class OrganisationShape(Record):
    code = Words(max_length=40)
    kind = Words(max_length=20)
    name = Words(max_length=200)
    name_en = Words(max_length=200)


class Code(Strict):
    """What an organisation is called by in data: lower-case letters, digits, hyphens."""

    def to_internal_value(self, data: Any) -> str:
        if not is_text(data) or not CODE.fullmatch(data):
            raise self.refuse("code-format")
        return data

    def to_representation(self, value: str) -> str:
        return value


class HouseShape(Record):
    """`reports_since` is the first month of which a bank or guarantor owes a report."""

    code = Code()
    kind = Choice(OrganisationKind.values)
    name = Words(max_length=200)
    name_en = Words(max_length=200)
    reports_since = MonthText(allow_null=True, default=None)


class KeyInUse(Record):
    key_id = Words(max_length=16)
    last4 = Words(max_length=4)
    expires_at = Moment()


class WhoAmI(Record):
    username = Words(max_length=64)
    full_name = Words(max_length=100)
    role = Choice(Role)
    organisation = OrganisationShape()
    key = KeyInUse()
    actions = serializers.ListField(child=Words(max_length=60))
    environment = Choice(["live", "test"])


class ProblemEntry(Record):
    """`kind` is `request` for a refusal of the whole request, `field` for one of its fields or rows."""

    code = Words(max_length=60)
    kind = Choice(["request", "field"])
    status = Whole()
    retryable = YesNo()
    title = Words(max_length=300)
    title_en = Words(max_length=300)
    detail = Words(max_length=500)
    detail_en = Words(max_length=500)


class ProblemList(Record):
    data = ProblemEntry(many=True)  # type: ignore[assignment]


class FirmName(Record):
    name = Words(max_length=200)
    valid_from = Day()


class FirmClass(Record):
    code = Choice(ClassCode.values)
    detail = Words(max_length=100, min_length=0, default="")
    valid_from = Day()
    valid_to = Day(allow_null=True, default=None)


class FirmShape(Record):
    """`source` says how the centre came to know the firm; it is told to the centre alone."""

    uscc = Uscc()
    name = Words(max_length=200)
    verified = YesNo()
    source = Words(max_length=20, allow_null=True)  # type: ignore[assignment]
    town = Words(max_length=60)
    industry = Industry()
    stage = Words(max_length=12)
    founded_on = Day(allow_null=True)
    control_group = Words(max_length=200, allow_null=True, source="control_group.name", default=None)
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


class MonthShape(Record):
    period = MonthText(source="month")
    state = Choice(["open", "close_proposed", "closed"])
    proposed_by = Words(max_length=100, allow_null=True, source="record.proposed_by.full_name", default=None)
    proposed_at = Moment(allow_null=True, source="record.proposed_at", default=None)
    closed_by = Words(max_length=100, allow_null=True, source="record.closed_by.full_name", default=None)
    closed_at = Moment(allow_null=True, source="record.closed_at", default=None)


class MonthList(Record):
    data = MonthShape(many=True)  # type: ignore[assignment]


class PersonShape(Record):
    username = Username()
    full_name = Words(max_length=100)
    organisation = Words(max_length=40, source="organisation.code")
    role = Choice(Role)
    is_active = YesNo()
    second_factor = IsSet(source="totp_seed")
    locked_until = Moment(allow_null=True, source="locked", default=None)
    created_at = Moment()


class NewPerson(Record):
    username = Username()
    full_name = Words(max_length=100)
    organisation = Words(max_length=40)
    role = Choice(Role)


class CredentialsShape(Record):
    """Password and otpauth URI are shown once; the URI is null where no second factor is asked for."""

    person = PersonShape()
    password = Words(max_length=40, allow_null=True)
    otpauth_uri = Words(max_length=300, allow_null=True)


class KeyShape(Record):
    key_id = Words(max_length=16)
    username = Words(max_length=64, source="person.username")
    last4 = Words(max_length=4)
    environment = Choice(["live", "test"])
    created_at = Moment()
    expires_at = Moment()
    revoked_at = Moment(allow_null=True)
    last_used_at = Moment(allow_null=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        instance.environment = "live" if instance.live else "test"
        said: dict[str, Any] = super().to_representation(instance)
        return said


class NewKey(Record):
    """The key works to the end of `expires_on`, a year at most."""

    username = Username()
    expires_on = Day()


class IssuedKeyShape(Record):
    key = KeyShape(source="record")
    token = Words(max_length=80, allow_null=True)


class AuditShape(Record):
    seq = Whole(most=2**63 - 1)
    at = Words(max_length=32)
    actor = Words(max_length=200, source="actor_label")
    action = Words(max_length=60)
    subject = Words(max_length=200)
    succeeded = YesNo()
    detail = serializers.DictField()
    prev_hash = Words(max_length=64)
    hash = Words(max_length=64)


class JobErrorShape(Record):
    code = Words(max_length=60)
    message = Words(max_length=500, min_length=0)

    def to_representation(self, instance: dict[str, Any]) -> dict[str, Any]:
        language = language_of(self.context["request"])
        if instance["code"] == InternalError.code:  # the traceback is for those who run the service
            return {"code": InternalError.code, "message": InternalError.title.say(language)}
        said = Text(instance.get("zh", ""), instance.get("en", ""))
        return {"code": instance["code"], "message": said.say(language)}


class JobRecord(Record):
    id = Words(max_length=36)
    kind = Words(max_length=40)
    state = Choice(JobState.values)
    attempt = Whole()
    max_attempts = Whole()
    progress = serializers.DictField()
    error = JobErrorShape(allow_null=True)
    requested_by = Words(max_length=64, allow_null=True, source="requested_by.username", default=None)
    created_at = Moment()
    started_at = Moment(allow_null=True)
    finished_at = Moment(allow_null=True)
