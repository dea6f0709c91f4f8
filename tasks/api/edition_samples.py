"""Answers as examples: an edition on its road, a matter."""

EDITION = {
    "id": "br_01JD3M8Q4T",
    "period": "2026-10",
    "state": "draft",
    "issue_no": None,
    "total_no": None,
    "correction": 0,
    "corrects": None,
    "occasion": "",
    "note": "内部资料　注意保存",
    "snapshot": "ss_01JD3M8Q4T",
    "drafted_by": "maker",
    "drafted_at": "2026-11-06T09:00:00+08:00",
    "reviewed_by": None,
    "reviewed_at": None,
    "returned_by": None,
    "returned_at": None,
    "return_reason": "",
    "approved_by": None,
    "approved_at": None,
    "published_at": None,
    "pages": 11,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "file_url": "/api/v1/briefings/br_01JD3M8Q4T/file",
}
REVIEWED = {
    **EDITION,
    "state": "reviewed",
    "reviewed_by": "approver",
    "reviewed_at": "2026-11-07T16:00:00+08:00",
}
RETURNED = {
    **EDITION,
    "returned_by": "approver",
    "returned_at": "2026-11-07T16:00:00+08:00",
    "return_reason": "第二条请写明贷款增长的原因",
}
APPROVED = {
    **REVIEWED,
    "state": "approved",
    "issue_no": 10,
    "total_no": 24,
    "approved_by": "approver",
    "approved_at": "2026-11-08T09:00:00+08:00",
}
JOB = {"id": "5f0c1f0e-6f0e-4c53-9d0e-6a2f5a6c9b11", "kind": "edition", "state": "queued"}
OUTCOME = {
    "period": "2026-11",
    "standing": "done",
    "text": "已补报并核对一致",
    "text_en": "Reported late and reconciled",
    "recorded_by": "maker",
    "recorded_at": "2026-12-07T10:00:00+08:00",
}
MATTER = {
    "id": "ma_01JD3M8Q4T",
    "period": "2026-10",
    "text": "督促蚕桑银行补报10月末存量",
    "text_en": "See that Bank Cansang reports its positions of October",
    "owner": "市金融发展服务中心",
    "owner_en": "The finance centre",
    "due": "2026-11-20",
    "recorded_by": "maker",
    "recorded_at": "2026-11-06T10:00:00+08:00",
    "outcomes": [OUTCOME],
}
