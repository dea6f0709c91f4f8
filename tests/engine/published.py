"""Cases that others have published, with their source in the test's id."""

import json
from pathlib import Path
from typing import Any

import pytest

ORACLES = Path(__file__).parents[1] / "oracles"


def cases(file: str, *kinds: str) -> list[Any]:
    """The cases of these kinds in `tests/oracles/<file>.json`, as parameters named by case and source."""
    chosen = [
        case for case in json.loads((ORACLES / f"{file}.json").read_text())["cases"] if case["kind"] in kinds
    ]
    assert chosen, f"{file} has no case of {kinds}"
    return [pytest.param(case, id=f"{case['id']} [{_source(case['source'])}]") for case in chosen]


def every_case() -> set[str]:
    """The id of every published case."""
    files = [json.loads(file.read_text()) for file in sorted(ORACLES.glob("*.json"))]
    return {case["id"] for file in files for case in file["cases"]}


def _source(source: dict[str, str]) -> str:
    return source.get("repository") or source.get("document", "no source named").split(",")[0]
