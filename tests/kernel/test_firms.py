"""The firm registry: a firm is its code; names, classes and edits are dated and signed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from finance_hub.kernel import firms
from finance_hub.kernel.access import EVERYTHING, Scope
from finance_hub.kernel.models import AuditEntry, Firm, FirmClass, FirmName, FirmVersion
from finance_hub.kernel.problems import InvalidFields, NotFound
from tests.cast import NOW, Cast
from tests.kernel.threads import at_once

CODE, DAY = "91330483MA2B9PTN02", date(2018, 3, 21)
BANK = Scope(organisation_id=1)


def register(cast: Cast, **other: Any) -> Firm:
    facts = {
        "code": CODE,
        "name": "旧名",
        "source": "centre",
        "known_from": DAY,
        "by": cast["maker"],
        "now": NOW,
    }
    return firms.register(**{**facts, **other})


@pytest.fixture
def firm(cast: Cast) -> Firm:
    return register(cast)


class TestRegistering:
    def test_it_has_its_first_name_and_an_entry(self, firm: Firm) -> None:
        assert list(firm.names.values_list("name", "valid_from")) == [("旧名", DAY)]
        assert AuditEntry.objects.filter(action="firm.register", subject=f"firm:{CODE}").exists()

    def test_a_code_is_registered_once(self, cast: Cast, firm: Firm) -> None:
        with pytest.raises(firms.FirmAlreadyRegistered):
            register(cast, name="另一名")

    def test_of_eight_at_once_one_registers(self, committed: Cast) -> None:
        def one(_: int) -> bool:
            try:
                return bool(register(committed))
            except firms.FirmAlreadyRegistered:
                return False

        assert sum(at_once(8, one)) == 1

    @pytest.mark.parametrize("code", ["", "91330483MA2B9PTN03", "91330483ma2b9ptn02", "9133"])
    def test_a_wrong_code_is_refused_with_its_reason(self, cast: Cast, code: str) -> None:
        with pytest.raises(InvalidFields) as refusal:
            register(cast, code=code)
        assert refusal.value.errors[0].code.startswith("uscc-")

    @pytest.mark.parametrize(
        ("column", "value", "rule"),
        [
            ("uscc", "91330483ma2b9ptn02", "uscc_has_the_shape_of_gb_32100"),
            ("industry", "software", "industry_is_a_gb_4754_code"),
            ("source", "rumour", "firm_source_is_known"),
        ],
    )
    def test_the_database_refuses_by_name(self, firm: Firm, column: str, value: str, rule: str) -> None:
        with pytest.raises((IntegrityError, Exception), match=f"{rule}|too long"), transaction.atomic():
            Firm.objects.filter(pk=firm.pk).update(**{column: value})


class TestEditing:
    def edit(self, cast: Cast, firm: Firm, *, version: int = 1, by: str = "maker", **changes: Any) -> Firm:
        return firms.edit(firm, version=version, by=cast[by], now=NOW, **changes)

    def test_every_edit_raises_the_version_and_says_what_it_was(self, cast: Cast, firm: Firm) -> None:
        changed = self.edit(cast, firm, town="濮院镇", founded_on=date(2018, 3, 1))
        assert (changed.version, changed.town) == (2, "濮院镇")
        assert FirmVersion.objects.get(firm=firm, version=2).changes == {
            "town": {"old": "", "new": "濮院镇"},
            "founded_on": {"old": None, "new": "2018-03-01"},
        }

    def test_a_stale_edit_is_told_who_changed_what(self, cast: Cast, firm: Firm) -> None:
        self.edit(cast, firm, town="濮院镇", by="approver")
        self.edit(cast, Firm.objects.get(pk=firm.pk), version=2, stage="growth")
        with pytest.raises(firms.StaleFirm) as refusal:
            self.edit(cast, firm, town="乌镇镇")
        assert refusal.value.said.zh == "approver 某、maker 某 已修改：town、stage。请重新读取后再改"
        assert Firm.objects.get(pk=firm.pk).town == "濮院镇"

    def test_of_eight_edits_of_one_version_one_holds(self, committed: Cast) -> None:
        made = register(committed)

        def one(number: int) -> bool:
            try:
                return bool(self.edit(committed, made, town=f"镇{number}"))
            except firms.StaleFirm:
                return False

        assert sum(at_once(8, one)) == 1

    def test_a_group_is_named_in_the_record(self, cast: Cast, firm: Firm) -> None:
        self.edit(cast, firm, control_group=firms.group_named("示例集团"))
        again = self.edit(cast, Firm.objects.get(pk=firm.pk), version=2, control_group=None)
        assert again.control_group is None
        changes = FirmVersion.objects.get(firm=firm, version=3).changes
        assert changes == {"control_group": {"old": "示例集团", "new": None}}
        assert firms.group_named("示例集团") == firms.group_named("示例集团")

    @pytest.mark.parametrize("field", ["uscc", "name", "source", "version", "id"])
    def test_what_makes_the_firm_is_not_edited(self, cast: Cast, firm: Firm, field: str) -> None:
        with pytest.raises(ValueError, match=field):
            self.edit(cast, firm, **{field: "x"})

    def test_the_history_is_append_only(self, cast: Cast, firm: Firm) -> None:
        self.edit(cast, firm, town="濮院镇")
        for model in (FirmVersion, FirmName):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                model.objects.all().delete()


class TestRenaming:
    def rename(self, cast: Cast, firm: Firm, name: str, day: date) -> str:
        firms.rename(firm, name=name, valid_from=day, by=cast["maker"], now=NOW)
        return Firm.objects.get(pk=firm.pk).name

    def test_the_latest_name_is_in_force_whatever_the_order_of_recording(
        self, cast: Cast, firm: Firm
    ) -> None:
        assert self.rename(cast, firm, "新名", date(2026, 1, 1)) == "新名"
        assert self.rename(cast, firm, "中名", date(2022, 1, 1)) == "新名"
        assert Firm.objects.get(pk=firm.pk).version == 3

    def test_a_day_has_one_name(self, cast: Cast, firm: Firm) -> None:
        with pytest.raises(firms.NameFromThatDay):
            self.rename(cast, firm, "另一名", DAY)

    def test_a_rename_makes_an_edit_of_before_stale(self, cast: Cast, firm: Firm) -> None:
        self.rename(cast, firm, "新名", date(2026, 1, 1))
        with pytest.raises(firms.StaleFirm, match="name"):
            firms.edit(firm, version=1, by=cast["maker"], now=NOW, town="x")


class TestRecognising:
    def recognise(self, cast: Cast, firm: Firm, **other: Any) -> FirmClass:
        facts = {
            "code": "high_tech",
            "valid_from": DAY,
            "valid_to": None,
            "detail": "GR1",
            "by": cast["maker"],
            "now": NOW,
        }
        return firms.recognise(firm, **{**facts, **other})

    def test_a_class_has_its_validity(self, cast: Cast, firm: Firm) -> None:
        assert self.recognise(cast, firm, valid_to=date(2021, 3, 21)).valid_to == date(2021, 3, 21)

    @pytest.mark.parametrize("end", [DAY, date(2018, 3, 20)])
    def test_it_ends_after_it_begins(self, cast: Cast, firm: Firm, end: date) -> None:
        with pytest.raises(InvalidFields) as refusal:
            self.recognise(cast, firm, valid_to=end)
        assert refusal.value.errors[0].code == "ends-before-it-begins"

    def test_it_is_recorded_once_from_a_day(self, cast: Cast, firm: Firm) -> None:
        self.recognise(cast, firm)
        with pytest.raises(firms.ClassFromThatDay):
            self.recognise(cast, firm, detail="GR2")


class TestFinding:
    @pytest.mark.parametrize("text", ["旧", "新名", "91330483", "ma2b9", ""])
    def test_a_firm_is_found_by_present_and_former_names_and_code(
        self, cast: Cast, firm: Firm, text: str
    ) -> None:
        firms.rename(firm, name="新名", valid_from=date(2026, 1, 1), by=cast["maker"], now=NOW)
        assert list(firms.search(text, scope=EVERYTHING)) == [firm]

    @pytest.mark.parametrize("text", ["无", "%", "_", "'", "\\"])
    def test_signs_of_sql_are_only_text(self, firm: Firm, text: str) -> None:
        assert list(firms.search(text, scope=EVERYTHING)) == []

    def test_that_a_firm_has_a_loan_is_not_told_by_its_being_known(self, cast: Cast) -> None:
        reported = register(cast, source="bank_report")
        assert list(firms.search("", scope=EVERYTHING)) == [reported]
        assert list(firms.search("", scope=BANK)) == []
        with pytest.raises(NotFound):
            firms.find(CODE, scope=BANK)
        Firm.objects.update(verified=True)
        assert firms.find(CODE, scope=BANK) == reported
