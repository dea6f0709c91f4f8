"""Where the demo city is not loaded: in production, and into somebody else's database."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError

from finance_hub.demo import credentials
from finance_hub.kernel.models import Organisation, Person
from tests.cast import Cast
from tests.demo.conftest import seed


def test_production_refuses_and_nothing_is_written(db: None, settings: Any) -> None:
    settings.PROFILE = "production"
    with pytest.raises(CommandError, match="production"):
        seed(inline=True)
    assert not Organisation.objects.exists()
    assert not credentials.path().exists()


@pytest.mark.parametrize("if_empty", [True, False])
def test_another_installation_is_left_as_it_is(cast: Cast, if_empty: bool) -> None:
    before = list(Person.objects.order_by("pk").values())
    with pytest.raises(CommandError, match="not those of the demo city"):
        seed(inline=True, if_empty=if_empty)
    assert list(Person.objects.order_by("pk").values()) == before
    assert not credentials.path().exists()
