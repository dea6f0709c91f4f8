"""Where a request comes from."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def of(request: HttpRequest) -> str:
    """The client's address; behind n proxies of ours the n-th X-Forwarded-For entry from the right.

    Entries further left are whatever the client wrote. A header with fewer entries than proxies,
    or with no address at that place, did not pass through them: then the peer itself is meant.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    entries = [entry.strip() for entry in request.headers.get("X-Forwarded-For", "").split(",")]
    trusted: int = settings.TRUSTED_PROXIES
    if not trusted or len(entries) < trusted:
        return peer
    return _address(entries[-trusted]) or peer


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        return ""
