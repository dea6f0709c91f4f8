"""A call to a real receiver: once, never for long, and to whom the certificate names."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from finance_hub.kernel import outbound
from tests.kernel.outbound.faults import NAME, fault_of
from tests.kernel.receiver import Receiver, receiving


class TestACall:
    def test_is_one_post_with_its_headers_and_body(self, receiver: Receiver) -> None:
        receiver.answers = [204]
        assert outbound.post(receiver.url, headers={"webhook-id": "evt_1"}, body=b'{"a":1}') == 204
        [got] = receiver.got
        assert (got.path, got.body, got.headers["webhook-id"]) == ("/hook?of=bank", b'{"a":1}', "evt_1")
        assert got.headers["host"] == f"127.0.0.1:{receiver.port}"
        assert got.headers["content-type"] == "application/json"

    @pytest.mark.parametrize("status", [200, 202, 299, 301, 307, 400, 410, 500, 503])
    def test_tells_the_status_whatever_it_is(self, receiver: Receiver, status: int) -> None:
        receiver.answers = [status]
        assert outbound.post(receiver.url, headers={}, body=b"") == status
        assert len(receiver.got) == 1

    def test_does_not_follow_a_redirect(self, receiver: Receiver) -> None:
        with receiving() as elsewhere:

            def redirect(request: BaseHTTPRequestHandler) -> None:
                request.send_response(307)
                request.send_header("Location", elsewhere.url)
                request.send_header("Content-Length", "0")
                request.end_headers()

            receiver.answers = [redirect]
            assert outbound.post(receiver.url, headers={}, body=b"{}") == 307
            assert elsewhere.got == []

    @pytest.mark.parametrize("pause", [0.02, 9.0], ids=["drop by drop", "not at all"])
    def test_is_over_in_time_however_slowly_the_answer_comes(self, receiver: Receiver, pause: float) -> None:
        def drip(request: BaseHTTPRequestHandler) -> None:
            for _ in range(200):
                request.wfile.write(b"x")
                request.wfile.flush()
                time.sleep(pause)

        receiver.answers = [drip]
        began = time.monotonic()
        assert fault_of(receiver.url, seconds=0.4) == "timed-out"
        assert 0.3 < time.monotonic() - began < 2

    @pytest.mark.parametrize("flood", [b"x" * 10_000_000, b"HTTP/1.1 200" + b"0" * 10_000_000])
    def test_reads_no_more_than_a_kibibyte(self, receiver: Receiver, flood: bytes) -> None:
        receiver.answers = [lambda request: request.wfile.write(flood)]  # type: ignore[list-item,return-value]
        assert fault_of(receiver.url) == "no-http-answer"

    @pytest.mark.parametrize(
        "line", [b"", b"\r\n\r\n", b"HTTP/2 200 OK\r\n", b"SSH-2.0-x\r\n", b"HTTP/1.1 999 \r\n"]
    )
    def test_knows_what_is_no_answer(self, receiver: Receiver, line: bytes) -> None:
        def say(request: BaseHTTPRequestHandler) -> None:
            request.wfile.write(line)
            request.close_connection = True

        receiver.answers = [say]
        assert fault_of(receiver.url) == "no-http-answer"

    def test_of_a_port_where_nobody_listens_is_a_fault(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            assert fault_of(f"http://127.0.0.1:{taken.getsockname()[1]}/") == "no-connection"


def certificate(folder: Path, *, name: str) -> ssl.SSLContext:
    """A server's context with a certificate of its own making, kept as `<name>.pem` in the folder."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / f"{name}.pem", folder / f"{name}.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context


class TestTls:
    @pytest.fixture
    def call(self, tmp_path: Path, resolver: Any, settings: Any) -> Iterator[Callable[..., int]]:
        """Posts to a receiver with a certificate for NAME, which every name leads to."""
        with receiving(tls=certificate(tmp_path, name=NAME)) as found:
            settings.WEBHOOK_NETWORKS = [ip_network("127.0.0.0/8")]
            settings.WEBHOOK_PORTS = [found.port]
            settings.WEBHOOK_CA_FILE = str(tmp_path / f"{NAME}.pem")
            resolver("127.0.0.1")

            def post(name: str = NAME) -> int:
                status = outbound.post(f"https://{name}:{found.port}/x", headers={}, body=b"{}")
                assert found.got[-1].headers["host"] == f"{name}:{found.port}"
                return status

            yield post

    def test_the_certificate_is_that_of_the_name_at_the_address_looked_up(
        self, call: Callable[..., int]
    ) -> None:
        assert call() == 200

    def test_a_certificate_of_another_name_is_refused(self, call: Callable[..., int]) -> None:
        with pytest.raises(outbound.Unreachable, match="tls-failed"):
            call("other.bank.example")

    def test_a_certificate_that_nobody_we_trust_has_signed_is_refused(
        self, call: Callable[..., int], settings: Any
    ) -> None:
        settings.WEBHOOK_CA_FILE = ""
        with pytest.raises(outbound.Unreachable, match="tls-failed"):
            call()

    def test_a_server_that_speaks_no_tls_is_refused(
        self, call: Callable[..., int], receiver: Receiver, settings: Any
    ) -> None:
        settings.WEBHOOK_PORTS = [receiver.port]
        assert fault_of(f"https://{NAME}:{receiver.port}/", seconds=2) in {"tls-failed", "timed-out"}
        assert receiver.got == []
