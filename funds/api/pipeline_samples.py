"""Example requests and answers of the API of the deals."""

from __future__ import annotations

from typing import Any

from funds.models.deals import Standing

_ENTERED = {"recorded_at": "2026-03-06T09:30:00+08:00", "recorded_by": "王某"}

NEW_DEAL = {
    "fund": "qingtong-angel",
    "firm_name": "桐乡示例传感科技有限公司",
    "title": "示例传感 A 轮",
    "source": "referral",
    "referred_by": "市科技局",
    "instrument": "equity",
    "planned_amount": "3000000.00",
    "lead": "陈某",
    "effective_date": "2026-03-05",
    "note": "路演后约谈",
}
DEAL = {
    "id": "dl_01JD3M8Q4T",
    "fund": "qingtong-angel",
    "firm": {"uscc": None, "name": "桐乡示例传感科技有限公司"},
    "title": "示例传感 A 轮",
    "source": "referral",
    "referred_by": "市科技局",
    "instrument": "equity",
    "planned_amount": "3000000.00",
    "lead": "陈某",
    "note": "路演后约谈",
    "stage": "met",
    "step_date": "2026-03-05",
    "paid_amount": "0.00",
    "unpaid_amount": "3000000.00",
    "last_paid_on": None,
    "payment_reversed": False,
    **_ENTERED,
    "version": 1,
}
CHANGES = {"uscc": "91330483MA2B9PTN02", "planned_amount": "2500000.00"}
CHANGED = {
    **DEAL,
    "firm": {"uscc": "91330483MA2B9PTN02", "name": "桐乡示例传感科技有限公司"},
    "planned_amount": "2500000.00",
    "unpaid_amount": "2500000.00",
    "version": 2,
}
DECISION: dict[str, Any] = {
    "decided_by": ["陈某", "李某", "周某"],
    "grounds": "技术路线清晰，尽调无重大瑕疵，估值与同类一致",
    "conflicts": "无利益冲突",
    "votes_for": 5,
    "votes_against": 1,
}
NEW_STEP = {
    "stage": "committee",
    "effective_date": "2026-04-20",
    "skipped": [{"stage": "due_diligence", "reason": "跟投，采用领投方尽调报告"}],
    "decision": DECISION,
    "note": "第 3 次会议",
}
STEP = {
    "id": "ds_01JD3M8Q4T",
    "stage": "committee",
    "skipped": False,
    "effective_date": "2026-04-20",
    "reason": "",
    "decision": DECISION,
    "investment": None,
    "corrects": None,
    "corrected_by": None,
    **_ENTERED,
    "note": "第 3 次会议",
}
NEW_PAYMENT = {"investment": "he_01JD3M8Q5B", "note": "第二期"}
PAYMENT = {
    "id": "dp_01JD3M8Q4T",
    **NEW_PAYMENT,
    "holding": "ho_01JD3M8Q4T",
    "amount": "1000000.00",
    "effective_date": "2026-06-15",
    "reversed_on": None,
    **_ENTERED,
}
DOCUMENT = {
    "id": "dd_01JD3M8Q4T",
    "step": "ds_01JD3M8Q4T",
    "name": "投决会纪要.pdf",
    "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "size": 48_213,
    "media_type": "application/pdf",
    "uploaded_at": "2026-04-21T10:00:00+08:00",
    "uploaded_by": "王某",
}
BOARD = {
    "fund": "qingtong-angel",
    "stages": [
        {"stage": stage, "deals": 2 if stage == "met" else 0, "planned_amount": amount}
        for stage in Standing.values
        for amount in ["5500000.00" if stage == "met" else "0.00"]
    ],
}
