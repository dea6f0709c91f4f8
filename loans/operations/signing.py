"""A pushed event as it travels, signed after Standard Webhooks (standardwebhooks.com, version 1)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

import orjson

from loans.models import FeedEvent


def body(event: FeedEvent) -> bytes:
    """The id and no more: a message that was read by somebody else, or forged, gives nothing away."""
    said = {"type": event.type, "sequence": event.sequence, "data": {"id": event.subject}}
    return orjson.dumps(said)


def headers(event: FeedEvent, content: bytes, *, secrets: Sequence[str], sent_at: datetime) -> dict[str, str]:
    """Names and values; one signature for each secret, in their order. The id is that of the event,
    the same at every attempt."""
    moment = str(int(sent_at.timestamp()))
    signed = f"{event.public_id}.{moment}.".encode() + content
    return {
        "webhook-id": event.public_id,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(f"v1,{_signature(signed, secret)}" for secret in secrets),
    }


def _signature(signed: bytes, secret: str) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
