"""Set a month's briefing and write it to a file."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.periods import Month, UnableToReadMonth
from finance_hub.kernel.scoping import within
from tasks import queries
from tasks.briefing.editions import as_file, issue_of


class Command(BaseCommand):
    help = (
        "Write the briefing in force of a month (the issue, else the draft) as a PDF. Same data, same bytes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("month", help="e.g. 2026-10")
        parser.add_argument("--output", required=True, type=Path)
        parser.add_argument("--language", choices=["zh-hans", "en"], default="zh-hans")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            month = Month.parse(options["month"])
        except UnableToReadMonth as error:
            raise CommandError(f"{options['month']} is not a month written 2026-10") from error
        with within(EVERYTHING):
            briefing = queries.briefing_of(month)
            if briefing is None:
                raise CommandError(f"{month} has no briefing yet: its figures have not been computed")
            issue = issue_of(briefing, language=options["language"])
        content, _signer = as_file(issue, signed_at=briefing.approved_at)
        options["output"].write_bytes(content)
        self.stdout.write(f"{hashlib.sha256(content).hexdigest()}  {options['output']}")
