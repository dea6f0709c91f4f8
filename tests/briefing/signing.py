"""Keys for the tests, made when they are first wanted."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

PASSPHRASE = "a passphrase"
SIGNER = "简报签发（市金融发展服务中心）"
Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@cache
def private(kind: str) -> Private:
    if kind == "ec":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=1024 if kind == "short" else 2048)


@cache
def certificate(kind: str = "rsa", until: int = 2036) -> x509.Certificate:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "市金融发展服务中心"),
            x509.NameAttribute(NameOID.COMMON_NAME, "简报签发"),
        ]
    )
    key = private(kind)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(20261)
    made = made.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC)).not_valid_after(
        datetime(until, 1, 1, tzinfo=UTC)
    )
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    made = made.public_key(key.public_key()).add_extension(usage, critical=True)
    return made.sign(key, hashes.SHA256())


def pkcs12_file(folder: Path, kind: str = "rsa", *, until: int = 2036) -> Path:
    path = folder / f"{kind}-{until}.p12"
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"briefing", private(kind), certificate(kind, until), None,
            serialization.BestAvailableEncryption(PASSPHRASE.encode()),
        )
    )  # fmt: skip
    return path


def pem_files(folder: Path) -> tuple[Path, Path]:
    """The key, and its certificate beside it."""
    key, chain = folder / "key.pem", folder / "certificate.pem"
    key.write_bytes(
        private("rsa").private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    chain.write_bytes(certificate().public_bytes(serialization.Encoding.PEM))
    return key, chain
