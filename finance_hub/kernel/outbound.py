"""Calls that leave the house, to addresses strangers have chosen (OWASP API7, server-side request forgery).

A name is resolved once, every address it has must be allowed, and the connection goes to the address
that was looked at, so that a name cannot point elsewhere a moment later. Redirects are answers like
any other. Whatever the receiver does, a call is over after ten seconds and reads one kibibyte at most.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Literal
from urllib.parse import urlsplit

from django.conf import settings

from finance_hub.kernel.text import Text

SECONDS = 10.0
MOST_READ = 1024
LOOPBACK = "127.0.0.1"
_VISIBLE = re.compile(r"[\x21-\x7e]{1,500}", re.ASCII)
_HOST = re.compile(r"[a-z0-9._-]+|\[[0-9a-f:.]+\]", re.ASCII)
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})[ \r]")
#: Beyond what Python's `is_global` knows in every version: IETF's own networks, and addresses that hold
#: an IPv4 address which somebody between here and there unpacks (6to4, Teredo, NAT64).
_SPECIAL = [
    ip_network(net)
    for net in (
        "192.0.0.0/24", "192.88.99.0/24", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23",
        "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
    )
]  # fmt: skip

Fault = Literal["no-allowed-address", "no-connection", "tls-failed", "timed-out", "no-http-answer"]


class UnacceptableUrl(ValueError):
    """Nothing is sent there: `code` and `text` say why."""

    def __init__(self, code: str, text: Text) -> None:
        self.code, self.text = code, text
        super().__init__(f"{code}: {text.en}")


class Unreachable(Exception):
    """No answer was had. A name without addresses and one with forbidden ones are not told apart:
    the inside of our network is nothing to be asked about from outside."""

    def __init__(self, fault: Fault) -> None:
        self.fault: Fault = fault
        super().__init__(fault)


@dataclass(frozen=True)
class Destination:
    """`host` as it is asked for and certified, `target` the path with its query."""

    host: str
    port: int
    target: str
    tls: bool

    @property
    def bare_host(self) -> str:
        return self.host.strip("[]")

    @property
    def authority(self) -> str:
        return self.host if self.port == (443 if self.tls else 80) else f"{self.host}:{self.port}"


def destination(url: str) -> Destination:
    """Where a URL leads, by its spelling alone. Raises UnacceptableUrl."""
    malformed = UnacceptableUrl("url-malformed", Text("网址格式不正确", "This is no URL that can be called"))
    if not _VISIBLE.fullmatch(url):
        raise malformed
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise malformed from error
    host = parts.netloc.rpartition("@")[2].lower()
    host = host if host.endswith("]") else re.sub(r":[0-9]*$", "", host)
    if not _HOST.fullmatch(host) or parts.fragment:
        raise malformed
    if "@" in parts.netloc:
        raise UnacceptableUrl(
            "url-has-credentials",
            Text("网址中不能含有用户名或口令", "The URL must hold no user name or password"),
        )
    tls = parts.scheme == "https"
    here = settings.WEBHOOK_LOOPBACK and parts.scheme == "http" and host == LOOPBACK
    if not tls and not here:
        raise UnacceptableUrl(
            "url-not-https", Text("网址须以 https:// 开头", "The URL must begin with https://")
        )
    found = Destination(host, port or (443 if tls else 80), (parts.path or "/") + _query(parts.query), tls)
    if not here and found.port not in settings.WEBHOOK_PORTS:
        ports = ", ".join(map(str, settings.WEBHOOK_PORTS))
        said = Text("端口须为 {ports} 之一", "The port must be one of {ports}").fill(ports=ports)
        raise UnacceptableUrl("url-port", said)
    literal = _literal(found.bare_host)
    if literal and not _allowed(literal, plain=not tls):
        raise UnacceptableUrl(
            "url-address", Text("不允许调用该网段的地址", "Addresses of this range are not called")
        )
    return found


def post(url: str, *, headers: Mapping[str, str], body: bytes, seconds: float = SECONDS) -> int:
    """The status that a POST of the JSON body is answered with. Call it with no transaction open.

    `seconds` bound everything but the resolver, which has limits of its own. Raises UnacceptableUrl,
    Unreachable.
    """
    to = destination(url)
    family, address = _resolve(to)
    until = time.monotonic() + seconds
    try:
        with socket.socket(family, socket.SOCK_STREAM) as plain:
            plain.settimeout(_left(until))
            plain.connect(address)
            plain.settimeout(_left(until))
            if not to.tls:
                return _exchange(plain, _request(to, headers, body), until=until)
            with _trust().wrap_socket(plain, server_hostname=to.bare_host) as safe:
                return _exchange(safe, _request(to, headers, body), until=until)
    except TimeoutError as error:
        raise Unreachable("timed-out") from error
    except ssl.SSLError as error:
        raise Unreachable("tls-failed") from error
    except OSError as error:
        raise Unreachable("no-connection") from error


def _query(query: str) -> str:
    return f"?{query}" if query else ""


def _resolve(to: Destination) -> tuple[int, Any]:
    """The first of the name's addresses, all of which are allowed: (family, socket address)."""
    try:
        found = socket.getaddrinfo(to.bare_host, to.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable("no-allowed-address") from error
    if not found or not all(_allowed(ip_address(str(answer[4][0])), plain=not to.tls) for answer in found):
        raise Unreachable("no-allowed-address")
    return found[0][0], found[0][4]


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _allowed(address: IPv4Address | IPv6Address, *, plain: bool) -> bool:
    """Whether an address may be called: open Internet, or listed; plain http stays on this machine."""
    if plain:
        return str(address) == LOOPBACK
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if any(address in net for net in settings.WEBHOOK_NETWORKS):
        return True
    if address.is_multicast or address.is_reserved or any(address in net for net in _SPECIAL):
        return False
    return address.is_global


def _request(to: Destination, headers: Mapping[str, str], body: bytes) -> bytes:
    every = {
        "Host": to.authority,
        "User-Agent": "finance_hub",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Connection": "close",
        **headers,
    }
    lines = [f"POST {to.target} HTTP/1.1", *(f"{name}: {value}" for name, value in every.items())]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


def _exchange(connected: socket.socket, request: bytes, *, until: float) -> int:
    """Send, and read no further than the status line: one deadline holds for all of it."""
    connected.settimeout(_left(until))
    connected.sendall(request)
    answer = b""
    while b"\n" not in answer and len(answer) < MOST_READ:
        connected.settimeout(_left(until))
        piece = connected.recv(MOST_READ - len(answer))
        if not piece:
            break
        answer += piece
    status = _STATUS_LINE.match(answer)
    if status is None:
        raise Unreachable("no-http-answer")
    return int(status[1])


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _trust() -> ssl.SSLContext:
    context = ssl.create_default_context()
    if settings.WEBHOOK_CA_FILE:
        context.load_verify_locations(settings.WEBHOOK_CA_FILE)
    return context
