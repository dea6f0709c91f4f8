"""A clerk at a bank's pages: uploads files, lets the worker do its job, reads what is shown."""

from __future__ import annotations

import html
import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from finance_hub.kernel import jobs
from finance_hub.kernel.models import Job
from tests.loans import bank

UPLOAD = "/reports/upload"


def table(*rows: bank.Row, dataset: str = "flow") -> bytes:
    return bank.csv_text(rows, dataset=dataset).encode()


def send(client: Client, content: bytes, *, name: str = "十月.csv", **said: Any) -> Any:
    """The answer to the upload form."""
    fields: dict[str, Any] = {"month": "2026-10", "dataset": "flow"} | said
    return client.post(UPLOAD, {**fields, "file": SimpleUploadedFile(name, content)})


def work() -> None:
    for job in Job.objects.filter(state="queued", kind="loan_batch").order_by("created_at"):
        jobs.run(str(job.pk))


def preview(client: Client, content: bytes, **said: Any) -> str:
    """The address of the preview of a file, once it is ready."""
    answer = send(client, content, **said)
    assert answer.status_code == 302, read_answer(answer)
    work()
    return str(answer["Location"])


def confirm(client: Client, address: str, **said: str) -> Any:
    fields = {"acceptance": "valid_rows", "compared": "yes"} | said
    return client.post(f"{address}/confirm", fields)


def reported(client: Client, content: bytes, **said: Any) -> str:
    """The address of the batch that a confirmed file became, once it is applied."""
    answer = confirm(client, preview(client, content, **said))
    assert answer.status_code == 302, read_answer(answer)
    work()
    return str(answer["Location"])


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return read_answer(answer)


def read_answer(answer: Any) -> str:
    """The words of a page in one line, without its markup."""
    text = re.sub(
        r"<script.*?</script>|<noscript.*?</noscript>", "", answer.content.decode(), flags=re.DOTALL
    )
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def errors(answer: Any) -> list[tuple[str, str]]:
    """(field id, sentence) of the error summary, and that each leads to a field of the page."""
    text = answer.content.decode()
    summary = re.search(r'<div class="error-summary".*?</div>', text, re.DOTALL)
    found = re.findall(r'<a href="#([\w-]+)">([^<]+)</a>', summary[0]) if summary else []
    for field, _sentence in found:
        assert len(re.findall(rf'<(?:input|select|textarea)[^>]* id="{field}"', text)) == 1, field
        assert f'id="{field}-error"' in text
    return [(field, html.unescape(sentence)) for field, sentence in found]
