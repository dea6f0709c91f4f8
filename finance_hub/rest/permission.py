"""Whether a person may do what a view declares. REST framework imports this before its own views."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from finance_hub.kernel.access import may
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import Forbidden

if TYPE_CHECKING:
    from rest_framework.views import APIView

    from finance_hub.rest.views import ApiView


class DeclaredAction(BasePermission):
    """Refuses what the role may not do. A method without a declaration raises KeyError: a defect."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        operation = cast("ApiView", view).declared(request)
        if not may(cast(Person, request.user).role, operation.action):
            raise Forbidden
        return True
