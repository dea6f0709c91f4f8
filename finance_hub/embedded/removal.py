"""Throwing an instance away, wherever its data are."""

import shutil

from finance_hub.embedded import account, cluster
from finance_hub.embedded.instance import Instance

LOCKS = ("run", "postgres.users", "postgres.keeper", "broker.users", "broker.keeper")


class StillInUse(Exception):
    """The instance runs."""


def remove(instance: Instance) -> None:
    """Delete the instance's folder and its data outside it; nothing happens when there is none.

    Raises StillInUse while anything holds its servers.
    """
    if not instance.folder.exists():
        return
    locks = [instance.lock(name) for name in LOCKS]
    if not all(lock.try_alone() for lock in locks):
        raise StillInUse(f"{instance.folder} is in use; stop what runs on it first.")
    home = cluster.home(instance, account=account.for_servers())
    shutil.rmtree(home)
    if instance.folder.exists():
        shutil.rmtree(instance.folder)
