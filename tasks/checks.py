"""What `check --deploy` says about publishing: unsigned, unposted, or wrongly configured."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Info, Tags, register

from tasks import delivery
from tasks.briefing import sign


@register(Tags.security, deploy=True)
def check_publishing(**_: Any) -> list[CheckMessage]:
    said: list[CheckMessage] = [Error(fault, id="finance_hub.E003") for fault in sign.faults()]
    if not sign.is_on():
        said.append(
            Info(
                "Published briefings are not signed: no key is configured.",
                hint="BRIEFING_KEY_FILE or BRIEFING_TOKEN_MODULE; see docs/operations.md.",
                id="finance_hub.I001",
            )
        )
    if not delivery.is_on():
        said.append(
            Info(
                "Published briefings are not announced by e-mail: no server is configured.",
                hint="EMAIL_HOST and EMAIL_FROM; see docs/operations.md.",
                id="finance_hub.I002",
            )
        )
    return said
