"""A verdict in sentences, in both languages, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from finance_hub.kernel.text import Text
from tasks.models import Briefing
from tasks.publication import file_name
from tasks.verification.comparing import How
from tasks.verification.known import Known
from tasks.verification.verdict import Finding, Page, Verdict

VERDICTS = {
    Verdict.GENUINE: Text("真实有效", "GENUINE"),
    Verdict.SUPERSEDED: Text("真实，但已被更正版替代", "SUPERSEDED BY A CORRECTION"),
    Verdict.DRAFT: Text("草稿，未印发", "DRAFT, NOT PUBLISHED"),
    Verdict.ALTERED: Text("已被改动", "ALTERED"),
    Verdict.UNKNOWN: Text("不是本中心印发的文件", "NOT OURS"),
    Verdict.NO_PDF: Text("不是 PDF 文件", "NOT A PDF"),
}
KINDS = {
    "issue": Text("简报", "the issue"),
    "draft": Text("草稿", "the draft"),
    "edition": Text("外文版", "the edition in another language"),
    "workbook": Text("数据工作簿", "the workbook"),
}
#: More pages than these are counted, not named.
MOST_PAGES = 20


def issue_name(row: Briefing) -> Text:
    """2026年第10期（总第24期）更正版1; the month where there is no number."""
    if row.issue_no is None or row.total_no is None:
        return Text(f"{row.month.year}年{row.month.month}月草稿", f"the draft of {row.month:%Y-%m}")
    correction = (
        Text(f"更正版{row.correction}", f", correction {row.correction}") if row.correction else Text("", "")
    )
    return Text(
        f"{row.year}年第{row.issue_no}期（总第{row.total_no}期）{correction.zh}",
        f"{row.year} No. {row.issue_no} (total {row.total_no}){correction.en}",
    )


def sentences(finding: Finding) -> list[Text]:
    """The verdict first, then what is known, each sentence by itself."""
    return [Text("{said}：SHA-256 {hash}", "{said}: SHA-256 {hash}").fill(said=VERDICTS[finding.verdict], hash=finding.sha256),
            *_about(finding), *_change(finding), *_signature(finding), *_archive(finding)]  # fmt: skip


def headline(finding: Finding) -> Text:
    return VERDICTS[finding.verdict]


def details(finding: Finding) -> list[Text]:
    """As `sentences`, without the first."""
    return sentences(finding)[1:]


def _about(finding: Finding) -> Iterator[Text]:
    if finding.of is None:
        yield Text("档案中没有与其相符的文件。", "Nothing in the archive agrees with it.")
        return
    known = finding.of
    if finding.verdict is Verdict.UNKNOWN:
        said = Text(
            "它自称取自{issue}的数据，但没有一页与之相同。",
            "It names the data of {issue}, but not one page is the same.",
        )
        yield said.fill(issue=issue_name(known.briefing))
        return
    come_from = finding.verdict is Verdict.ALTERED
    said = (
        Text("由{issue}的{kind}改动而来。", "It was made of {kind}, {issue}.")
        if come_from
        else Text("与{issue}的{kind}逐字节相同。", "It is {kind}, {issue}, byte for byte.")
    )
    yield said.fill(issue=issue_name(known.briefing), kind=KINDS[known.kind])
    if known.newer is not None and known.kind != "draft":
        yield Text("现行的是：{newer}。", "In force is {newer}.").fill(newer=issue_name(known.newer))
    if known.kind == "draft" and not known.is_current:
        yield Text("该草稿已不是现行草稿。", "It is not the draft of its month any more.")


def _change(finding: Finding) -> Iterator[Text]:
    found = finding.difference
    if found is None:
        return
    said = {
        How.APPENDED: Text(
            "原文件完整，其后另有 {count} 个字节（自偏移 {offset} 起）。",
            "The whole file is in it, with {count} bytes more behind, from offset {offset} on.",
        ),
        How.CUT: Text(
            "文件被截断，缺少最后 {count} 个字节。", "The file was cut; bytes missing at its end: {count}."
        ),
        How.CHANGED: Text(
            "长度相同，有 {count} 个字节不同，第一处在偏移 {offset}。",
            "The length is the same; bytes that differ: {count}, the first at offset {offset}.",
        ),
        How.REWRITTEN: Text(
            "文件被重新写过，自偏移 {offset} 起与原文件不同。",
            "The file was written anew: it differs from offset {offset} on.",
        ),
    }[found.how]
    yield said.fill(count=found.count, offset=found.offset)
    if not finding.is_compared:
        yield Text("无法逐页比较。", "Its pages cannot be compared.")
    elif not finding.pages:
        yield Text(
            "各页内容相同，改动在别处（字体、属性、附件或签名）。",
            "The content of every page is the same: the difference lies elsewhere (fonts, properties, attachments, signature).",
        )
    else:
        yield _of_pages(finding.pages)


def _of_pages(pages: tuple[Page, ...]) -> Text:
    words = {
        "changed": Text("第 {n} 页被改动", "page {n} was changed"),
        "added": Text("第 {n} 页是添加的", "page {n} was added"),
        "missing": Text("原第 {n} 页缺失", "page {n} of ours is missing"),
    }
    named = [words[page.how].fill(n=page.number) for page in islice(pages, MOST_PAGES)]
    rest = len(pages) - len(named)
    zh, en = "；".join(one.zh for one in named), "; ".join(one.en for one in named)
    if rest:
        zh, en = f"{zh}；另有 {rest} 页", f"{en}; and {rest} more"
    return Text(f"{zh}。", f"{en[:1].upper()}{en[1:]}.")


def _signature(finding: Finding) -> Iterator[Text]:
    if finding.bytes is None:
        return
    if finding.signature is None:
        if finding.of is not None and finding.of.briefing.signer and finding.of.kind in ("issue", "edition"):
            yield Text("原文件有电子签名，此文件没有。", "Ours is signed; this file has no signature.")
        elif finding.of is not None and finding.of.kind != "workbook":
            yield Text("文件没有电子签名。", "The file has no signature.")
        return
    found = finding.signature
    if not found.holds:
        yield Text(
            "电子签名无效：签名后的内容被改动。", "The signature is broken: what it covers was changed."
        )
    elif not found.whole:
        yield Text(
            "电子签名有效，但未覆盖整个文件：其后又添加了内容。",
            "The signature holds, but does not cover the whole file: something was added behind it.",
        )
    else:
        yield Text(
            "电子签名有效，覆盖整个文件：{signer}。",
            "The signature holds and covers the whole file: {signer}.",
        ).fill(signer=found.signer)
    if found.holds and not finding.is_our_signature:
        yield Text(
            "签名证书不是本中心所用的。", "The certificate is not the one that our copy was signed with."
        )


def _archive(finding: Finding) -> Iterator[Text]:
    if finding.archive_is_whole is False:
        yield Text(
            "注意：档案中的原件缺失或已被改动，请报告系统管理员。",
            "Attention: the archive's own copy is missing or was changed; tell the administrator.",
        )


def as_json(finding: Finding) -> dict[str, Any]:
    """For programs: codes, and nothing that has to be read."""
    known, found, sign = finding.of, finding.difference, finding.signature
    return {
        "verdict": finding.verdict.value,
        "sha256": finding.sha256,
        "bytes": finding.bytes,
        "briefing": _briefing(known) if known else None,
        "difference": {"how": found.how.value, "bytes": found.count, "offset": found.offset} if found else None,
        "pages_compared": finding.is_compared,
        "pages": [{"page": page.number, "how": page.how} for page in finding.pages],
        "signature": {"signer": sign.signer, "holds": sign.holds, "covers_whole_file": sign.whole,
                      "is_ours": finding.is_our_signature} if sign else None,
        "archive_is_whole": finding.archive_is_whole,
    }  # fmt: skip


def _briefing(known: Known) -> dict[str, Any]:
    row = known.briefing
    return {
        "id": row.public_id,
        "kind": known.kind,
        "language": known.language,
        "file_name": file_name(row),
        "period": row.month.strftime("%Y-%m"),
        "issue_no": row.issue_no,
        "total_no": row.total_no,
        "correction": row.correction,
        "is_current": known.newer is None if known.kind != "draft" else known.is_current,
        "superseded_by": known.newer.public_id if known.newer and known.kind != "draft" else None,
        "sha256": known.sha256,
        "signer": row.signer,
    }
