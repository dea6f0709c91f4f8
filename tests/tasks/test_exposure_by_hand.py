"""The firm that docs/exposure.md works out by hand, to the cent: today, as known in August, on three bases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.cast import Api
from tests.tasks.exposing import KNOWN_THEN, exposure, known, public

Speak = Callable[[str], Api]


@pytest.fixture
def firm(api: Speak, monkeypatch: pytest.MonkeyPatch) -> Any:
    return known(api, monkeypatch)


def test_print(firm: Any, api: Speak) -> None:
    for query in ("", f"&known_at={KNOWN_THEN}", "&basis=nav", "&basis=commitment"):
        shown = exposure(api, query)
        print(query, public(shown), public(shown, part="finance"), public(shown, "fair_value"), public(shown, "loss"))
        print(shown["totals"], shown["borne_by"])
        print([ (l["code"], l["records"]) for l in shown["lines"]])
