"""The key to drafts: what somebody types is kept in the browser, and nobody else who uses it can read it.

The browser enciphers a draft with this key and keeps the draft alone; the key comes with the pages of the
person who is signed in, and with nobody else's.
"""

from __future__ import annotations

import base64

from django.utils.crypto import salted_hmac

from finance_hub.kernel.models import Person


def key_of(person: Person) -> str:
    """256 bits in base64: always the same for a person, until the service's secret changes."""
    digest = salted_hmac("finance_hub.web.drafts", str(person.pk), algorithm="sha256").digest()
    return base64.b64encode(digest).decode()
