"""Uploads that end early or never: what was not whole leaves nothing behind."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest
from django.http.request import UnreadablePostError

from finance_hub.rest.formats import BodyTooLarge
from loans.intake.receive import receive
from loans.intake.refusals import TruncatedBody
from tests.loans.bank import disbursement, ndjson


class Cut:
    """A body whose sender goes away after some bytes."""

    def __init__(self, sent: bytes, *, breaks: bool) -> None:
        self._left, self._breaks = io.BytesIO(sent), breaks

    def read(self, size: int, /) -> bytes:
        piece = self._left.read(size)
        if not piece and self._breaks:
            raise UnreadablePostError("connection reset")
        return piece


@pytest.mark.parametrize("breaks", [True, False])
def test_an_upload_that_ends_early_leaves_nothing_behind(settings: Any, breaks: bool) -> None:
    content = ndjson([disbursement()])
    with pytest.raises(TruncatedBody):
        receive(
            Cut(content[:100], breaks=breaks), public_id="lb_x", most=10_000, length=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )  # fmt: skip
    assert [path for path in settings.FILES_DIR.rglob("*") if path.is_file()] == []


def test_an_upload_longer_than_it_may_be_is_refused_while_it_comes(settings: Any) -> None:
    """Whatever its header says: a lying length, or none at all."""
    content = bytes(20_000)
    for length in (None, 10):
        with pytest.raises(BodyTooLarge):
            receive(
                io.BytesIO(content), public_id="lb_x", most=10_000, length=length,
                sha256=hashlib.sha256(content).hexdigest(),
            )  # fmt: skip
    assert [path for path in settings.FILES_DIR.rglob("*") if path.is_file()] == []
