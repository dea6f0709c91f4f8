"""Say whether a file is a briefing of ours, byte for byte."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from tasks.models import Briefing
from tasks.publication import file_name


class Command(BaseCommand):
    help = "Compare a file's SHA-256 with the briefings on record, and the archive's own copy with both."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            digest = hashlib.sha256(options["file"].read_bytes()).hexdigest()
        except OSError as error:
            raise CommandError(str(error)) from error
        with within(EVERYTHING):
            briefing = Briefing.objects.filter(sha256=digest).exclude(state="superseded").first()
        if briefing is None:
            raise CommandError(f"NOT GENUINE: {digest} is no briefing in force")
        archived = settings.FILES_DIR / briefing.file
        if not archived.is_file() or hashlib.sha256(archived.read_bytes()).hexdigest() != digest:
            raise CommandError(
                f"the file is genuine, but the archive's copy {archived} is missing or changed"
            )
        self.stdout.write(f"GENUINE: {file_name(briefing)} ({briefing.state}), SHA-256 {digest}")
