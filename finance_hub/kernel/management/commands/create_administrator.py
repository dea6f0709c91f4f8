"""The first administrator of an installation, who then adds everybody else."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from datetime import datetime
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from finance_hub.kernel import organisations, people
from finance_hub.kernel.access import Role
from finance_hub.kernel.models import Organisation, Person
from finance_hub.kernel.problems import Problem

PASSWORD_VARIABLE = "ADMINISTRATOR_PASSWORD"  # noqa: S105 - its name, not its value


class Command(BaseCommand):
    help = (
        f"Create the first administrator. The password is asked for, or read from {PASSWORD_VARIABLE}. "
        "Prints once the otpauth URI for the authenticator app where a second factor is required."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("full_name")
        parser.add_argument(
            "--centre", default="centre", metavar="CODE", help="made where it is not there yet"
        )
        parser.add_argument("--centre-name", default="金融发展服务中心")
        parser.add_argument("--centre-name-en", default="Financial Development Service Centre")

    def handle(self, *_args: Any, username: str, full_name: str, **options: Any) -> None:
        if Person.objects.filter(role=Role.ADMIN, is_active=True).exists():
            raise CommandError("there is an administrator already; they add people through the API")
        password, now = _password(), timezone.now()
        try:
            with transaction.atomic():
                person = people.create(
                    username=username,
                    full_name=full_name,
                    organisation=_centre(options, now=now),
                    role=Role.ADMIN.value,
                    password=password,
                    by=None,
                    now=now,
                )
                uri = people.give_second_factor(person, by=None, now=now)
        except Problem as refusal:
            said = [refusal.said.en, *(error.message.en for error in refusal.errors)]
            raise CommandError(" ".join(said)) from refusal
        self.stdout.write(f"administrator {username} created")
        if uri:
            self.stdout.write(f"second factor, shown once: {uri}")


def _password() -> str:
    given = os.environ.get(PASSWORD_VARIABLE)
    if given is not None:
        return given
    password = getpass("Password: ")
    if password != getpass("Again: "):
        raise CommandError("the two passwords differ")
    return password


def _centre(options: dict[str, Any], *, now: datetime) -> Organisation:
    found = Organisation.objects.filter(code=options["centre"]).first()
    return found or organisations.establish(
        code=options["centre"],
        kind="centre",
        name=options["centre_name"],
        name_en=options["centre_name_en"],
        by=None,
        now=now,
    )
