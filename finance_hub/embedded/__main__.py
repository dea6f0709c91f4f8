"""`python -m finance_hub.embedded run | exec [--instance NAME] -- COMMAND… | remove [--instance NAME]`."""

import argparse
import os
import sys

from finance_hub.embedded import (
    account,
    cluster,
    databases,
    environment,
    foreground,
    holding,
    plan,
    removal,
    supervisor,
)
from finance_hub.embedded.instance import CITY, Instance

EXPECTED = (
    supervisor.UnableToRun,
    holding.ServerUnavailable,
    databases.NoFreeSeat,
    environment.UnusableDatabaseUrl,
    removal.StillInUse,
    cluster.UnableToOpenCluster,
    account.NoUnprivilegedAccount,
)
INTERRUPTED = 130


def main(arguments: list[str]) -> int:
    """Answers the exit code: for `exec` the command's own, 0 after an asked-for stop, 1 for a refusal."""
    options = _parser().parse_args(arguments)
    instance = Instance.named(options.instance)
    try:
        return int(options.do(instance, options) or 0)
    except EXPECTED as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m finance_hub.embedded", description=__doc__)
    verbs = parser.add_subparsers(required=True)
    for name, do, about in (
        ("run", _run, "serve the whole city in the foreground, on PORT (8000)"),
        ("exec", _exec, "run a command with the servers up"),
        ("remove", _remove, "throw away an instance that is not running, with all its data"),
    ):
        verb = verbs.add_parser(name, help=about, description=about)
        verb.add_argument("--instance", default=CITY, help="a name under var/, or a folder (default: city)")
        verb.set_defaults(do=do)
        if name == "exec":
            verb.add_argument("command", nargs="+", metavar="COMMAND", help="after --")
    return parser


def _run(instance: Instance, options: argparse.Namespace) -> None:
    chosen = os.environ.get("PORT") or "8000"
    if not chosen.isdecimal() or not 1 <= int(chosen) <= 65535:
        raise supervisor.UnableToRun(f"PORT is {chosen!r}; it must be a number from 1 to 65535.")
    with_demo = os.environ.get("FINANCE_HUB_PROFILE") != "production"
    supervisor.run(
        instance, plan=plan.city(instance, port=int(chosen), with_demo=with_demo), given=os.environ
    )


def _exec(instance: Instance, options: argparse.Namespace) -> int:
    with environment.prepared(instance, given=os.environ) as ready:
        return foreground.run(options.command, environment=ready.owner)


def _remove(instance: Instance, options: argparse.Namespace) -> None:
    removal.remove(instance)
    if instance == Instance.named(CITY):
        plan.DEMO_LOGINS.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
