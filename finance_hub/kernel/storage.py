"""Files that are whole or absent: written beside their place, synced, and moved there."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from finance_hub.kernel.problems import Problem
from finance_hub.kernel.text import Text


class StorageFull(Problem):
    code = "storage-full"
    status = 503
    title = Text("存储空间不足，请稍后重试", "The storage is full: try again later")
    retry_after = 300


@contextmanager
def new_file(target: Path) -> Iterator[BinaryIO]:
    """A file to write that appears at `target` when the block ends, and not at all when it raises.

    What stood there before stays until then. Raises StorageFull.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull from error
        raise
    finally:
        part.unlink(missing_ok=True)


def move(source: Path, target: Path) -> None:
    """Give a whole file its place, on the same file system; what stood there before is replaced."""
    target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """A renamed file survives a power cut only once its folder is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
