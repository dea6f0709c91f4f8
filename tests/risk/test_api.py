"""Assumptions, scenarios, joint loss and runs over HTTP, and what the database refuses of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from finance_hub.kernel import ids
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Job
from finance_hub.kernel.scoping import within
from tasks.api import risk_samples as samples
from tasks.exposure.assumed import assumed
from tasks.models import RiskAssumptions, RiskParameter, StressScenario
from tasks.risk.parameters import REQUIRED, delivered, label
from tests.cast import NOW, Cast
from tests.funds.conftest import made
from tests.risk.test_runs import held, work

SET, SCENARIO = samples.NEW_ASSUMPTIONS, samples.NEW_SCENARIO
FIRST = SET["parameters"][0]


def changed(at: int, **given: Any) -> dict[str, Any]:
    rows = [dict(row) for row in SET["parameters"]]
    rows[at] |= given
    return {**SET, "parameters": rows}


class TestAssumptions:
    def test_the_delivered_set_says_of_each_number_what_it_rests_on(self, cast: Cast, api: Any) -> None:
        shown = api("auditor").get("/risk-assumptions/delivered", Accept_Language="en").json()
        assert {(row["kind"], row["key"]) for row in shown["parameters"]} >= {
            (kind, key) for kind, keys in REQUIRED.items() for key in keys
        }
        invented = [row for row in shown["parameters"] if row["is_invented"]]
        assert len(invented) == len(shown["parameters"]) - 4
        assert all(row["source"].startswith("Assumed") for row in invented)
        assert shown["parameters"][0]["label"] == "Normal"

    def test_a_whole_set_is_entered_and_the_one_of_its_day_entered_last_counts(
        self, cast: Cast, api: Any
    ) -> None:
        first = made(api("maker").post("/risk-assumptions", SET))
        second = made(api("maker").post("/risk-assumptions", changed(0, value="0.02")))
        assert [row["id"] for row in api("approver").get("/risk-assumptions").json()["data"]] == [
            second["id"],
            first["id"],
        ]
        with within(EVERYTHING):
            in_force = assumed(as_of=datetime(2026, 11, 1, tzinfo=UTC).date())
            assert in_force is not None
            assert in_force.public_id == second["id"]
            assert assumed(as_of=datetime(2026, 1, 1, tzinfo=UTC).date()) is None
        assert second["parameters"][0] == {**FIRST, "value": "0.02", "label": "正常"}

    @pytest.mark.parametrize(
        ("body", "pointer", "code"),
        [
            (changed(0, value="1.1"), "#/parameters/0/value", "max_value"),
            (changed(0, value="-0.1"), "#/parameters/0/value", "min_value"),
            (changed(0, value="0.1234567"), "#/parameters/0/value", "invalid"),
            (changed(0, value=0.1), "#/parameters/0/value", "not-a-string"),
            (changed(0, key="fine"), "#/parameters/0/key", "unknown-parameter"),
            (changed(0, key="loss"), "#/parameters/0/key", "parameter-twice"),
            (changed(0, kind="guess"), "#/parameters/0/kind", "invalid_choice"),
            (changed(0, source=""), "#/parameters/0/source", "blank"),
            (changed(-1, value="1"), f"#/parameters/{len(SET['parameters']) - 1}/value", "not-a-fraction"),
            ({**SET, "parameters": SET["parameters"][1:]}, "#/parameters", "parameter-missing"),
            ({**SET, "parameters": []}, "#/parameters", "empty"),
            ({**SET, "document": ""}, "#/document", "blank"),
        ],
    )
    def test_a_bad_set_names_its_field(
        self, cast: Cast, api: Any, body: Any, pointer: str, code: str
    ) -> None:
        answer = api("maker").post("/risk-assumptions", body)
        assert answer.status_code == 422, answer.content
        assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [(pointer, code)]
        with within(EVERYTHING):
            assert not RiskAssumptions.objects.exists()

    def test_every_number_has_a_name_in_both_languages(self) -> None:
        for row in delivered()[1]:
            assert label(row.kind, row.key).en.isascii()


class TestScenarios:
    def test_a_scenario_is_entered_and_shown(self, cast: Cast, api: Any) -> None:
        shown = made(api("maker").post("/stress-scenarios", SCENARIO))
        assert {name: shown[name] for name in SCENARIO} == SCENARIO
        assert [row["id"] for row in api("auditor").get("/stress-scenarios").json()["data"]] == [shown["id"]]

    @pytest.mark.parametrize(
        ("changes", "pointer", "code"),
        [
            ({"industry": "Z"}, "#/industry", "unknown-section"),
            ({"industry": "C39"}, "#/industry", "max_length"),
            ({"pd_factor": "0"}, "#/pd_factor", "min_value"),
            ({"pd_factor": "101"}, "#/pd_factor", "max_value"),
            ({"pd_factor": "1"}, "#/pd_factor", "changes-nothing"),
            ({"loading_factor": "11"}, "#/loading_factor", "max_value"),
            ({"failing": "everybody"}, "#/failing", "invalid_choice"),
            ({"name_en": " x"}, "#/name_en", "surrounding-blanks"),
            ({"document": ""}, "#/document", "blank"),
        ],
    )
    def test_a_bad_scenario_names_its_field(
        self, cast: Cast, api: Any, changes: dict[str, str], pointer: str, code: str
    ) -> None:
        answer = api("maker").post("/stress-scenarios", {**SCENARIO, **changes})
        assert answer.status_code == 422, answer.content
        assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [(pointer, code)]


def test_a_month_from_its_assumptions_to_its_comparison(cast: Cast, api: Any, few_draws: None) -> None:
    held(api)
    assert api("maker").post("/stress-runs", {"period": "2026-10"}).json()["code"] == "no-risk-assumptions"
    made(api("maker").post("/risk-assumptions", SET))
    assert api("maker").post("/stress-runs", {"period": "2026-10"}).json()["code"] == "no-stress-scenarios"
    made(api("maker").post("/stress-scenarios", SCENARIO))
    assert api("maker").get("/joint-loss/2026-10").json()["code"] == "no-joint-loss-yet"
    begun = api("maker").post("/stress-runs", {"period": "2026-10"})
    assert (begun.status_code, begun.json()["state"], begun.json()["done"]) == (202, "queued", 0)
    path = f"/stress-runs/{begun.json()['id']}"
    work()
    assert api("auditor").get(path).json()["done"] == 2
    work("stress_join")
    over = api("auditor").get(path).json()
    assert (over["state"], [row["scenario"] for row in over["comparison"]]) == (
        "succeeded",
        [None, "manufacturing"],
    )
    again = api("maker").post("/stress-runs", {"period": "2026-10"}).json()
    assert again["id"] == over["id"]
    assert api("maker").post(f"{path}/cancel").json()["code"] == "stress-run-is-over"
    loss = api("auditor").get("/joint-loss/2026-10").json()
    assert (loss["scenario"], loss["result"]["firms"], loss["assumptions"]["document"]) == (
        None,
        1,
        SET["document"],
    )
    assert len(loss["result"]["sensitivity"]) == 6


@pytest.fixture
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    from tasks.risk import joint, working

    compute = joint.compute
    monkeypatch.setattr(working, "compute", lambda *a, **k: compute(*a, **{**k, "draws": 500}))


@pytest.mark.parametrize("path", ["/stress-runs/none", "/joint-loss/none", "/joint-loss/2026-13"])
def test_what_is_not_there_is_not_found(cast: Cast, api: Any, path: str) -> None:
    assert api("maker").get(path).status_code == 404


@pytest.mark.parametrize("period", ["2026-13", "", "October"])
def test_a_run_of_no_month(cast: Cast, api: Any, period: str) -> None:
    answer = api("maker").post("/stress-runs", {"period": period})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/period")
    assert api("maker").post("/stress-runs", {"period": "2026-10"}).json()["code"] == "no-figures-yet"
    assert not Job.objects.filter(kind="loss").exists()


class TestTheDatabaseRefuses:
    @pytest.fixture
    def assumptions(self, everything: Cast) -> RiskAssumptions:
        return RiskAssumptions.objects.create(
            public_id=ids.new("ra"),
            valid_from=NOW.date(),
            document="x",
            recorded_at=NOW,
            recorded_by=everything["maker"],
        )

    @pytest.mark.parametrize(
        ("changes", "constraint"),
        [
            ({"kind": "guess"}, "risk_parameter_is_known"),
            ({"value": "1.5"}, "risk_parameter_is_a_fraction"),
            ({"value": "-0.1"}, "risk_parameter_is_a_fraction"),
            ({"value": "NaN"}, "risk_parameter_is_a_fraction"),
            ({"kind": "loading", "key": "*", "value": "1"}, "risk_parameter_is_a_fraction"),
            ({"source": ""}, "risk_parameter_names_its_source"),
            ({"key": "loan"}, "one_risk_parameter_per_key"),
        ],
    )
    def test_odd_numbers(
        self, assumptions: RiskAssumptions, changes: dict[str, Any], constraint: str
    ) -> None:
        row = {
            "assumptions_id": assumptions.pk, "kind": "lgd", "key": "equity", "value": "0.5", "source": "x",
            "is_invented": True,
        }  # fmt: skip
        _insert("tasks_riskparameter", row | {"key": "loan"})
        with pytest.raises(IntegrityError, match=constraint):
            _insert("tasks_riskparameter", row | changes)

    @pytest.mark.parametrize(
        ("changes", "constraint"),
        [
            ({"industry": "c"}, "scenario_hits_a_section_of_gb_4754"),
            ({"pd_factor": 0}, "factors_of_a_scenario_are_positive"),
            ({"pd_factor": "NaN"}, "factors_of_a_scenario_are_positive"),
            ({"loading_factor": 11}, "factors_of_a_scenario_are_positive"),
            ({"failing": "all"}, "who_fails_is_known"),
            ({"document": ""}, "scenario_names_its_document"),
        ],
    )
    def test_odd_scenarios(self, everything: Cast, changes: dict[str, Any], constraint: str) -> None:
        row = {
            "public_id": ids.new("sc"), "code": "x", "name": "x", "name_en": "x", "document": "x", "valid_from": NOW.date(),
            "industry": "", "pd_factor": 2, "loading_factor": 1, "listing_pd_factor": 1, "listing_lgd_factor": 1,
            "failing": "", "is_dropped": False, "recorded_at": NOW, "recorded_by_id": everything["maker"].pk,
        }  # fmt: skip
        with pytest.raises(IntegrityError, match=constraint):
            _insert("tasks_stressscenario", row | changes)

    def test_a_document_without_a_name(self, everything: Cast) -> None:
        row = {"public_id": "ra_1", "valid_from": NOW.date(), "document": "", "recorded_at": NOW,
               "recorded_by_id": everything["maker"].pk}  # fmt: skip
        with pytest.raises(IntegrityError, match="risk_assumptions_name_their_document"):
            _insert("tasks_riskassumptions", row)

    @pytest.mark.parametrize(
        "table", ["tasks_riskassumptions", "tasks_riskparameter", "tasks_stressscenario", "tasks_lossresult"]
    )
    def test_nothing_entered_or_computed_is_rewritten(self, everything: Cast, table: str) -> None:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608

    def test_results_and_runs_stand_once(
        self, assumptions: RiskAssumptions, october: Any, everything: Cast
    ) -> None:
        loss = {
            "snapshot_id": october.pk, "assumptions_id": assumptions.pk, "scenario_id": None, "version": "1", "seed": 1,
            "draws": 1, "content": "{}", "computed_at": NOW,
        }  # fmt: skip
        _insert("tasks_lossresult", loss)
        with pytest.raises(IntegrityError, match="one_loss_per_month_assumptions_and_scenario"):
            _insert("tasks_lossresult", loss)
        with pytest.raises(IntegrityError, match="losses_are_drawn"):
            _insert("tasks_lossresult", loss | {"version": "2", "draws": 0})
        run = {
            "public_id": "sr_1", "snapshot_id": october.pk, "assumptions_id": assumptions.pk, "inputs": "x", "attempt": 1,
            "requested_by_id": everything["maker"].pk, "requested_at": NOW,
        }  # fmt: skip
        _insert("tasks_stressrun", run)
        with pytest.raises(IntegrityError, match="one_run_per_inputs_and_attempt"):
            _insert("tasks_stressrun", run | {"public_id": "sr_2"})
        with pytest.raises(IntegrityError, match="a_finished_run_has_its_comparison"):
            _insert("tasks_stressrun", run | {"public_id": "sr_3", "attempt": 2, "finished_at": NOW})
        assert not RiskParameter.objects.exists()
        assert not StressScenario.objects.exists()


def _insert(table: str, row: dict[str, Any]) -> None:
    names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))  # noqa: S608
