"""The key to drafts goes to the person who is signed in, and to nobody else."""

from __future__ import annotations

import base64
import re

from django.test import Client

from finance_hub.web import drafts
from tests.cast import Cast
from tests.web.conftest import Browse


def key_on(client: Client) -> list[str]:
    return re.findall(r'data-drafts="([^"]*)"', client.get("/account", follow=True).content.decode())


def test_a_person_always_has_the_same_key_of_256_bits(browse: Browse, cast: Cast) -> None:
    [key] = key_on(browse("manager_angel"))
    assert key_on(browse("manager_angel", language="en")) == [key] == [drafts.key_of(cast["manager_angel"])]
    assert len(base64.b64decode(key)) == 32


def test_nobody_has_anothers(cast: Cast) -> None:
    keys = [drafts.key_of(person) for person in cast.people.values()]
    assert len(set(keys)) == len(keys)


def test_a_stranger_has_none(browse: Browse) -> None:
    assert key_on(browse("")) == []
