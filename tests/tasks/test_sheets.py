"""A tear sheet's road: asked for, made by a job of the asker's scope, kept under its hash, served, swept."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from finance_hub.kernel import ids, jobs, scoping
from finance_hub.kernel.access import EVERYTHING, NOTHING, Scope
from finance_hub.kernel.models import AuditEntry, Firm, FirmName, FirmVersion, Job, Person
from finance_hub.kernel.problems import Forbidden
from tasks import sheets
from tasks.models import Snapshot
from tasks.sheets import Subject
from tests.briefing import reader
from tests.cast import Api, Cast
from tests.funds.conftest import FIRM, FUND, made, refused
from tests.kernel.threads import at_once

Speak = Callable[[str], Api]
ANGEL = "/funds/angel/tear-sheet"
OF_FIRM = f"/firms/{FIRM}/tear-sheet"


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker runs beside a test."""
    monkeypatch.setattr("tasks.api.sheets.PATIENCE", 0)


def computed() -> None:
    """A newer snapshot of October; what stands on a sheet is tried elsewhere, its figures are not needed here."""
    now = timezone.now()
    with scoping.within(EVERYTHING):
        Snapshot.objects.create(
            public_id=ids.new("ss"), month=date(2026, 10, 1), fingerprint=ids.new("")[-26:].rjust(64, "0"),
            known_at=now, taken_at=now, not_reported=[],
        )  # fmt: skip


def begin(api: Speak, *, computes: bool = True) -> None:
    """The angel fund, a firm that everybody knows of, and a month with figures."""
    made(api("maker").post("/funds", FUND))
    Firm.objects.create(uscc=FIRM, name="桐乡示例科技有限公司", source="centre", verified=True)
    if computes:
        computed()


@pytest.fixture
def city(cast: Cast, api: Speak) -> None:
    begin(api)


def ask(speaker: Api, path: str = ANGEL, **body: Any) -> dict[str, Any]:
    answer = speaker.post(path, body, key="")
    assert answer.status_code in {201, 202}, answer.content
    asked: dict[str, Any] = answer.json()
    return asked


def make(speaker: Api, path: str = ANGEL, **body: Any) -> dict[str, Any]:
    """Asked for and made, as the worker does it."""
    asked = ask(speaker, path, **body)
    assert jobs.run(asked["id"]) in {"succeeded", "busy"}
    shown = speaker.get(f"{path}/{asked['id']}")
    assert shown.status_code == 200, shown.content
    sheet: dict[str, Any] = shown.json()
    return sheet


def words(speaker: Api, sheet: dict[str, Any]) -> str:
    return reader.text(speaker.get(sheet["links"]["file"].removeprefix("/api/v1")).content)


