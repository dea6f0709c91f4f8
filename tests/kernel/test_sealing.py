"""What is sealed opens with the same key for the same purpose, and says nothing by itself."""

from __future__ import annotations

from typing import Any

import pytest

from finance_hub.kernel import sealing


def test_what_is_sealed_opens_again() -> None:
    sealed = sealing.seal("whsec_密", purpose="a")
    assert "whsec" not in sealed
    assert sealing.unseal(sealed, purpose="a") == "whsec_密"


def test_two_seals_of_one_secret_differ() -> None:
    assert sealing.seal("x", purpose="a") != sealing.seal("x", purpose="a")


@pytest.mark.parametrize("spoil", [lambda s: s[:-2] + "xx", lambda s: "", lambda s: s[1:]])
def test_a_spoiled_seal_is_refused(spoil: Any) -> None:
    with pytest.raises(sealing.UnableToUnseal):
        sealing.unseal(spoil(sealing.seal("x", purpose="a")), purpose="a")


def test_another_purpose_or_another_key_opens_nothing(settings: Any) -> None:
    sealed = sealing.seal("x", purpose="a")
    with pytest.raises(sealing.UnableToUnseal):
        sealing.unseal(sealed, purpose="b")
    settings.TOTP_KEY = "another"
    with pytest.raises(sealing.UnableToUnseal):
        sealing.unseal(sealed, purpose="a")
