"""Check every invariant; exit 1 when one is broken."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from tasks import invariants


class Command(BaseCommand):
    help = "Check every invariant of the data with plain SQL. Exit code 1 when one is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        with within(EVERYTHING):
            findings = invariants.check()
        if options["json"]:
            said = [{"invariant": f.name, "holds": f.holds, "offenders": list(f.offenders)} for f in findings]
            holds = all(finding.holds for finding in findings)
            self.stdout.write(json.dumps({"holds": holds, "invariants": said}, ensure_ascii=False))
        else:
            for finding in findings:
                mark = "holds " if finding.holds else "BROKEN"
                self.stdout.write(f"{mark}  {finding.name} {', '.join(finding.offenders)}".rstrip())
        if not all(finding.holds for finding in findings):
            sys.exit(1)
