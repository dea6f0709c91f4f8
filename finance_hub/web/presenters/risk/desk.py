"""What the page and its workbooks read of a month."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from finance_hub.kernel.periods import Month
from finance_hub.kernel.text import Text
from finance_hub.web import words
from tasks import queries
from tasks.exposure.assumed import assumed
from tasks.models import LossResult, RiskAssumptions, StressRun, StressScenario
from tasks.risk import entered, tolerances
from tasks.risk.tolerances import Tolerances


@dataclass(frozen=True)
class Desk:
    """The newest figures of the month, the joint loss computed last for it, and the last stress run."""

    month: Month
    tolerances: Tolerances
    result: LossResult | None
    run: StressRun | None
    assumptions: RiskAssumptions | None
    scenarios: list[StressScenario]

    @classmethod
    def of(cls, month: Month) -> Desk:
        """Raises NoFigures."""
        found = entered.latest_result(month)
        return cls(
            month=month,
            tolerances=tolerances.of_month(month),
            result=found,
            run=entered.latest_run(month),
            assumptions=found.assumptions if found else assumed(as_of=month.end),
            scenarios=entered.scenarios_in_force(as_of=month.end),
        )

    @property
    def content(self) -> dict[str, Any]:
        """Of the joint loss; only where there is one."""
        assert self.result is not None  # noqa: S101 - asked for behind `result`
        content: dict[str, Any] = self.result.content
        return content

    @cached_property
    def is_of_these_figures(self) -> bool:
        """Whether the joint loss was computed from the newest figures of the month."""
        return self.result is not None and self.result.snapshot_id == self.tolerances.snapshot.pk


def months() -> list[Month]:
    return queries.months_with_figures()


def said(label: dict[str, str]) -> str:
    """A label of a stored result in the reader's language."""
    return words.say(Text(label["zh"], label["en"]))
