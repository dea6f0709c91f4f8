"""Organisations, their people, and the keys that act for people."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from finance_hub.kernel.access import Role, Scope, scope_for
from finance_hub.kernel.models.fields import one_of


class OrganisationKind(models.TextChoices):
    CENTRE = "centre"
    FUND_MANAGER = "fund_manager"
    BANK = "bank"
    GUARANTOR = "guarantor"
    #: Writes credit insurance 信用保证保险; reports it like a guarantee, so its people are guarantors.
    INSURER = "insurer"
    DEPARTMENT = "department"


class Organisation(models.Model):
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    reports_since = models.DateField(null=True, blank=True, help_text="First month a reporter owes a report.")

    class Meta:
        constraints: ClassVar = [one_of("kind", OrganisationKind, name="organisation_kind_is_known")]

    def __str__(self) -> str:
        return self.code


class RoleChoice(models.TextChoices):
    MAKER = Role.MAKER.value
    APPROVER = Role.APPROVER.value
    AUDITOR = Role.AUDITOR.value
    ADMIN = Role.ADMIN.value
    FUND_MANAGER = Role.FUND_MANAGER.value
    BANK = Role.BANK.value
    GUARANTOR = Role.GUARANTOR.value
    DEPARTMENT = Role.DEPARTMENT.value


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(username=username)


class Person(AbstractBaseUser):
    """Somebody who logs in, with one role in one organisation. Never deleted, only disabled."""

    username = models.CharField(max_length=64, unique=True)
    full_name = models.CharField(max_length=100)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="people")
    role = models.CharField(max_length=20, choices=RoleChoice.choices)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, default="zh-hans")
    created_at = models.DateTimeField(db_default=models.functions.Now())
    #: Encrypted with TOTP_KEY; empty until enrolled. A step once used is never accepted again.
    totp_seed = models.CharField(max_length=300, default="", blank=True)
    totp_last_step = models.BigIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    #: Raised to end all of the person's sessions.
    session_epoch = models.PositiveIntegerField(default=0)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]
    objects = PersonManager()

    class Meta:
        constraints: ClassVar = [one_of("role", RoleChoice, name="role_is_known")]

    @property
    def scope(self) -> Scope:
        return scope_for(role=self.role, organisation_id=self.organisation_id)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Changes, and so ends every session, with password, role, second factor and epoch."""
        facts = f"{self.role}|{self.organisation_id}|{self.totp_seed}|{self.session_epoch}"
        plain: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        return (
            plain + salted_hmac("finance_hub.session", facts, secret=secret, algorithm="sha256").hexdigest()
        )


class ApiKey(models.Model):
    """A bearer key acting with its owner's role. Only the SHA-256 of the secret is kept."""

    key_id = models.CharField(max_length=16, unique=True)
    secret_sha256 = models.CharField(max_length=64)
    last4 = models.CharField(max_length=4)
    live = models.BooleanField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="api_keys")
    #: Two slots a person, so that a key can be rotated while the old one still works.
    slot = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(db_default=models.functions.Now())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(slot__in=[1, 2]), name="two_live_keys_at_most"),
            models.UniqueConstraint(
                fields=["person", "slot"], condition=Q(revoked_at=None), name="one_live_key_per_slot"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="key_expires_after_its_birth"
            ),
        ]


class LoginFailure(models.Model):
    """Wrong passwords by account name or address; kept here so that a flushed cache unlocks nobody."""

    subject = models.CharField(max_length=100, unique=True, help_text="`user:<name>` or `ip:<address>`.")
    failures = models.PositiveIntegerField()
    window_started_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True, blank=True)
