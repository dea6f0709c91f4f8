"""A briefing is read, taken, reviewed and approved by somebody else, and downloaded."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pyotp
import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from finance_hub.kernel import login, scoping
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Job, LoginFailure, Person
from tasks.models import Briefing, Snapshot
from tests.cast import Cast
from tests.web import scenes
from tests.web.conftest import Browse


@pytest.fixture
def snapshot(cast: Cast) -> Snapshot:
    return scenes.add_month(scenes.OCTOBER, silent=("flow",), lean=True)


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def stored(briefing: Briefing) -> Briefing:
    with scoping.within(EVERYTHING):
        return Briefing.objects.select_related("drafted_by", "approved_by").get(pk=briefing.pk)


def approve(client: Client, briefing: Briefing, **form: str) -> Any:
    return client.post(f"/briefings/{briefing.public_id}/approve", form or {"confirm": "yes"})


class TestTheList:
    def test_has_the_edition_in_force_of_each_month_newest_first(
        self, cast: Cast, browse: Browse, snapshot: Snapshot
    ) -> None:
        earlier = scenes.add_month(scenes.OCTOBER - 1, lean=True)
        scenes.add_briefing(
            earlier, state="published", drafted_by=cast["maker"], approved_by=cast["approver"]
        )
        scenes.add_briefing(snapshot, state="superseded")
        scenes.add_briefing(snapshot)
        rows = re.findall(r"<tr>.*?</tr>", read(browse("auditor"), "/briefings"), re.DOTALL)[1:]
        said = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)) for row in rows]

        assert len(said) == 2
        assert "2026年10月 未编号 草稿，待认领 第2稿" in said[0]
        assert "2026年9月 2026年第9期（总第24321期） 已印发 第1稿 maker 某 approver 某" in said[1]

    def test_says_so_when_it_is_empty(self, browse: Browse) -> None:
        assert "尚未起草任何简报" in read(browse("auditor"), "/briefings")

    def test_offers_no_file_that_is_gone(self, browse: Browse, snapshot: Snapshot) -> None:
        briefing = scenes.add_briefing(snapshot, with_file=False)

        assert "/file" not in read(browse("auditor"), "/briefings")
        assert browse("auditor").get(f"/briefings/{briefing.public_id}/file").status_code == 404

    def test_is_cut_into_pages(self, cast: Cast, browse: Browse) -> None:
        for back in range(30):
            month = scenes.OCTOBER - back
            scenes.add_briefing(scenes.add_month(month, lean=True), with_file=False)
        client = browse("auditor")
        first = read(client, "/briefings")
        link = re.search(r'rel="next" href="([^"]+)"', first)
        assert link

        assert first.count('<th scope="row"') == 24
        second = read(client, link[1])
        assert second.count('<th scope="row"') == 6
        assert "2024年5月" in second


class TestAFile:
    def test_is_downloaded_under_its_chinese_name(self, browse: Browse, snapshot: Snapshot) -> None:
        briefing = scenes.add_briefing(snapshot)
        answer = browse("auditor").get(f"/briefings/{briefing.public_id}/file")
        name = quote("科创金融工作简报_2026年10月_草稿.pdf")

        assert answer.content == scenes.PDF
        assert answer["Content-Disposition"] == f"attachment; filename*=utf-8''{name}"
        assert answer["ETag"] == f'"{briefing.sha256}"'
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]

    def test_is_shown_in_the_frame_of_its_own_page_and_no_other(
        self, browse: Browse, snapshot: Snapshot
    ) -> None:
        briefing = scenes.add_briefing(snapshot)
        answer = browse("auditor").get(f"/briefings/{briefing.public_id}/preview")

        assert answer["Content-Disposition"].startswith("inline")
        assert answer["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]

    @pytest.mark.parametrize("name", ["bank_a", "manager_angel", "admin", "department"])
    @pytest.mark.parametrize("part", ["", "/file", "/preview"])
    def test_is_for_readers_of_briefings(
        self, browse: Browse, snapshot: Snapshot, name: str, part: str
    ) -> None:
        briefing = scenes.add_briefing(snapshot)

        assert browse(name).get(f"/briefings/{briefing.public_id}{part}").status_code == 403

    @pytest.mark.parametrize("part", ["", "/file", "/preview"])
    def test_that_does_not_exist_is_not_found(self, browse: Browse, cast: Cast, part: str) -> None:
        assert browse("auditor").get(f"/briefings/br_0{part}").status_code == 404


class TestTaking:
    def test_makes_the_maker_answer(self, cast: Cast, browse: Browse, snapshot: Snapshot) -> None:
        briefing, client = scenes.add_briefing(snapshot), browse("maker")
        assert "认领草稿" in read(client, f"/briefings/{briefing.public_id}")
        answer = client.post(f"/briefings/{briefing.public_id}/take", follow=True)

        assert "您已认领本稿" in answer.content.decode()
        assert stored(briefing).drafted_by == cast["maker"]

    def test_is_offered_neither_twice_nor_to_an_approver(
        self, cast: Cast, browse: Browse, snapshot: Snapshot
    ) -> None:
        briefing = scenes.add_briefing(snapshot, drafted_by=cast["maker"])

        for name in ("maker", "approver", "auditor"):
            assert "/take" not in read(browse(name), f"/briefings/{briefing.public_id}")

    @pytest.mark.parametrize("name", ["auditor", "bank_a", "admin"])
    def test_is_refused_to_others(self, browse: Browse, snapshot: Snapshot, name: str) -> None:
        briefing = scenes.add_briefing(snapshot)

        assert browse(name).post(f"/briefings/{briefing.public_id}/take").status_code == 403
        assert stored(briefing).drafted_by is None

    def test_of_a_published_issue_is_refused_in_words(
        self, cast: Cast, browse: Browse, snapshot: Snapshot
    ) -> None:
        briefing = scenes.add_briefing(
            snapshot, state="published", drafted_by=cast["maker"], approved_by=cast["approver"]
        )
        answer = browse("maker").post(f"/briefings/{briefing.public_id}/take")

        assert answer.status_code == 409
        assert "该简报不是待审草稿" in answer.content.decode()

    @pytest.mark.parametrize("form", ["take", "approve"])
    def test_reloaded_after_a_refusal_goes_back_to_the_page(
        self, browse: Browse, snapshot: Snapshot, form: str
    ) -> None:
        briefing = scenes.add_briefing(snapshot)
        answer = browse("approver").get(f"/briefings/{briefing.public_id}/{form}")

        assert answer["Location"] == f"/briefings/{briefing.public_id}"


class TestApproving:
    @pytest.fixture
    def draft(self, cast: Cast, snapshot: Snapshot) -> Briefing:
        return scenes.add_briefing(snapshot, state="reviewed", drafted_by=cast["maker"])

    def test_numbers_the_issue_and_has_it_set(self, cast: Cast, browse: Browse, draft: Briefing) -> None:
        client = browse("approver")
        assert "maker 某负责" in read(client, f"/briefings/{draft.public_id}")
        answer = approve(client, draft)
        page = read(client, answer["Location"])

        assert stored(draft).state == "approved"
        assert stored(draft).approved_by == cast["approver"]
        assert Job.objects.filter(kind="publish").exists()
        assert "已批准，正在编号" in page
        assert "已批准，排印中" in page

    def test_of_ones_own_draft_is_refused_in_words(
        self, cast: Cast, browse: Browse, snapshot: Snapshot
    ) -> None:
        own = scenes.add_briefing(snapshot, state="reviewed", drafted_by=cast["approver"])
        client = browse("approver")

        page = read(client, f"/briefings/{own.public_id}")
        assert "须由另一人批准" in page
        assert 'name="confirm"' not in page
        answer = approve(client, own)
        assert answer.status_code == 403
        assert "提出人不能批准自己的申请" in answer.content.decode()
        assert stored(own).state == "reviewed"

    def test_of_a_draft_that_nobody_answers_for_is_refused_in_words(
        self, browse: Browse, snapshot: Snapshot
    ) -> None:
        untaken = scenes.add_briefing(snapshot)
        answer = approve(browse("approver"), untaken)

        assert answer.status_code == 409
        assert "须先由经办人认领" in answer.content.decode()
        assert stored(untaken).state == "draft"

    @pytest.mark.parametrize("name", ["maker", "auditor", "bank_a"])
    def test_is_refused_to_others_with_a_page(self, browse: Browse, draft: Briefing, name: str) -> None:
        answer = approve(browse(name), draft)

        assert answer.status_code == 403
        assert "您的角色没有这项权限" in answer.content.decode()
        assert stored(draft).state == "reviewed"

    @pytest.mark.parametrize("form", [{"confirm": "no"}, {"x": "y"}, {"confirm": ""}])
    def test_wants_the_tick(self, browse: Browse, draft: Briefing, form: dict[str, str]) -> None:
        answer = approve(browse("approver"), draft, **form)

        assert answer.status_code == 422
        assert "请勾选" in answer.content.decode()
        assert stored(draft).state == "reviewed"

    def test_twice_is_refused_in_words(self, browse: Browse, draft: Briefing) -> None:
        approve(browse("approver"), draft)
        answer = approve(browse("second_approver"), draft)

        assert answer.status_code == 409
        assert "该简报不是待审草稿" in answer.content.decode()

    def test_needs_the_token_of_its_form(self, cast: Cast, draft: Briefing) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(cast["approver"])

        assert approve(client, draft).status_code == 403
        assert stored(draft).state == "reviewed"

    @pytest.mark.parametrize("name", ["maker", "auditor"])
    def test_has_no_form_for_those_who_may_not(self, browse: Browse, draft: Briefing, name: str) -> None:
        assert 'name="confirm"' not in read(browse(name), f"/briefings/{draft.public_id}")


class TestTheCodeBeforeAnApproval:
    @pytest.fixture
    def seed(self, cast: Cast) -> pyotp.TOTP:
        made = login.new_seed(cast["approver"])
        Person.objects.filter(pk=cast["approver"].pk).update(totp_seed=made.sealed)
        cast["approver"].refresh_from_db()
        return pyotp.TOTP(made.key)

    @pytest.fixture
    def draft(self, cast: Cast, snapshot: Snapshot) -> Briefing:
        return scenes.add_briefing(snapshot, state="reviewed", drafted_by=cast["maker"])

    def test_is_asked_of_people_with_a_second_factor(
        self, browse: Browse, draft: Briefing, seed: pyotp.TOTP
    ) -> None:
        client = browse("approver")
        assert 'name="code"' in read(client, f"/briefings/{draft.public_id}")
        answer = approve(client, draft, confirm="yes", code=seed.now())

        assert answer.status_code == 302
        assert stored(draft).state == "approved"

    @pytest.mark.parametrize("code", ["", "000000", "abc"])
    def test_that_is_wrong_approves_nothing(
        self, browse: Browse, draft: Briefing, seed: pyotp.TOTP, code: str
    ) -> None:
        answer = approve(browse("approver"), draft, confirm="yes", code=code)

        assert answer.status_code == 422
        assert "动态口令不正确" in answer.content.decode()
        assert stored(draft).state == "reviewed"

    def test_cannot_be_guessed_for_ever(self, browse: Browse, draft: Briefing, seed: pyotp.TOTP) -> None:
        client = browse("approver")
        for _ in range(5):
            approve(client, draft, confirm="yes", code="000000")
        answer = approve(client, draft, confirm="yes", code=seed.now())

        assert LoginFailure.objects.get(subject="user:approver").failures == 5
        assert "尝试次数过多" in answer.content.decode()
        assert stored(draft).state == "reviewed"

    def test_is_used_up_by_the_approval(
        self, cast: Cast, browse: Browse, draft: Briefing, seed: pyotp.TOTP
    ) -> None:
        other = scenes.add_briefing(
            scenes.add_month(scenes.OCTOBER - 1, lean=True), state="reviewed", drafted_by=cast["maker"]
        )
        with time_machine.travel(timezone.now() + timedelta(seconds=1), tick=False):
            code, client = seed.now(), browse("approver")
            assert approve(client, draft, confirm="yes", code=code).status_code == 302
            assert approve(client, other, confirm="yes", code=code).status_code == 422


class TestThePage:
    def test_shows_the_road_and_the_evidence(self, cast: Cast, browse: Browse, snapshot: Snapshot) -> None:
        briefing = scenes.add_briefing(
            snapshot, state="published", drafted_by=cast["maker"], approved_by=cast["approver"]
        )
        text = read(browse("auditor"), f"/briefings/{briefing.public_id}")

        assert re.findall(r'data-state="(\w+)"', text) == ["done"] * 5
        for said in (briefing.sha256, snapshot.public_id, "未报送：乙银行", "共 11 页", "已印发"):
            assert said in text

    def test_shows_where_a_draft_stands(self, browse: Browse, snapshot: Snapshot) -> None:
        briefing = scenes.add_briefing(snapshot)
        text = read(browse("auditor"), f"/briefings/{briefing.public_id}")

        assert re.findall(r'data-state="(\w+)"', text) == ["done", "current", "ahead", "ahead", "ahead"]

    def test_of_a_superseded_draft_says_so_and_links_to_the_later_one(
        self, browse: Browse, snapshot: Snapshot
    ) -> None:
        old = scenes.add_briefing(snapshot, state="superseded")
        new = scenes.add_briefing(snapshot)
        text = read(browse("approver"), f"/briefings/{old.public_id}")

        assert "本稿已被后来的版次取代" in text
        assert f"/briefings/{new.public_id}" in text
        assert 'name="confirm"' not in text


class TestReviewing:
    @pytest.fixture
    def draft(self, cast: Cast, snapshot: Snapshot) -> Briefing:
        return scenes.add_briefing(snapshot, drafted_by=cast["maker"])

    def test_is_done_by_another_and_then_it_can_be_approved(self, browse: Browse, draft: Briefing) -> None:
        client, here = browse("approver"), f"/briefings/{draft.public_id}"
        page = read(client, here)
        assert "审核后方可批准" in page
        assert 'name="confirm"' not in page
        assert approve(client, draft).status_code == 409
        assert client.get(f"{here}/review")["Location"] == here
        client.post(f"{here}/review")
        page = read(client, here)
        assert stored(draft).state == "reviewed"
        assert 'name="confirm"' in page
        assert re.findall(r'data-state="(\w+)"', page) == ["done", "done", "done", "current", "ahead"]

    @pytest.mark.parametrize(("name", "status"), [("maker", 403), ("auditor", 403), ("bank_a", 403)])
    def test_is_refused_to_who_answers_and_to_others(
        self, browse: Browse, draft: Briefing, name: str, status: int
    ) -> None:
        assert browse(name).post(f"/briefings/{draft.public_id}/review").status_code == status
        assert stored(draft).state == "draft"

    def test_sends_back_with_a_reason_that_the_maker_reads(self, browse: Browse, draft: Briefing) -> None:
        client, here = browse("approver"), f"/briefings/{draft.public_id}"
        assert client.post(f"{here}/send-back", {"reason": "  "}).status_code == 422
        assert client.post(f"{here}/send-back", {"reason": "甲\u202e乙"}).status_code == 422
        client.post(f"{here}/review")
        client.post(f"{here}/send-back", {"reason": "第二条须写明原因\r\n请改"})
        assert stored(draft).state == "draft"
        assert "退回：第二条须写明原因 请改" in read(browse("maker"), here)

    def test_of_obstacles_without_reasons_is_refused_naming_them(
        self, browse: Browse, draft: Briefing
    ) -> None:
        with scoping.within(EVERYTHING):
            Briefing.objects.filter(pk=draft.pk).update(reasons={})
        client, here = browse("approver"), f"/briefings/{draft.public_id}"
        assert "理由未写" in read(client, here)
        answer = client.post(f"{here}/review")
        assert answer.status_code == 409
        assert "2026年10月尚未关账；乙银行未报送发生额" in answer.content.decode()