class TestTheRoad:
    def test_is_queued_then_ready_then_a_file_under_its_hash(self, city: None, api: Speak) -> None:
        manager = api("manager_angel")
        answer = manager.post(ANGEL, {"period": "2026-10"}, key="")
        asked = answer.json()
        assert (answer.status_code, asked["state"], asked["sha256"]) == (202, "queued", None)
        assert answer["Location"] == asked["links"]["self"]
        sheet = make(manager)
        assert (sheet["id"], sheet["state"], sheet["period"], sheet["language"]) == (
            asked["id"], "ready", "2026-10", "zh-hans",
        )  # fmt: skip
        file = manager.get(f"{ANGEL}/{sheet['id']}/file")
        assert hashlib.sha256(file.content).hexdigest() == sheet["sha256"]
        assert (len(file.content), file["Content-Type"]) == (sheet["bytes"], "application/pdf")
        assert file["ETag"] == f'"{sheet["sha256"]}"'
        assert "2026-10.pdf" in file["Content-Disposition"]
        assert manager.get(f"{ANGEL}/{sheet['id']}/file", If_None_Match=file["ETag"]).status_code == 304
        part = manager.get(f"{ANGEL}/{sheet['id']}/file", Range="bytes=0-3")
        assert (part.status_code, part.content) == (206, b"%PDF")
        assert manager.post(ANGEL, {}, key="").status_code == 201

    def test_asked_for_again_is_the_same_sheet_and_one_act(self, city: None, api: Speak) -> None:
        first, again = ask(api("maker")), ask(api("auditor"), period="2026-10")
        assert first["id"] == again["id"]
        assert AuditEntry.objects.filter(action="sheet.request", subject="fund:angel").count() == 1

    def test_another_language_scope_or_snapshot_is_another_sheet(self, city: None, api: Speak) -> None:
        found = {
            ask(api("maker"))["id"],
            ask(api("maker"), language="en")["id"],
            ask(api("manager_angel"))["id"],
        }
        computed()
        found.add(ask(api("maker"))["id"])
        assert len(found) == 4

    def test_of_a_renamed_firm_is_another_sheet(self, city: None, api: Speak, cast: Cast) -> None:
        before = make(api("maker"), OF_FIRM)
        firm = Firm.objects.get(uscc=FIRM)
        Firm.objects.filter(pk=firm.pk).update(name="改名后的企业", version=2)
        FirmName.objects.create(firm=firm, name="改名后的企业", valid_from="2026-11-01")
        FirmVersion.objects.create(firm=firm, version=2, changed_by="x", changes={"name": {}})
        after = make(api("maker"), OF_FIRM)
        assert before["id"] != after["id"]
        assert "改名后的企业" in words(api("maker"), after)

    def test_the_same_sheet_made_twice_is_the_same_file(self, city: None, api: Speak) -> None:
        first = make(api("maker"))
        Job.objects.filter(pk=first["id"]).update(dedupe_key="elsewhere")
        second = make(api("maker"))
        assert first["id"] != second["id"]
        assert first["sha256"] == second["sha256"]
        assert len(list((Path(settings.FILES_DIR) / "sheets").iterdir())) == 1

    def test_without_a_month_is_of_the_newest_with_figures(self, city: None, api: Speak) -> None:
        assert ask(api("maker"))["period"] == "2026-10"

    def test_waits_for_what_is_asked_and_no_longer(self, city: None, api: Speak) -> None:
        sheet = make(api("maker"))
        assert api("maker").get(f"{ANGEL}/{sheet['id']}?wait=20").json()["state"] == "ready"
        refused(api("maker").get(f"{ANGEL}/{sheet['id']}?wait=soon"), 422, "not-an-integer")


