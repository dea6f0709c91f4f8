"""The first call of every integrator: who am I, what may I do, until when."""

from __future__ import annotations

from typing import ClassVar, cast

from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.access import ACTIONS, may
from finance_hub.kernel.models import ApiKey
from finance_hub.kernel.text import Text
from finance_hub.rest.ground import shapes
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of


class Me(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "self.read",
            Text("我是谁", "Who am I"),
            response=shapes.WhoAmI,
            answer={
                "username": "bank_a",
                "full_name": "示例银行接口账号",
                "role": "bank",
                "organisation": {
                    "code": "bank-a",
                    "kind": "bank",
                    "name": "示例银行",
                    "name_en": "Example Bank",
                },
                "key": {"key_id": "7Q2KxP0aZr4T", "last4": "9fQz", "expires_at": "2027-10-31T00:00:00+08:00"},
                "actions": ["batch.read", "batch.report", "self.read"],
                "environment": "test",
            },
        )
    }

    def get(self, request: Request) -> Response:
        person, key = person_of(request), cast(ApiKey, request.auth)
        said = {
            "username": person.username,
            "full_name": person.full_name,
            "role": person.role,
            "organisation": person.organisation,
            "key": key,
            "actions": sorted(action for action in ACTIONS if may(person.role, action)),
            "environment": "live" if key.live else "test",
        }
        return Response(self.show(said, request=request))
