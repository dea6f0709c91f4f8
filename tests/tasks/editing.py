"""A draft of October, and what people ask to be changed in it."""

from __future__ import annotations

from typing import Any

import pytest

from finance_hub.kernel.problems import InvalidFields
from tasks import publication
from tasks.briefing import editions
from tasks.models import Briefing, Snapshot
from tests.cast import NOW, Cast
from tests.tasks import issuing
from tests.tasks.conftest import KNOWN

ZH = "截至2026年10月末，专项贷款余额6,400.00万元，当月发放500.00万元（目标4家）。"
EN = "Specialty loans stand at CNY 64.00 million; CNY 5.00 million was disbursed (target 4)."


@pytest.fixture
def draft(october: Snapshot, everything: Cast) -> Briefing:
    made = editions.draft(october, requested_by=everything["maker"], now=KNOWN)
    assert made is not None
    return made


def said(zh: str = ZH, en: str = EN) -> dict[str, list[str]]:
    return {"zh-hans": [zh], "en": [en]}


def refused(draft: Briefing, cast: Cast, **changes: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidFields) as error:
        publication.request_edit(draft.public_id, **changes, by=cast["maker"], now=NOW)
    return [(one.code, one.message.zh) for one in error.value.errors]


def edit(draft: Briefing, cast: Cast, **changes: Any) -> Briefing:
    return issuing.edited(draft, by=cast["maker"], **changes)