class TestWhoMay:
    def test_a_manager_reads_its_own_fund_and_the_job_sees_its_rows_alone(
        self, city: None, api: Speak, cast: Cast
    ) -> None:
        sheet = make(api("manager_angel"))
        job = Job.objects.get(pk=sheet["id"])
        assert job.organisation_id == cast.organisation("angel-manager").pk
        assert job.requested_by == cast["manager_angel"]
        assert "青桐天使基金" in words(api("manager_angel"), sheet)

    def test_a_foreign_fund_answers_like_an_absent_one(self, city: None, api: Speak) -> None:
        sheet, stranger = make(api("manager_angel")), api("manager_industry")
        for answer in (
            stranger.post(ANGEL, {}, key=""),
            stranger.post("/funds/nowhere/tear-sheet", {}, key=""),
            stranger.get(f"{ANGEL}/{sheet['id']}"),
            stranger.get(f"{ANGEL}/{sheet['id']}/file"),
        ):
            refused(answer, 404, "not-found")

    def test_a_sheet_of_one_scope_is_not_there_for_another(self, city: None, api: Speak) -> None:
        """The centre's sheet of a firm holds what a manager may not see."""
        whole, part = make(api("maker"), OF_FIRM), make(api("manager_angel"), OF_FIRM)
        assert whole["sha256"] != part["sha256"]
        for speaker, sheet in (
            (api("manager_angel"), whole),
            (api("manager_industry"), part),
            (api("maker"), part),
        ):
            for tail in ("", "/file"):
                refused(speaker.get(f"{OF_FIRM}/{sheet['id']}{tail}"), 404, "not-found")
        assert "本表只含本机构所管基金" in words(api("manager_angel"), part)

    def test_a_sheet_is_found_under_what_it_is_of_alone(self, city: None, api: Speak) -> None:
        sheet, maker = make(api("maker")), api("maker")
        refused(maker.get(f"{OF_FIRM}/{sheet['id']}"), 404, "not-found")
        refused(maker.get(f"{ANGEL}/nonsense"), 404, "not-found")
        month = Job.objects.create(kind="month", dedupe_key="m", payload={"of": "fund", "key": "angel"})
        refused(maker.get(f"{ANGEL}/{month.pk}"), 404, "not-found")

    def test_a_firm_known_from_a_banks_report_alone_is_not_there_for_a_manager(
        self, city: None, api: Speak
    ) -> None:
        Firm.objects.filter(uscc=FIRM).update(source="bank_report", verified=False)
        refused(api("manager_angel").post(OF_FIRM, {}, key=""), 404, "not-found")
        assert make(api("maker"), OF_FIRM)["state"] == "ready"

    def test_whoever_loses_the_fund_loses_its_sheets(self, city: None, api: Speak, cast: Cast) -> None:
        sheet = make(api("manager_angel"))
        with scoping.within(cast["maker"].scope):
            sheets.funds.funds().filter(code="angel").update(manager=cast.organisation("industry-manager"))
        refused(api("manager_angel").get(f"{ANGEL}/{sheet['id']}/file"), 404, "not-found")

    def test_nobody_else_may_ask(self, city: None, api: Speak) -> None:
        for name in ("bank_a", "guarantor_a", "admin", "department"):
            for path in (ANGEL, OF_FIRM):
                refused(api(name).post(path, {}, key=""), 403, "forbidden")
                refused(api(name).get(f"{path}/x"), 403, "forbidden")

    def test_who_sees_no_rows_gets_no_job_that_sees_all(self, city: None, cast: Cast) -> None:
        """A job without an organisation sees everything: none is recorded for a scope of nothing."""
        admin: Person = cast["admin"]
        assert admin.scope == NOTHING
        with scoping.within(admin.scope), pytest.raises(Forbidden):
            sheets.request(Subject("fund", "angel"), month=None, language="en", by=admin, now=timezone.now())
        assert not Job.objects.filter(kind=sheets.KIND).exists()


class TestRefusals:
    def test_a_month_without_figures(self, city: None, api: Speak) -> None:
        refused(api("maker").post(ANGEL, {"period": "2026-09"}, key=""), 404, "no-figures-yet")

    def test_before_any_month_has_figures(self, api: Speak) -> None:
        made(api("maker").post("/funds", FUND))
        refused(api("maker").post(ANGEL, {}, key=""), 404, "no-figures-yet")

    def test_a_body_that_is_not_as_documented(self, city: None, api: Speak) -> None:
        bodies: tuple[tuple[dict[str, Any], str], ...] = (
            ({"period": "2026-13"}, "month-format"),
            ({"period": 202610}, "month-format"),
            ({"language": "fr"}, "invalid_choice"),
            ({"month": "2026-10"}, "unknown-field"),
        )
        for body, code in bodies:
            refused(api("maker").post(ANGEL, body, key=""), 422, code)

    def test_a_file_that_is_not_ready_has_failed_or_has_gone(self, city: None, api: Speak) -> None:
        maker = api("maker")
        path = f"{ANGEL}/{ask(maker)['id']}"
        refused(maker.get(f"{path}/file"), 409, "tear-sheet-not-ready")
        Job.objects.update(state="failed")
        refused(maker.get(f"{path}/file"), 409, "tear-sheet-failed")
        Job.objects.update(state="queued")
        sheet = make(maker)
        (Path(settings.FILES_DIR) / "sheets" / f"{sheet['sha256']}.pdf").unlink()
        refused(maker.get(f"{path}/file"), 410, "tear-sheet-expired")
        shown = maker.get(path).json()
        assert (shown["state"], shown["sha256"], shown["expires_at"]) == ("expired", None, None)


