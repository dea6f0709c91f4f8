"""Issue an API key on the machine itself; the API does the same for administrators."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from finance_hub.kernel import keys, people
from finance_hub.kernel.problems import Problem


class Command(BaseCommand):
    help = "Issue an API key that acts for a person. The token is printed once and kept nowhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--days", type=int, default=365, help="how long it lives, at most 366")

    def handle(self, *_args: Any, username: str, days: int, **_options: Any) -> None:
        now = timezone.now()
        try:
            issued = keys.issue(
                people.find(username),
                by=None,
                now=now,
                expires_at=now + timedelta(days=days),
                live=settings.LIVE_KEYS,
            )
        except (Problem, OverflowError) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(issued.token)
