"""Examples for the documentation of targets."""

from __future__ import annotations

from typing import Any

TARGET: dict[str, Any] = {
    "code": "S3-5-01",
    "section": "三(五)",
    "metric": "iur_events",
    "text": "力争两年开展产学研对接活动不少于100场",
    "quote": "力争两年开展产学研对接活动不少于100场",
    "value": "100",
    "unit": "events",
    "comparison": ">=",
    "kind": "increment",
    "strength": "strive (力争)",
    "baseline_date": "2022-01-01",
    "deadline": "2027-12-31",
    "deadline_basis": "explicit (两年), end date inferred from the plan period 2022-2023",
    "lead_unit": "科技局",
    "co_responsible_units": ["科协", "市场监管局", "各镇(街道)"],
    "tracking": "reported",
    "duplicate_of": None,
    "note": "",
    "open_questions": ["counting-from"],
    "status": "on-track",
    "present": "96",
    "expected": "80.5111",
    "ahead": "15.4889",
    "progress": "0.96",
    "counted": None,
    "figures_known_at": "2026-11-08T09:00:00+08:00",
    "newer_report": {"as_of": "2026-09-30", "value": "98"},
    "cadence": "quarterly",
    "report_due": "2026-10-20",
    "report_days_overdue": 16,
    "reports_waiting": 0,
}
REPORT_REQUEST: dict[str, Any] = {
    "as_of": "2026-09-30",
    "value": "212",
    "evidence": "科技局〔2026〕统计月报第9期",
}
DOCUMENT: dict[str, Any] = {
    "id": "td_01JD3M8Q4T",
    "name": "统计月报第9期.pdf",
    "size": 183204,
    "media_type": "application/pdf",
    "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
}
REPORT: dict[str, Any] = {
    "id": "tp_01JD3M8Q4T",
    "target": "S2-03",
    **REPORT_REQUEST,
    "corrects": None,
    "state": "waiting",
    "reported_by": "science",
    "recorded_at": "2026-10-12T09:30:00+08:00",
    "decided_by": None,
    "decided_at": None,
    "reason": None,
    "documents": [],
}
APPROVED: dict[str, Any] = {
    **REPORT, "state": "approved", "decided_by": "approver", "decided_at": "2026-10-13T15:00:00+08:00",
    "documents": [DOCUMENT],
}  # fmt: skip
REJECTED: dict[str, Any] = {
    **REPORT, "state": "rejected", "decided_by": "approver", "decided_at": "2026-10-13T15:00:00+08:00",
    "reason": "证据为第8期，请补第9期",
}  # fmt: skip
ANSWER_REQUEST: dict[str, Any] = {
    "words": "按两年合计",
    "document": "市科技创新专班会议纪要〔2026〕4号",
    "effective_date": "2026-03-10",
    "yearly": False,
}
ANSWER: dict[str, Any] = {
    **ANSWER_REQUEST, "lead_unit": None, "deadline": None, "complete": None, "answered_by": "maker",
    "recorded_at": "2026-03-11T10:00:00+08:00",
}  # fmt: skip
QUESTION_REQUEST: dict[str, Any] = {
    "targets": ["S3-6-09"],
    "about": "meaning",
    "text": "农创客以哪一份名册为准？",
    "text_en": "By which register are agricultural makers counted?",
}
QUESTION: dict[str, Any] = {
    "code": "spending-period",
    "about": "period",
    "text": "研发经费90亿元是2023年全年数，还是两年合计？",
    "raised_on": "2022-01-01",
    "targets": ["S3-3-04"],
    "answers": [ANSWER],
}
UNIT: dict[str, Any] = {
    "unit": "科技局", "name_en": "Science & Technology Bureau", "organisation": "science-bureau"
}  # fmt: skip
