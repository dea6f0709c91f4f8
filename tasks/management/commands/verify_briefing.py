"""Say whether a file is a briefing of ours, byte for byte, and if it was one once, what was done to it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from tasks.briefing import sign
from tasks.verification import Finding, Verdict, of_content, spoken
from tasks.verification.verdict import MOST_BYTES

CODES = {
    Verdict.GENUINE: 0, Verdict.SUPERSEDED: 3, Verdict.DRAFT: 4, Verdict.ALTERED: 5, Verdict.UNKNOWN: 6,
    Verdict.NO_PDF: 6,
}  # fmt: skip
#: The file is ours and the archive's own copy of it is not what it should be.
ARCHIVE_BROKEN = 7


class Command(BaseCommand):
    help = (
        "Verify a file against the archive. Exit code 0: genuine and in force, or the draft in force; 3: superseded by "
        "a correction; 4: a draft out of force; 5: altered; 6: not ours; 7: the archive's own copy is missing or "
        "changed; 1: the file cannot be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="one JSON object instead of sentences")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            with options["file"].open("rb") as file:
                content = file.read(MOST_BYTES + 1)
        except OSError as error:
            raise CommandError(str(error)) from error
        if len(content) > MOST_BYTES:
            raise CommandError(f"the file is larger than {MOST_BYTES} bytes: no briefing is", returncode=6)
        with within(EVERYTHING):
            finding = of_content(content)
            said = spoken.as_json(finding) if options["json"] else None
            lines = [text.en for text in spoken.sentences(finding)]
        if not sign.is_on():
            lines.append("Signing is switched off: no key is configured.")
        self.stdout.write(json.dumps(said, ensure_ascii=False) if said else "\n".join(lines))
        if code := code_of(finding):
            sys.exit(code)


def code_of(finding: Finding) -> int:
    is_current_draft = finding.verdict is Verdict.DRAFT and finding.of is not None and finding.of.is_current
    code = 0 if is_current_draft else CODES[finding.verdict]
    return ARCHIVE_BROKEN if code == 0 and finding.archive_is_whole is False else code
