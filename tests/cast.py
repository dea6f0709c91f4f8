"""The cast: one centre, two banks, two fund managers, two guarantors, an insurer, a department, and their people.

Nobody sees another's rows. `Api` speaks to the service over HTTP with a person's key.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone

from finance_hub.kernel.access import Role
from finance_hub.kernel.models import ApiKey, Organisation, Person

NOW = datetime(2026, 11, 5, 1, 30, tzinfo=UTC)

PEOPLE = {
    "maker": ("centre", Role.MAKER),
    "approver": ("centre", Role.APPROVER),
    "second_approver": ("centre", Role.APPROVER),
    "auditor": ("centre", Role.AUDITOR),
    "admin": ("centre", Role.ADMIN),
    "manager_angel": ("angel-manager", Role.FUND_MANAGER),
    "manager_industry": ("industry-manager", Role.FUND_MANAGER),
    "bank_a": ("bank-a", Role.BANK),
    "bank_b": ("bank-b", Role.BANK),
    "guarantor_a": ("guarantor-a", Role.GUARANTOR),
    "guarantor_b": ("guarantor-b", Role.GUARANTOR),
    "insurer_a": ("insurer-a", Role.GUARANTOR),
    "department": ("tech-bureau", Role.DEPARTMENT),
}
ORGANISATIONS = {
    "centre": "centre",
    "angel-manager": "fund_manager",
    "industry-manager": "fund_manager",
    "bank-a": "bank",
    "bank-b": "bank",
    "guarantor-a": "guarantor",
    "guarantor-b": "guarantor",
    "insurer-a": "insurer",
    "tech-bureau": "department",
}
REPORTERS = {"bank", "guarantor", "insurer"}


@dataclass
class Cast:
    organisations: dict[str, Organisation]
    people: dict[str, Person]
    _keys: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Person:
        return self.people[name]

    def organisation(self, code: str) -> Organisation:
        return self.organisations[code]

    def key(self, name: str) -> str:
        """Put straight into its place and used just now: nearly every test wants some, and few are about keys."""
        if name not in self._keys:
            key_id, secret = secrets.token_hex(6), secrets.token_hex(22)[:43]
            now = timezone.now()
            ApiKey.objects.create(
                key_id=key_id,
                secret_sha256=hashlib.sha256(secret.encode()).hexdigest(),
                last4=secret[-4:],
                live=False,
                person=self.people[name],
                slot=1,
                created_at=now,
                last_used_at=now,
                expires_at=now + timedelta(days=30),
            )
            self._keys[name] = f"fsk_test_{key_id}_{secret}"
        return self._keys[name]


def make_cast() -> Cast:
    """Two statements: nearly every test has a cast of its own."""
    organisations = Organisation.objects.bulk_create(
        Organisation(
            code=code,
            kind=kind,
            name=f"{code}（测试）",
            name_en=code,
            reports_since=date(2026, 10, 1) if kind in REPORTERS else None,
        )
        for code, kind in ORGANISATIONS.items()
    )
    houses = {organisation.code: organisation for organisation in organisations}
    facts = {"password": make_password(None)}
    people = [
        Person(username=name, full_name=f"{name} 某", organisation=houses[of], role=role.value, **facts)
        for name, (of, role) in PEOPLE.items()
    ]
    Person.objects.bulk_create(people)
    return Cast(houses, {person.username: person for person in people})


class Api:
    """A client of the API: JSON in, JSON out, an idempotency key per POST unless given."""

    def __init__(self, token: str | None) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1{path}", headers=self._headers(headers))

    def post(self, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> Any:
        idempotency = {"Idempotency-Key": key or str(uuid.uuid4())} if key != "" else {}
        return self._send("post", path, body, {**idempotency, **headers})

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self._send("patch", path, body, headers)

    def put(
        self, path: str, content: bytes, *, content_type: str = "application/octet-stream", **h: str
    ) -> Any:
        return self.client.put(f"/api/v1{path}", content, content_type=content_type, headers=self._headers(h))

    def send(self, method: str, path: str, **headers: str) -> Any:
        return self.client.generic(method, f"/api/v1{path}", headers=self._headers(headers))

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        raw = body if isinstance(body, (bytes, str)) else json.dumps({} if body is None else body)
        return getattr(self.client, method)(
            f"/api/v1{path}", raw, content_type="application/json", headers=self._headers(headers)
        )

    def _headers(self, extra: dict[str, str]) -> dict[str, str]:
        return {**self.headers, **{name.replace("_", "-"): value for name, value in extra.items()}}
