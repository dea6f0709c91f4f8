"""Whether published briefings are signed, and by which key. Light: the signing itself is `tasks.briefing.pades`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings

from finance_hub.kernel.problems import Problem
from finance_hub.kernel.text import Text


class SigningFailed(Problem):
    """The key is configured and cannot be used: nothing is published unsigned by accident."""

    code = "signing-failed"
    status = 503
    title = Text("简报签名失败", "The briefing could not be signed")
    detail = Text("{zh}", "{en}")
    retry_after = 60


def refused(zh: str, en: str) -> SigningFailed:
    return SigningFailed(zh=zh, en=en)


def is_on() -> bool:
    """Whether a key is configured, from a file or on a token."""
    return bool(settings.BRIEFING_KEY_FILE or settings.BRIEFING_TOKEN_MODULE)


def faults() -> list[str]:
    """What is wrong with the configuration as far as it can be seen without using the key."""
    if not is_on():
        return []
    if settings.BRIEFING_KEY_FILE and settings.BRIEFING_TOKEN_MODULE:
        return ["BRIEFING_KEY_FILE and BRIEFING_TOKEN_MODULE name two keys: give one of them"]
    named = {
        name: getattr(settings, name)
        for name in ("BRIEFING_KEY_FILE", "BRIEFING_CERTIFICATE_FILE", "BRIEFING_TOKEN_MODULE")
    }
    found = [
        f"{name}: there is no file {path}"
        for name, path in named.items()
        if path and not Path(path).is_file()
    ]
    if settings.BRIEFING_TOKEN_MODULE and not settings.BRIEFING_TOKEN_KEY:
        found.append("BRIEFING_TOKEN_KEY must name the key on the token")
    return found


def signed(pdf: bytes, *, at: datetime) -> tuple[bytes, str]:
    """The file signed as at that time, and who signed it; as it came and "" where no key is configured.

    The same file, key and time give the same bytes. Raises SigningFailed.
    """
    if not is_on():
        return pdf, ""
    if wrong := faults():
        raise refused("签名配置有误：" + "；".join(wrong), "; ".join(wrong))
    from tasks.briefing import pades  # wanted once a month

    return pades.signed(pdf, at=at)
