"""Management commands typed by hand: the right Python, and the running city's addresses.

With DATABASE_URL set nothing is looked up. Else a running city lends its variables; without one, commands
that need no database work as ever, and the others are told how to start it.
"""

import importlib.util
import os
import sys
import warnings
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path

from finance_hub.embedded.instance import CHECKOUT, CITY, Instance, read_json
from finance_hub.embedded.locks import is_held

OWN_PYTHON = CHECKOUT / ".venv" / "bin" / "python"

# Port 1 answers nobody: settings load, and a command that does want a database fails at once, here, instead
# of reaching some other server of this machine.
NOWHERE = "postgresql://nobody@127.0.0.1:1/none"

HOW_TO_START = (
    "This command needs the database, and no city is running here. Start it with `make run` in another "
    "terminal, or name a server in DATABASE_URL."
)


def enter() -> None:
    """Go on under the checkout's own Python if this one lacks Django, with the variables settings read."""
    _use_own_python()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "finance_hub.settings")
    lend(os.environ)


def _use_own_python() -> None:
    if importlib.util.find_spec("django") is not None:
        return
    if not OWN_PYTHON.exists() or Path(sys.prefix) == CHECKOUT / ".venv":
        sys.exit("The packages are not installed yet: run `make setup` first.")
    os.execv(OWN_PYTHON, [str(OWN_PYTHON), *sys.argv])  # noqa: S606  the same command, no shell wanted


def lend(environment: MutableMapping[str, str]) -> None:
    """Fill in what the running city knows; what is set already stays."""
    if environment.get("DATABASE_URL") or environment.get("DATABASE_URL_FILE"):
        return
    chosen = environment.get("FINANCE_HUB_VAR")
    instance = Instance(Path(chosen).absolute()) if chosen else Instance.named(CITY)
    lent = read_json(instance.folder / "environment.json") if _runs(instance) else {}
    for name, value in lent.items():
        environment.setdefault(name, value)
    if not lent:
        warnings.filterwarnings("ignore", message="Got an error checking a consistent migration history")
        environment["DATABASE_URL"] = NOWHERE
        environment.setdefault("FINANCE_HUB_PROFILE", "demo")
        environment.setdefault("FINANCE_HUB_VAR", str(instance.folder))


def _runs(instance: Instance) -> bool:
    try:
        return is_held(instance.folder / "locks" / "run")
    except PermissionError:
        sys.exit(
            f"The city in {instance.folder} belongs to another account; run the command as that account."
        )


@contextmanager
def explained() -> Iterator[None]:
    """Turn the failure to reach a database that is not there into a sentence; anything else passes."""
    try:
        yield
    except Exception as error:
        if os.environ.get("DATABASE_URL") != NOWHERE or type(error).__name__ != "OperationalError":
            raise
        sys.exit(HOW_TO_START)
