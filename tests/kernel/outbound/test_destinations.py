"""Addresses that strangers chose: by their spelling, and by what their names lead to."""

from __future__ import annotations

import socket
from ipaddress import ip_network
from typing import Any

import pytest

from finance_hub.kernel import outbound
from tests.kernel.outbound.faults import NAME, fault_of, refusal_of

PUBLIC = "93.184.215.14"
INSIDE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",  # noqa: S104 - refused, not bound
    "169.254.169.254", "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.7",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1",
    "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::1", "2001::1",
]  # fmt: skip
OUTSIDE = [PUBLIC, "1.1.1.1", "223.5.5.5", "2606:4700::1111", "240e:1::1"]


class TestAUrl:
    @pytest.mark.parametrize(
        ("url", "code"),
        [
            ("", "url-malformed"),
            ("hooks.bank.example/x", "url-malformed"),
            ("https://", "url-malformed"),
            ("https:///x", "url-malformed"),
            ("https://a b.example/", "url-malformed"),
            ("https://bank.example/\r\nX: y", "url-malformed"),
            ("https://bank.example/\x00", "url-malformed"),
            ("https://银行.example/", "url-malformed"),
            ("https://bank.example/#x", "url-malformed"),
            ("https://[::1/", "url-malformed"),
            ("https://bank.example:99999/", "url-malformed"),
            ("https://bank.example:x/", "url-malformed"),
            ("https://bank_%61.example/", "url-malformed"),
            ("https://[fe80::1%25eth0]/", "url-malformed"),
            ("https://bank.example/" + "x" * 500, "url-malformed"),
            ("https://user:secret@bank.example/", "url-has-credentials"),
            ("https://bank.example@127.0.0.1/", "url-has-credentials"),
            ("http://bank.example/", "url-not-https"),
            ("http://localhost:8000/", "url-not-https"),
            ("http://127.0.0.2:8000/", "url-not-https"),
            ("ftp://bank.example/", "url-not-https"),
            ("file://bank.example/etc/passwd", "url-not-https"),
            ("gopher://bank.example/", "url-not-https"),
            ("https://bank.example:22/", "url-port"),
            ("https://bank.example:80/", "url-port"),
            ("https://bank.example:6379/", "url-port"),
        ],
    )
    def test_that_is_not_called_is_refused_by_its_code(self, url: str, code: str) -> None:
        assert refusal_of(url) == code

    @pytest.mark.parametrize("address", INSIDE)
    def test_with_an_address_of_the_inside_is_refused_as_it_stands(self, address: str) -> None:
        assert (
            refusal_of(f"https://[{address}]/" if ":" in address else f"https://{address}/") == "url-address"
        )

    @pytest.mark.parametrize(
        ("url", "host", "port", "target"),
        [
            ("https://bank.example", "bank.example", 443, "/"),
            ("https://Bank.Example:8443/a/b?c=d&e", "bank.example", 8443, "/a/b?c=d&e"),
            ("https://[2606:4700::1111]/x", "[2606:4700::1111]", 443, "/x"),
            ("https://1.1.1.1:443/", "1.1.1.1", 443, "/"),
        ],
    )
    def test_of_the_outside_is_taken_apart(self, url: str, host: str, port: int, target: str) -> None:
        found = outbound.destination(url)
        assert (found.host, found.port, found.target, found.tls) == (host, port, target, True)

    def test_of_this_machine_needs_the_setting(self, settings: Any) -> None:
        assert outbound.destination("http://127.0.0.1:9/x").tls is False
        settings.WEBHOOK_LOOPBACK = False
        assert refusal_of("http://127.0.0.1:9/x") == "url-not-https"

    def test_of_a_listed_network_is_called(self, settings: Any) -> None:
        settings.WEBHOOK_NETWORKS = [ip_network("10.8.0.0/16")]
        assert outbound.destination("https://10.8.3.4/").host == "10.8.3.4"
        assert refusal_of("https://10.9.0.1/") == "url-address"


class TestAName:
    @pytest.mark.parametrize("address", INSIDE)
    def test_that_leads_inside_is_not_dialled(self, resolver: Any, dialled: list[Any], address: str) -> None:
        resolver(address)
        assert fault_of(f"https://{NAME}/") == "no-allowed-address"
        assert dialled == []

    @pytest.mark.parametrize("address", OUTSIDE)
    def test_that_leads_outside_is(self, resolver: Any, dialled: list[Any], address: str) -> None:
        resolver(address)
        assert fault_of(f"https://{NAME}/") == "no-connection"
        assert dialled == [(address, 443)]

    @pytest.mark.parametrize("both", [(PUBLIC, "10.0.0.1"), ("10.0.0.1", PUBLIC)])
    def test_that_leads_to_both_is_not_dialled(
        self, resolver: Any, dialled: list[Any], both: tuple[str, str]
    ) -> None:
        resolver(*both)
        assert fault_of(f"https://{NAME}/") == "no-allowed-address"
        assert dialled == []

    @pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f.1", "0177.0.0.1"])
    def test_that_is_another_spelling_of_this_machine_is_not_dialled(
        self, dialled: list[Any], host: str
    ) -> None:
        assert fault_of(f"https://{host}/") == "no-allowed-address"
        assert dialled == []

    def test_that_does_not_exist_says_the_same_as_one_of_the_inside(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def nobody(*_: Any, **__: Any) -> Any:
            raise socket.gaierror

        monkeypatch.setattr(socket, "getaddrinfo", nobody)
        assert fault_of(f"https://{NAME}/") == "no-allowed-address"

    def test_is_looked_up_once_and_the_address_looked_at_is_the_one_dialled(
        self, resolver: Any, dialled: list[Any]
    ) -> None:
        asked = resolver(PUBLIC)
        fault_of(f"https://{NAME}:8443/x")
        assert (asked, dialled) == ([NAME], [(PUBLIC, 8443)])

    def test_of_plain_http_is_this_machine_alone(
        self, resolver: Any, dialled: list[Any], settings: Any
    ) -> None:
        settings.WEBHOOK_NETWORKS = [ip_network("10.0.0.0/8")]
        resolver("10.0.0.1")
        assert fault_of("http://127.0.0.1:80/") == "no-allowed-address"
        assert dialled == []
