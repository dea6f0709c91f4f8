"""What a sheet says of the data it was made of."""

from __future__ import annotations

from finance_hub.kernel.periods import SHANGHAI
from tasks.briefing.content.desk import Desk
from tasks.models import Snapshot


def month_label(desk: Desk) -> str:
    return desk.say(f"{desk.month.year}年{desk.month.number}月", str(desk.month))


def proof(desk: Desk, snapshot: Snapshot) -> tuple[str, ...]:
    """Which data the sheet was made of."""
    known = snapshot.known_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    return (
        desk.say(f"数据快照：{snapshot.public_id}", f"Data snapshot: {snapshot.public_id}"),
        desk.say(f"指纹：{snapshot.fingerprint[:16]}", f"Fingerprint: {snapshot.fingerprint[:16]}"),
        desk.say(f"数据截至{desk.as_of}", f"Data as of {desk.as_of}"),
        desk.say(f"取数时间 {known}", f"As known at {known}"),
    )
