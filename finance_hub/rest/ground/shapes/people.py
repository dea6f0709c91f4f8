"""Organisations, people and keys as sent and answered."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from finance_hub.kernel.access import Role
from finance_hub.kernel.models.organisations import OrganisationKind
from finance_hub.rest.fields import Choice, Day, Moment, MonthText, Record, Words, YesNo
from finance_hub.rest.ground.shapes.parts import Code, IsSet, Username


class OrganisationShape(Record):
    code = Words(max_length=40)
    kind = Words(max_length=20)
    name = Words(max_length=200)
    name_en = Words(max_length=200)


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
