"""Load the city step by step, each of which is safe to repeat after an interruption."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from finance_hub.demo import city, credentials, issues
from finance_hub.demo.city import AnotherCity, Size
from finance_hub.demo.issues import Say, UnableToFinish
from finance_hub.demo.people import DEMO_PEOPLE, everybody


class CityExists(RuntimeError):
    """There are organisations already."""


class NotTheDemoCity(RuntimeError):
    """The organisations that are there are not those of the demo city."""


REFUSALS = (AnotherCity, CityExists, NotTheDemoCity, UnableToFinish)


def load(
    *,
    seed: int,
    size: Size,
    if_empty: bool,
    wait: bool,
    inline: bool,
    seconds: float,
    say: Say,
    tell_secrets: bool,
) -> None:
    """Build, hand out logins, publish the past, open the last month. `say` gets a line per step.

    Where organisations exist it is refused, or with `if_empty` finished where it was interrupted; a
    lost file of logins is written anew. `tell_secrets` says them too, for a person who looks on and
    not for a log. Raises the REFUSALS.
    """
    if not city.is_empty():
        _require_ours(if_empty=if_empty)
    if not issues.is_finished():
        say(f"recorded {city.build(seed=seed, size=size)} acts of the city")
    people = everybody()
    if not credentials.fit():
        issued = credentials.hand_out(people, now=timezone.now())
        if tell_secrets:
            _print(issued, say)
        say(f"logins are in {credentials.path()}")
    if not (wait or inline):
        say("figures and issues are left to a run with --if-empty --wait")
        return
    if not issues.is_finished():
        issues.publish_past(people, inline=inline, seconds=seconds, say=say)
        issues.open_last(people, inline=inline, seconds=seconds)
    issues.finish_jobs(inline=inline, seconds=seconds)


def _require_ours(*, if_empty: bool) -> None:
    if not everybody().keys() >= DEMO_PEOPLE.keys():
        raise NotTheDemoCity("the organisations here are not those of the demo city; nothing was changed")
    if not if_empty:
        raise CityExists("a city is loaded already; give --if-empty to leave it as it is")


def _print(issued: dict[str, Any], say: Say) -> None:
    for name, login in issued["users"].items():
        say(f"{name:17} {login['username']:17} {login['password']}")
    for name, token in issued["api_keys"].items():
        say(f"{name:17} {token}")
