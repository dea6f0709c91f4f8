"""What the database refuses of reports on targets and of the decisions on them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from tasks.models import Target, TargetDecision, TargetReport
from tests.cast import NOW, Cast
from tests.tasks.targets.conftest import INSTITUTES

Tell = Callable[..., TargetReport]


class TestTheDatabaseRefuses:
    def test_a_decision_by_the_reporter(self, tell: Tell, bureau: Cast) -> None:
        made = tell(INSTITUTES, "33", waits=True)
        self.refuses("another_person_decides_the_report", report=made, decided_by=bureau["department"])

    def test_a_decision_by_nobody(self, tell: Tell) -> None:
        made = tell(INSTITUTES, "33", waits=True)
        self.refuses("decision_names_who_decides", report=made, decided_by=None)

    def test_a_decision_before_its_report(self, tell: Tell, bureau: Cast) -> None:
        made = tell(INSTITUTES, "33", waits=True)
        early = NOW - timedelta(seconds=1)
        self.refuses("decision_follows_its_report", report=made, decided_by=bureau["maker"], decided_at=early)

    def test_a_second_decision(self, tell: Tell, bureau: Cast) -> None:
        made = tell(INSTITUTES, "33")
        self.refuses("tasks_targetdecision_report_id", report=made, decided_by=bureau["maker"])

    def test_sending_back_without_a_reason(self, tell: Tell, bureau: Cast) -> None:
        made = tell(INSTITUTES, "33", waits=True)
        self.refuses(
            "rejection_has_its_reason", report=made, decided_by=bureau["maker"], approved=False, reason=" "
        )

    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            ({"target": "S3-4-04"}, "a_metric_is_reported_once"),
            ({"as_of": date(2026, 11, 6)}, "report_is_not_dated_in_the_future"),
            ({"evidence": ""}, "report_has_its_evidence"),
            ({"value": Decimal("12.5")}, "counted_things_are_whole"),
        ],
    )
    def test_a_report(self, bureau: Cast, change: dict[str, Any], rule: str) -> None:
        facts: dict[str, Any] = {
            "public_id": "tp_1", "target": INSTITUTES, "as_of": date(2026, 9, 30), "value": Decimal(1), "evidence": "x",
            "reported_by": bureau["department"], "recorded_at": NOW,
        } | change  # fmt: skip
        facts["target"] = Target.objects.get(pk=facts["target"])
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            TargetReport.objects.create(**facts)

    def test_a_value_that_is_no_number(self, tell: Tell) -> None:
        tell(INSTITUTES, "33")
        again = (
            "INSERT INTO tasks_targetreport (public_id, target_id, as_of, value, evidence, reported_by_id, recorded_at)"
            " SELECT 'tp_2', target_id, as_of - 1, 'NaN', evidence, reported_by_id, recorded_at FROM tasks_targetreport"
        )
        with (
            pytest.raises(IntegrityError, match="reported_value_is_a_number"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(again)

    def test_rewriting(self, tell: Tell) -> None:
        made = tell(INSTITUTES, "33")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            TargetReport.objects.filter(pk=made.pk).update(value=1)

    def refuses(self, rule: str, **facts: Any) -> None:
        whole = {"approved": True, "decided_at": NOW, **facts}
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            TargetDecision.objects.create(**whole)
