"""People over HTTP, for the administrator."""

from __future__ import annotations

from typing import ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel import login, people
from finance_hub.kernel.problems import InvalidFields
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.ground import shapes
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of

NEW = {"username": "wang.fang", "full_name": "王芳", "organisation": "centre", "role": "maker"}
SHOWN = {
    **NEW,
    "is_active": True,
    "second_factor": True,
    "locked_until": None,
    "created_at": "2026-10-08T09:00:00+08:00",
}
CREDENTIALS = {
    "person": SHOWN,
    "password": "sN4x2eWq8LkU0vTzRb1y",
    "otpauth_uri": "otpauth://totp/finance_hub:wang.fang?secret=JBSWY3DPEHPK3PXP&issuer=finance_hub",
}
SHOWN_ONCE = ("password", "otpauth_uri")


class Persons(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "person.manage",
            Text("人员列表", "The people"),
            response=shapes.PersonShape,
            many=True,
            query=cursors.QUERY,
            answer=[SHOWN],
            problems=(cursors.InvalidCursor,),
        ),
        "POST": Operation(
            "person.manage",
            Text("新增人员，返回一次性初始口令", "Add a person; their first password is shown once"),
            status=201,
            request=shapes.NewPerson,
            response=shapes.CredentialsShape,
            example=NEW,
            answer=CREDENTIALS,
            shown_once=SHOWN_ONCE,
            problems=(people.UsernameTaken, InvalidFields),
        ),
    }

    def get(self, request: Request) -> Response:
        return self.listed(people.registered(), request=request)

    def post(self, request: Request) -> Response:
        body = self.read_body(request)
        body["organisation"] = people.organisation_of_code(body["organisation"])
        made = people.invite(**body, by=person_of(request), now=timezone.now())
        return _told(self, made, request=request, status=201)


class Renew(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "person.manage",
            Text("重发口令与动态口令密钥", "Give new credentials to somebody who lost theirs"),
            response=shapes.CredentialsShape,
            answer=CREDENTIALS,
            shown_once=SHOWN_ONCE,
        )
    }

    def post(self, request: Request, username: str) -> Response:
        made = people.renew(people.find(username), by=person_of(request), now=timezone.now())
        return _told(self, made, request=request)


class Disable(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "person.manage",
            Text("停用人员，其会话与密钥即刻失效", "Disable a person, their sessions and keys at once"),
            response=shapes.PersonShape,
            answer={**SHOWN, "is_active": False},
            problems=(people.CannotDisableOneself,),
        )
    }

    def post(self, request: Request, username: str) -> Response:
        people.disable(people.find(username), by=person_of(request), now=timezone.now())
        return Response(self.show(people.find(username), request=request))


class Unlock(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "person.manage",
            Text("解除登录锁定", "Lift the lock-out of a person"),
            response=shapes.PersonShape,
            answer=SHOWN,
        )
    }

    def post(self, request: Request, username: str) -> Response:
        person = people.find(username)
        login.unlock(person.username, by=person_of(request), now=timezone.now())
        return Response(self.show(people.find(username), request=request))


def _told(view: ApiView, made: people.Credentials, *, request: Request, status: int = 200) -> Response:
    said = {
        "person": people.find(made.person.username),
        "password": made.password,
        "otpauth_uri": made.otpauth_uri or None,
    }
    return Response(view.show(said, request=request), status=status)
