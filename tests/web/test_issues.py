"""A published issue in a browser: found in the archive, looked at, read on the screen, verified; the mailing list."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from finance_hub.kernel import jobs, scoping
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Job
from tasks import archive
from tasks.briefing import editions
from tasks.models import Briefing, Subscriber
from tests.cast import Cast
from tests.conftest import Build
from tests.tasks.conftest import make_snapshot
from tests.tasks.test_verification import bytes_of, published
from tests.web.conftest import Browse


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return html.unescape(answer.content.decode())


@pytest.fixture(scope="class")
def made(build: Build, standing_cast: Cast) -> Briefing:
    """An issue of October with the files beside it; it stands for all tests of a class."""

    def fill(_: object) -> Briefing:
        with scoping.within(EVERYTHING):
            month = make_snapshot(date(2026, 10, 1), balance="64000000.00")
            issue = published(month, standing_cast)
            archive.enqueue_due(now=timezone.now())
        assert jobs.run(str(Job.objects.get(kind="briefing_files").pk)) == "succeeded"
        return issue

    issue: Briefing = build(fill)
    return issue


def upload(client: Client, content: bytes, name: str = "issue.pdf") -> Any:
    return client.post("/verify", {"file": SimpleUploadedFile(name, content)})


class TestTheArchive:
    def test_finds_an_issue_by_year_and_words_and_shows_its_pages(
        self, made: Briefing, browse: Browse
    ) -> None:
        auditor = browse("auditor")
        for query in ("", "?year=2026", "?q=贷款余额", "?q=public+exposure", "?year=x"):
            said = read(auditor, f"/archive{query}")
            assert "2026年第1期（总第1期）" in said, query
            assert made.sha256 in said
            assert "未签名" in said
        for query in ("?year=2025", "?q=青蛙", "?q=%00%25_%25"):
            assert "没有简报含有这些文字" in read(auditor, f"/archive{query}")
        one = read(auditor, f"/archive/{made.public_id}")
        pictures = re.findall(r'<img src="([^"]+)"[^>]*loading="lazy"', one)
        assert len(pictures) == made.pages + 1
        answer = auditor.get(pictures[-1])
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
        assert b"".join(answer)[:8] == b"\x89PNG\r\n\x1a\n"
        assert auditor.get(pictures[-1], headers={"If-None-Match": answer["ETag"]}).status_code == 304

    def test_gives_the_files_beside_it_in_ranges_and_nothing_else(
        self, made: Briefing, browse: Browse
    ) -> None:
        auditor, here = browse("auditor"), f"/archive/{made.public_id}"
        answer = auditor.get(f"{here}/edition/en", headers={"Range": "bytes=0-4"})
        assert (answer.status_code, b"".join(answer)) == (206, b"%PDF-")
        assert "xlsx" in auditor.get(f"{here}/workbook/zh-hans")["Content-Disposition"]
        for wrong in (
            f"{here}/edition/fr", f"{here}/chart/en", f"{here}/x/en", f"{here}/pages/0.png", f"{here}/pages/99.png",
            "/archive/br_none",
        ):  # fmt: skip
            assert auditor.get(wrong).status_code == 404, wrong
        assert browse("bank_a").get(f"{here}/edition/en").status_code == 403


class TestReadOnTheScreen:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_every_number_leads_to_its_records_and_every_name_to_its_definition(
        self, made: Briefing, browse: Browse, language: str
    ) -> None:
        auditor = browse("auditor", language=language)
        said = read(auditor, f"/briefings/{made.public_id}/read")
        records = set(re.findall(r'<a class="num" href="([^"]+)"', said))
        assert len(records) > 5
        for address in records:
            assert auditor.get(address).status_code == 200, address
        terms = set(re.findall(r'<a class="term" href="#([^"]+)"', said))
        assert terms
        assert terms <= set(re.findall(r'<th scope="row" id="([^"]+)"', said))
        assert said.count("<svg ") == said.count("<details") > 0
        ids = re.findall(r' id="([^"]+)"', said)
        assert len(ids) == len(set(ids))
        assert "style=" not in said

    def test_a_draft_says_that_it_is_one(self, made: Briefing, cast: Cast, browse: Browse) -> None:
        from tasks.briefing import editions

        with scoping.within(EVERYTHING):
            month = make_snapshot(date(2026, 9, 1), balance="1.00")
            draft = editions.draft(month, requested_by=cast["maker"], now=timezone.now())
        assert draft is not None
        said = read(browse("maker"), f"/briefings/{draft.public_id}/read")
        assert "这是草稿，尚未印发" in said
        assert "<svg " not in said
        assert browse("bank_a").get(f"/briefings/{draft.public_id}/read").status_code == 403
        assert browse("maker").get("/briefings/br_none/read").status_code == 404

    def test_a_correction_leads_to_the_figures_before_and_after(
        self, made: Briefing, browse: Browse, standing_cast: Cast
    ) -> None:
        with scoping.within(EVERYTHING):
            newer = make_snapshot(date(2026, 10, 1), balance="65000000.00")
            corrects = editions.correct(
                made.public_id, newer, occasion="更正", by=standing_cast["maker"], now=timezone.now()
            )
        auditor = browse("auditor")
        said = read(auditor, f"/briefings/{corrects.public_id}/read")
        for snapshot, value in ((made.snapshot, "6,400.00"), (newer, "6,500.00")):
            address = f"/figures/records?snapshot={snapshot.public_id}&code=loans.balance"
            assert f'<a class="num" href="{address}">{value}</a>' in said
            assert auditor.get(address).status_code == 200


class TestVerifying:
    def test_an_upload_is_told_what_it_is(self, made: Briefing, browse: Browse) -> None:
        auditor, content = browse("auditor"), bytes_of(made)
        for sent, said in (
            (content, "真实有效"), (content + b"x", "其后另有 1 个字节"), (b"x", "不是 PDF 文件"), (b"", "不是 PDF 文件"),
        ):  # fmt: skip
            answer = upload(auditor, sent)
            assert answer.status_code == 200
            assert said in html.unescape(answer.content.decode()), said
        assert '<span class="faint">0 KB</span>' in upload(auditor, b"").content.decode()
        assert '<span class="faint">1 KB</span>' in upload(auditor, b"x").content.decode()
        assert "电子签名未启用" in html.unescape(answer.content.decode())
        assert "GENUINE" in upload(browse("auditor", language="en"), content).content.decode()

    def test_refuses_no_file_a_large_file_and_strangers(
        self, made: Briefing, browse: Browse, monkeypatch: Any
    ) -> None:
        assert browse("maker").post("/verify").status_code == 422
        from finance_hub.web.views import verify

        monkeypatch.setattr(verify.verify, "takes_file", 10)
        answer = upload(browse("maker"), b"12345678901")
        assert answer.status_code == 422
        assert "最大" in html.unescape(answer.content.decode())
        assert upload(browse("bank_a"), b"1").status_code in (400, 403)
        assert upload(browse(""), b"1").status_code in (302, 400)

    def test_the_code_on_a_page_leads_to_what_the_archive_holds(self, made: Briefing, browse: Browse) -> None:
        for prefix in (made.sha256[:8], made.sha256, made.snapshot.fingerprint[:16].upper()):
            assert made.sha256 in read(browse("auditor"), f"/verify/{prefix}")
        for wrong in (made.sha256[:7], "zz" * 8, "%25" * 10, "0" * 300):
            assert "没有与此散列值相符" in read(browse("auditor"), f"/verify/{wrong}")

    def test_over_the_api_by_hash_or_with_the_file(self, made: Briefing, cast: Cast, api: Any) -> None:
        here = "/briefings/verification"
        said = api("auditor").post(here, {"sha256": made.sha256}).json()
        assert (said["verdict"], said["briefing"]["id"], said["archive_is_whole"]) == (
            "genuine",
            made.public_id,
            True,
        )
        client, key = Client(), {"Authorization": f"Bearer {cast.key('auditor')}"}
        for content, verdict in (
            (bytes_of(made), "genuine"),
            (bytes_of(made)[:-9], "altered"),
            (b"{}", "no-pdf"),
        ):
            answer = client.post(f"/api/v1{here}", content, content_type="application/pdf", headers=key)
            assert (answer.status_code, answer.json()["verdict"]) == (200, verdict)
        for body, status in (
            ({"sha256": "x"}, 422), ({}, 422), ({"sha256": made.sha256, "more": 1}, 422),
            ({"sha256": made.sha256[:-1].upper() + "G"}, 422), ({"sha256": 7}, 422), ({"sha256": None}, 422),
        ):  # fmt: skip
            assert api("auditor").post(here, body).status_code == status
        capital = api("auditor").post(here, {"sha256": made.sha256.upper()}).json()
        assert (capital["verdict"], capital["sha256"]) == ("genuine", made.sha256)
        assert api("bank_a").post(here, {"sha256": made.sha256}).status_code == 403


class TestTheMailingList:
    def test_a_maker_adds_takes_off_and_puts_back(self, cast: Cast, browse: Browse) -> None:
        maker = browse("maker")
        said = {"name": "市财政局", "address": "finance@example.cn", "language": "zh-hans"}
        assert maker.post("/subscribers/add", said)["Location"] == "/subscribers"
        page = read(maker, "/subscribers")
        assert "finance@example.cn" in page
        assert "邮件通知未启用" in page
        answer = maker.post("/subscribers/add", said)
        assert (answer.status_code, "名单中已有该邮箱地址" in answer.content.decode()) == (409, True)
        for field, value in (
            ("name", ""),
            ("address", "x"),
            ("address", "a@b.cn\nBcc: c@d.cn"),
            ("language", "fr"),
        ):
            answer = maker.post("/subscribers/add", {**said, "address": "other@example.cn", field: value})
            assert answer.status_code == 422
            assert f'href="#{field}"' in answer.content.decode()
        with scoping.within(EVERYTHING):
            one = Subscriber.objects.get()
        for form, active in (({}, False), ({"active": "yes"}, True)):
            maker.post(f"/subscribers/{one.public_id}/switch", form)
            with scoping.within(EVERYTHING):
                assert Subscriber.objects.get().is_active is active
        assert maker.post("/subscribers/sb_none/switch").status_code == 404

    def test_others_only_read_it(self, browse: Browse) -> None:
        for name in ("approver", "auditor"):
            assert "/subscribers/add" not in read(browse(name), "/subscribers")
            assert browse(name).post("/subscribers/add", {}).status_code == 403
