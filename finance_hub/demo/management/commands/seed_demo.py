"""Load the demo city."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from finance_hub.demo import loading
from finance_hub.demo.city import Size


class Command(BaseCommand):
    help = (
        "Load a made-up city with 24 months of history, the same for the same seed. Figures and issues are "
        "computed by the workers (--wait waits for them) or by this process (--inline)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=42)
        parser.add_argument("--firms", type=int, default=240)
        parser.add_argument("--loans", type=int, default=1_500, help="Number of drawdowns.")
        parser.add_argument(
            "--if-empty", action="store_true", help="Do nothing where a city is loaded already."
        )
        parser.add_argument("--wait", action="store_true", help="Return when all issues are published.")
        parser.add_argument("--inline", action="store_true", help="Do the jobs here; needs no workers.")
        parser.add_argument("--seconds", type=float, default=1_800, help="The longest that --wait waits.")

    def handle(self, *_args: Any, **options: Any) -> None:
        if settings.PROFILE == "production":
            raise CommandError("the demo city is not loaded in the production profile")
        try:
            loading.load(
                seed=options["seed"],
                size=Size(firms=options["firms"], loans=options["loans"]),
                if_empty=options["if_empty"],
                wait=options["wait"],
                inline=options["inline"],
                seconds=options["seconds"],
                say=self.stdout.write,
                tell_secrets=self.stdout.isatty(),
            )
        except loading.REFUSALS as error:
            raise CommandError(str(error)) from error
