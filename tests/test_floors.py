"""The floors of the house, seen from the tables: nothing points upward or sideways."""

from __future__ import annotations

from django.apps import apps
from django.db import models

from finance_hub.kernel import database

#: Apps from the ground up; those of one floor do not know each other.
FLOORS = (("kernel",), ("funds", "loans", "listings"), ("tasks",))
FLOOR_OF = {app: number for number, floor in enumerate(FLOORS) for app in floor}
#: Django's own tables stand below the ground.
FRAMEWORK = {"auth", "contenttypes", "sessions"}

#: Every table without a row scope, and why nobody's rows have to be kept from anybody there.
SHARED = {
    "kernel.ControlGroup": "the registry of firms is the city's; firms.visible keeps bank reports back",
    "kernel.Firm": "the registry of firms is the city's; firms.visible keeps bank reports back",
    "kernel.FirmName": "part of the registry of firms",
    "kernel.FirmVersion": "part of the registry of firms",
    "kernel.FirmClass": "part of the registry of firms",
    "kernel.Organisation": "who takes part is no secret; codes and names only",
    "kernel.Person": "read before there is a scope, to find it; listed for the administrator alone",
    "kernel.ApiKey": "read before there is a scope, to find it; digests only",
    "kernel.LoginFailure": "read before there is a person",
    "kernel.MonthState": "which months are closed is known to all",
    "kernel.Job": "read by workers before there is a scope; listed for the centre and the administrator",
    "kernel.IdempotencyKey": "claimed before there is a scope; always asked for by person",
    "kernel.AuditHead": "one row, the chain's tail",
    "kernel.AuditEntry": "one chain for everybody; read by the auditor alone",
    "loans.LoanProduct": "reference data",
    "loans.Pool": "names of pools, as agreements cite them; limits and money are the centre's",
    "loans.LprQuote": "reference data, published by the central bank",
    "loans.SubsidyScheme": "reference data, published terms",
    "tasks.IndexLevel": "reference data, published by whoever reckons the index",
    "tasks.MarketIndex": "reference data, published by whoever reckons the index",
    "tasks.OpenQuestion": "reference data, what the published plan leaves open",
    "tasks.QuestionAnswer": "how the published plan is read, for all who answer for it",
    "tasks.ResponsibleUnit": "reference data, names in the published plan",
    "tasks.Target": "reference data, the published plan",
    "tasks.TargetDecision": "read with its report",
    "tasks.TargetDocument": "read with its report",
    "tasks.TargetReport": "of targets that several units answer for: asked for by target (tasks.standing.rights)",
    "tasks.UnitAssignment": "which unit of the published plan is which organisation",
}


def ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label not in FRAMEWORK]


def test_every_app_with_tables_has_its_floor() -> None:
    assert {model._meta.app_label for model in ours()} == set(FLOOR_OF)


def test_no_foreign_key_points_upward_or_sideways() -> None:
    wrong = [
        f"{model._meta.label}.{field.name} → {target}"
        for model in ours()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        for target in [field.related_model._meta.app_label]
        if target != model._meta.app_label and FLOOR_OF[target] >= FLOOR_OF[model._meta.app_label]
    ]
    assert wrong == []


def test_there_are_foreign_keys_to_walk() -> None:
    down = {
        (model._meta.app_label, field.related_model._meta.app_label)
        for model in ours()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
    }
    assert ("funds", "kernel") in down
    assert ("tasks", "funds") in down


def test_nothing_that_is_pointed_at_takes_what_points_at_it_along() -> None:
    """Deleting never cascades: facts name what they are about for good."""
    cascading = [
        f"{model._meta.label}.{field.name}"
        for model in ours()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is not models.PROTECT
    ]
    assert cascading == []


def test_every_table_is_scoped_or_says_why_not() -> None:
    scoped = {model._meta.label for model in database.scoped_models()}
    assert {model._meta.label for model in ours()} - scoped == set(SHARED)
    assert all(SHARED.values())


def test_facts_are_append_only() -> None:
    assert {model._meta.label for model in database.append_only_models()} >= {
        "kernel.AuditEntry", "kernel.FirmName", "kernel.FirmVersion", "funds.FundEvent", "funds.HoldingEvent",
        "funds.DealChange", "funds.DealStep", "funds.DealPayment", "funds.DealDocument",
        "funds.Valuation", "loans.LoanEvent", "loans.LoanPosition", "loans.RowOutcome", "loans.GuaranteeEvent",
        "loans.AgreementShare", "loans.Claim", "loans.ClaimShare", "loans.Recovery", "loans.RecoveryShare",
        "loans.PoolEvent", "loans.NetAssets",
        "listings.StageEvent", "listings.AttemptParty", "listings.Filing", "listings.FinancialYear",
        "listings.FirmStatement", "tasks.Snapshot", "tasks.Figure", "tasks.TargetReport",
        "tasks.QuestionAnswer", "tasks.TargetDecision", "tasks.TargetDocument", "tasks.UnitAssignment",
        "tasks.MarketIndex", "tasks.IndexLevel", "tasks.FundBenchmark", "tasks.PacingAssumptions",
        "tasks.PacingScenario",
    }  # fmt: skip


def test_every_amount_of_money_refuses_what_is_no_number() -> None:
    """A numeric(18,2) column takes NaN, which sorts above every number and poisons every sum."""
    amounts = [
        (model, field)
        for model in ours()
        for field in model._meta.concrete_fields
        if isinstance(field, models.DecimalField) and (field.max_digits, field.decimal_places) == (18, 2)
    ]
    assert amounts
    assert [
        f"{model._meta.label}.{field.name}" for model, field in amounts if not _bounded(model, field.name)
    ] == []


def _bounded(model: type[models.Model], name: str) -> bool:
    """Whether a constraint holds the column below something, which NaN is not."""
    said = [str(c.condition) for c in model._meta.constraints if isinstance(c, models.CheckConstraint)]
    return any(f"'{name}__lt'" in one for one in said)
