"""Secrets that have to be read again, sealed for the database: a copy of its tables opens nothing."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class UnableToUnseal(RuntimeError):
    """It was sealed with another TOTP_KEY or for another purpose."""


def seal(secret: str, *, purpose: str) -> str:
    return _vault(purpose).encrypt(secret.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """Raises UnableToUnseal."""
    try:
        return _vault(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise UnableToUnseal(purpose) from error


def _vault(purpose: str) -> Fernet:
    """A key for each purpose, drawn from the one that the operator keeps."""
    key = hmac.digest(settings.TOTP_KEY.encode(), f"finance_hub.{purpose}".encode(), hashlib.sha256)
    return Fernet(base64.urlsafe_b64encode(key))
