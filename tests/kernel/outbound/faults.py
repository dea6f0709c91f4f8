"""What is said of a call that was not made."""

from __future__ import annotations

from typing import Any

import pytest

from finance_hub.kernel import outbound

NAME = "hooks.bank.example"


def fault_of(url: str, **options: Any) -> str:
    with pytest.raises(outbound.Unreachable) as caught:
        outbound.post(url, headers={}, body=b"{}", **options)
    return caught.value.fault


def refusal_of(url: str) -> str:
    with pytest.raises(outbound.UnacceptableUrl) as caught:
        outbound.destination(url)
    return caught.value.code
