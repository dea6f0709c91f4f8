"""The signature of a published briefing: PAdES by pyHanko, certifying that nothing may change after it.

Two choices make the signed file repeatable: RSA with PKCS #1 v1.5 draws no random numbers (and needs no
PDF 2.0), and what is written beside the signature takes its names from the file and its time from the caller.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from django.conf import settings
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tasks.briefing.sign import refused

FIELD = "Publication"
LEAST_BITS = 2048


def signed(pdf: bytes, *, at: datetime) -> tuple[bytes, str]:
    """As `tasks.briefing.sign.signed`, with a key. Raises SigningFailed."""
    with _key() as (signer, certificate):
        _require_usable(certificate, at=at)
        meta = PdfSignatureMetadata(
            field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES, name=named(certificate),
        )  # fmt: skip
        try:
            out = _Signer(meta, signer, at=at).sign_pdf(_Revision(io.BytesIO(pdf)))
        except SigningError as error:
            raise refused(f"密钥无法签名：{error}", f"The key does not sign: {error}") from error
    return out.getvalue(), named(certificate)


def named(certificate: x509.Certificate) -> str:
    """Whom a certificate names: 市金融发展服务中心, or with an organisation besides: 张三（市金融发展服务中心）."""
    oid = x509.NameOID
    subject = certificate.subject
    common, organisation = (
        next((str(one.value) for one in subject.get_attributes_for_oid(wanted)), "")
        for wanted in (oid.COMMON_NAME, oid.ORGANIZATION_NAME)
    )
    if common and organisation and common != organisation:
        return f"{common}（{organisation}）"[:300]
    return (common or organisation or subject.rfc4514_string())[:300]


class _Revision(IncrementalPdfFileWriter):
    """A revision whose identifier comes from the file before it, and which leaves the properties alone."""

    @classmethod
    def _handle_id(cls, prev: Any) -> Any:
        first = prev.trailer["/ID"][0]
        plain = first.original_bytes
        second = hashlib.md5(plain + FIELD.encode(), usedforsecurity=False).digest()
        return generic.ArrayObject([generic.ByteStringObject(plain), generic.ByteStringObject(second)])

    def _update_meta(self) -> None:
        """The date of the last change would be the clock's."""


class _Signer(PdfSigner):
    """Signs as at a given time."""

    def __init__(self, meta: PdfSignatureMetadata, signer: Signer, *, at: datetime) -> None:
        super().__init__(meta, signer)
        self._at = at

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self._at
        return session


def _require_usable(certificate: x509.Certificate, *, at: datetime) -> None:
    """Raises SigningFailed for another kind of key, a short one, and a certificate out of its time."""
    public = certificate.public_key()
    if not isinstance(public, rsa.RSAPublicKey):
        raise refused("只支持 RSA 密钥", "Only RSA keys are supported: others do not sign the same twice")
    if public.key_size < LEAST_BITS:
        raise refused(f"RSA 密钥短于 {LEAST_BITS} 位", f"The RSA key is shorter than {LEAST_BITS} bits")
    first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not first <= at <= last:
        raise refused(
            f"证书在 {at:%Y-%m-%d} 无效（有效期 {first:%Y-%m-%d} 至 {last:%Y-%m-%d}）",
            f"The certificate is not valid on {at:%Y-%m-%d}: it is from {first:%Y-%m-%d} to {last:%Y-%m-%d}",
        )


@contextmanager
def _key() -> Iterator[tuple[Signer, x509.Certificate]]:
    if settings.BRIEFING_TOKEN_MODULE:
        with _token() as found:
            yield found
    else:
        yield _file()


def _file() -> tuple[Signer, x509.Certificate]:
    """The key of a PKCS #12 or PEM file. Raises SigningFailed."""
    secret = settings.BRIEFING_KEY_PASSPHRASE.encode() or None
    try:
        content = Path(settings.BRIEFING_KEY_FILE).read_bytes()
        chain = x509.load_pem_x509_certificates(content) if b"BEGIN CERTIFICATE" in content else []
        if settings.BRIEFING_CERTIFICATE_FILE:
            beside = Path(settings.BRIEFING_CERTIFICATE_FILE).read_bytes()
            chain = x509.load_pem_x509_certificates(beside) + chain
        if b"-----BEGIN" in content:
            key: Any = serialization.load_pem_private_key(content, secret)
        else:
            key, own, others = pkcs12.load_key_and_certificates(content, secret)
            chain = [one for one in (own, *others, *chain) if one is not None]
    except OSError as error:
        raise refused(
            f"无法读取密钥文件：{error.strerror}", f"The key cannot be read: {error.strerror}"
        ) from error
    except (ValueError, TypeError) as error:
        raise refused(
            "密钥文件无法解读或口令不符", "The key file cannot be read, or its passphrase is wrong"
        ) from error
    mine = [one for one in chain if key is not None and one.public_key() == key.public_key()]
    if not mine:
        raise refused("没有与密钥相符的证书", "There is no certificate of the key")
    known = [asn1_x509.Certificate.load(one.public_bytes(serialization.Encoding.DER)) for one in chain]
    plain = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    stores: Any = SimpleCertificateStore  # has no types
    signer = SimpleSigner(
        signing_cert=known[chain.index(mine[0])],
        signing_key=asn1_keys.PrivateKeyInfo.load(plain),
        cert_registry=stores.from_certs(known),
    )
    return signer, mine[0]


@contextmanager
def _token() -> Iterator[tuple[Signer, x509.Certificate]]:
    """The key of a PKCS #11 token; python-pkcs11 is installed only where there is one. Raises SigningFailed."""
    try:
        from pkcs11 import PKCS11Error
        from pyhanko.config.pkcs11 import TokenCriteria
        from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
    except ImportError as absent:
        raise refused(
            "未安装 python-pkcs11，无法使用密码令牌", "python-pkcs11 is not installed: tokens cannot be used"
        ) from absent
    label = settings.BRIEFING_TOKEN_LABEL
    try:
        session = open_pkcs11_session(
            settings.BRIEFING_TOKEN_MODULE,
            token_criteria=TokenCriteria(label=label) if label else None,
            user_pin=settings.BRIEFING_TOKEN_PIN or None,
        )
        with session:
            signer = PKCS11Signer(
                session,
                key_label=settings.BRIEFING_TOKEN_KEY,
                cert_label=settings.BRIEFING_TOKEN_CERTIFICATE or settings.BRIEFING_TOKEN_KEY,
                other_certs_to_pull=None,
            )
            found = signer.signing_cert
            if found is None:
                raise refused("令牌中没有该证书", "The certificate is not on the token")
            yield signer, x509.load_der_x509_certificate(found.dump())
    except PKCS11Error as error:
        said = str(error) or type(error).__name__
        raise refused(f"密码令牌无法使用：{said}", f"The token cannot be used: {said}") from error
