"""Documents of a deal: what comes in is what goes out, under its hash, and no name or type does harm."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from finance_hub.kernel.models import AuditEntry
from finance_hub.rest.formats import BodyIncomplete
from funds import limits
from funds.operations.pipeline.documents import path_of, plain_name, plain_type, received
from tests.cast import Api
from tests.funds.conftest import Desk, made, refused
from tests.funds.following import Follower, digest_of

CONTENT = b"%PDF-1.7 " + bytes(range(256)) * 40


@pytest.fixture
def follower(funded: Desk) -> Follower:
    return Follower(funded)


@pytest.fixture
def deal(follower: Follower) -> str:
    return follower.at("screening")


@pytest.fixture
def step(follower: Follower, deal: str) -> str:
    return str(follower.steps(deal)[-1]["id"])


def _kept(root: Path) -> list[Path]:
    """Every file under the folder of deals."""
    return [path for path in (root / "deals").rglob("*") if path.is_file()]


def test_what_comes_in_goes_out(
    follower: Follower, deal: str, step: str, api: Callable[[str], Api], settings: Any
) -> None:
    sent = follower.upload(deal, step, CONTENT, name="投决会纪要.pdf", Content_Digest=digest_of(CONTENT))
    document = made(sent)
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    assert {name: document[name] for name in ("step", "name", "sha256", "size", "media_type")} == {
        "step": step, "name": "投决会纪要.pdf", "sha256": sha256, "size": len(CONTENT),
        "media_type": "application/pdf",
    }  # fmt: skip
    assert _kept(settings.FILES_DIR) == [path_of(sha256)]
    assert AuditEntry.objects.latest("seq").detail["sha256"] == sha256
    path = f"/deals/{deal}/documents/{document['id']}/content"
    for reader in ("manager_angel", "maker", "approver", "auditor"):
        got = api(reader).get(path)
        assert (got.status_code, got.content) == (200, CONTENT)
    assert (got["ETag"], got["Content-Type"]) == (f'"{sha256}"', "application/pdf")
    assert got["Content-Disposition"].startswith("attachment;")
    assert quote("投决会纪要.pdf") in got["Content-Disposition"]
    assert got["X-Content-Type-Options"] == "nosniff"
    assert api("maker").get(path, If_None_Match=f'"{sha256}"').status_code == 304
    part = api("maker").get(path, Range="bytes=0-3")
    assert (part.status_code, part.content) == (206, b"%PDF")
    assert api("maker").get(f"/deals/{deal}/documents").json()["data"] == [document]


def test_a_repeated_upload_is_kept_once(follower: Follower, deal: str, step: str, settings: Any) -> None:
    first, again = (follower.upload(deal, step, CONTENT, key="k") for _ in range(2))
    assert (made(first)["id"], again["Idempotent-Replayed"]) == (again.json()["id"], "true")
    refused(follower.upload(deal, step, b"other", key="k"), 422, "idempotency-key-reused")
    refused(follower.upload(deal, step, CONTENT, name="x.pdf"), 409, "document-already-attached")
    earlier = follower.steps(deal)[0]["id"]
    made(follower.upload(deal, earlier, CONTENT))
    assert len(_kept(settings.FILES_DIR)) == 1


@pytest.mark.parametrize(
    ("content", "headers", "status", "code"),
    [
        (CONTENT, {"Content_Digest": digest_of(b"other")}, 422, "content-hash-mismatch"),
        (CONTENT, {"Content_Digest": "sha-256=:x:"}, 400, "content-digest-malformed"),
        (CONTENT, {"Content_Digest": "md5=:x:"}, 400, "content-digest-malformed"),
        (b"", {}, 422, "document-empty"),
        (CONTENT, {"Idempotency_Key": "a b"}, 400, "idempotency-key-malformed"),
    ],
)
def test_content_that_is_refused_leaves_nothing(
    follower: Follower, deal: str, step: str, settings: Any, content: bytes, headers: dict[str, str],
    status: int, code: str,
) -> None:  # fmt: skip
    api = follower.api
    said = {"Idempotency-Key": "k", **{name.replace("_", "-"): value for name, value in headers.items()}}
    sent = api.client.post(
        f"/api/v1/deals/{deal}/documents?name=a.pdf&step={step}", content,
        content_type="application/pdf", headers=api._headers(said),
    )  # fmt: skip
    refused(sent, status, code)
    assert _kept(settings.FILES_DIR) == []
    assert follower.api.get(f"/deals/{deal}/documents").json()["data"] == []


def test_a_document_that_is_too_large(
    follower: Follower, deal: str, step: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert limits.MOST_DOCUMENT_BYTES == 52_428_800
    monkeypatch.setattr(limits, "MOST_DOCUMENT_BYTES", len(CONTENT))
    made(follower.upload(deal, step, CONTENT))
    refused(follower.upload(deal, step, CONTENT + b"!"), 413, "body-too-large")
    assert len(_kept(settings.FILES_DIR)) == 1


def test_a_document_that_does_not_arrive_whole(settings: Any) -> None:
    short = received(BytesIO(CONTENT), length=len(CONTENT) + 1, digest=None)
    with pytest.raises(BodyIncomplete), short:
        pass
    assert _kept(settings.FILES_DIR) == []


def test_a_document_behind_no_step_of_the_deal(follower: Follower, deal: str, settings: Any) -> None:
    other = follower.steps(follower.at("screening"))[0]["id"]
    for step in ("ds_missing", other):
        refused(follower.upload(deal, step, CONTENT), 422, "step-unknown")
    for query in ("", "name=a", "step=ds_x", "name=&step=ds_x"):
        sent = follower.api.client.post(
            f"/api/v1/deals/{deal}/documents?{query}", CONTENT, content_type="application/pdf",
            headers=follower.api._headers({"Idempotency-Key": "k"}),
        )  # fmt: skip
        refused(sent, 422, "required")
    assert _kept(settings.FILES_DIR) == []


def test_a_document_of_another_deal(follower: Follower, deal: str, step: str) -> None:
    document = made(follower.upload(deal, step, CONTENT))["id"]
    other = follower.at("met")
    refused(follower.api.get(f"/deals/{other}/documents/{document}/content"), 404, "not-found")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\尽调.docx", "尽调.docx"),
        ("=cmd|' /C calc'!A0.xlsx", "C calc'!A0.xlsx"),
        ("=1+1.csv", "1+1.csv"),
        ("＝1+1.csv", "1+1.csv"),
        ("-rf", "rf"),
        (".htaccess", "htaccess"),
        ("fdp\u202e.exe", "fdp.exe"),
        (" a. ", "a"),
        ("a/" * 300 + "b" * 196 + ".pdf", "b" * 196 + ".pdf"),
    ],
)
def test_a_name_comes_out_safe(follower: Follower, deal: str, step: str, sent: str, kept: str) -> None:
    document = made(follower.upload(deal, step, CONTENT, name=sent))
    assert document["name"] == kept == plain_name(sent)
    got = follower.api.get(f"/deals/{deal}/documents/{document['id']}/content")
    assert got.content == CONTENT


@pytest.mark.parametrize("name", ["/", "..", "=+-@", "a/", "\u202e", "  "])
def test_a_name_of_which_nothing_is_left(follower: Follower, deal: str, step: str, name: str) -> None:
    refused(follower.upload(deal, step, CONTENT, name=name), 422, "document-name-unusable")


def test_a_name_is_not_cut_short(follower: Follower, deal: str, step: str) -> None:
    problem = refused(
        follower.upload(deal, step, CONTENT, name="a" * 197 + ".pdf"), 422, "document-name-too-long"
    )
    assert problem["errors"][0]["pointer"] == "#/name"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Application/PDF", "application/pdf"),
        ("text/plain; charset=utf-8", "text/plain"),
        ("nonsense", "application/octet-stream"),
        ("multipart/form-data; boundary=x", "multipart/form-data"),
        ("application/json", "application/json"),
        ("a/" + "b" * 200, "application/octet-stream"),
    ],
)
def test_a_media_type_is_kept_plain(follower: Follower, deal: str, step: str, sent: str, kept: str) -> None:
    document = made(follower.upload(deal, step, CONTENT, kind=sent))
    assert document["media_type"] == kept == plain_type(sent)
    got = follower.api.get(f"/deals/{deal}/documents/{document['id']}/content")
    assert (got["Content-Type"], got["Content-Disposition"][:10]) == (kept, "attachment")