class TestAgain:
    def test_after_a_failure_is_a_new_job(self, city: None, api: Speak) -> None:
        first = ask(api("maker"))
        Job.objects.filter(pk=first["id"]).update(state="failed")
        second = make(api("maker"))
        assert second["id"] != first["id"]
        assert second["state"] == "ready"
        assert ask(api("maker"))["id"] == second["id"]

    def test_a_file_goes_after_thirty_days_and_is_made_anew(self, city: None, api: Speak) -> None:
        first = make(api("maker"))
        assert sheets.sweep(now=timezone.now() + timedelta(days=29)) == 0
        assert sheets.sweep(now=timezone.now() + timedelta(days=31)) == 1
        assert sheets.sweep(now=timezone.now() + timedelta(days=31)) == 0
        second = make(api("maker"))
        assert second["id"] != first["id"]
        assert second["sha256"] == first["sha256"]
        assert api("maker").get(f"{ANGEL}/{first['id']}").json()["state"] == "ready"

    def test_a_file_that_is_asked_for_again_is_kept_on(self, city: None, api: Speak) -> None:
        sheet = make(api("maker"))
        path = Path(settings.FILES_DIR) / "sheets" / f"{sheet['sha256']}.pdf"
        os.utime(path, (0, 0))
        ask(api("maker"))
        assert sheets.sweep(now=timezone.now() + timedelta(days=29)) == 0
        assert path.exists()

    def test_sweeping_before_anything_was_made_does_nothing(self) -> None:
        assert sheets.sweep(now=timezone.now()) == 0


class TestAtOnce:
    @pytest.fixture
    def ready(self, committed: Cast) -> Cast:
        begin(lambda name: Api(committed.key(name)))
        return committed

    def test_two_who_ask_after_a_failure_get_one_new_job(self, ready: Cast) -> None:
        asked = ask(Api(ready.key("maker")))
        Job.objects.filter(pk=asked["id"]).update(state="failed")

        def again(number: int) -> str:
            name = ("maker", "approver")[number]
            with scoping.within(ready[name].scope):
                job = sheets.request(
                    Subject("fund", "angel"),
                    month=None,
                    language="zh-hans",
                    by=ready[name],
                    now=timezone.now(),
                )
            return str(job.pk)

        found = at_once(2, again)
        assert len(found) == 2
        assert len(set(found)) == 1
        assert found[0] != asked["id"]
        assert Job.objects.filter(kind=sheets.KIND).count() == 2

    def test_whoever_waits_is_told_at_the_end_of_the_job(self, ready: Cast, monkeypatch: Any) -> None:
        """The answer brings the finished sheet, long before the waiter would look again by itself."""
        monkeypatch.setattr("tasks.api.sheets.PATIENCE", 20)
        monkeypatch.setattr("finance_hub.rest.waiting.LOOK_AGAIN_SECONDS", 20)

        def work() -> None:
            while not (job := Job.objects.filter(kind=sheets.KIND).first()):
                threading.Event().wait(0.02)
            jobs.run(str(job.pk))
            connection.close()

        worker = threading.Thread(target=work)
        worker.start()
        began = timezone.now()
        answer = Api(ready.key("manager_angel")).post(ANGEL, {}, key="")
        worker.join(20)
        assert (answer.status_code, answer.json()["state"]) == (201, "ready")
        assert timezone.now() - began < timedelta(seconds=15)


def test_a_job_of_a_manager_reads_nothing_that_the_manager_may_not(
    city: None, api: Speak, cast: Cast
) -> None:
    """The scope in force while the page is set is the manager's, in PostgreSQL too."""
    asked, seen = ask(api("manager_angel"), OF_FIRM), []
    real = sheets.keep

    def keep(content: bytes) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('app.scope'), current_setting('app.organisation')")
            seen.append((cursor.fetchone(), scoping.current()))
        return real(content)

    with pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(sheets, "keep", keep)
        assert jobs.run(asked["id"]) == "succeeded"
    mine = Scope(organisation_id=cast.organisation("angel-manager").pk)
    assert seen == [(("", str(mine.organisation_id)), mine)]
