"""An instance: one folder with the servers' data, their passwords, their logs and the product's own files."""

import json
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from finance_hub.embedded.locks import FileLock

CHECKOUT = Path(__file__).resolve().parents[2]
CITY = "city"

# A log that has grown past this is moved aside once, when its process starts.
LOG_LIMIT_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True)
class Instance:
    """The folder of one set of servers; `named` makes the usual ones."""

    folder: Path

    @classmethod
    def named(cls, name: str) -> "Instance":
        """`city`, `test`, `bench` … under `var/` of the checkout; a name with a slash is a folder."""
        return cls((Path(name) if "/" in name else CHECKOUT / "var" / name).absolute())

    @property
    def is_city(self) -> bool:
        """The city has one database that every command shares; elsewhere each command gets its own."""
        return self.folder.name == CITY

    @property
    def is_throwaway(self) -> bool:
        """Tests' data need not survive a power cut."""
        return self.folder.name == "test"

    @property
    def identity(self) -> str:
        """Drawn at the first start and kept: a folder removed and made again is another instance."""
        return self.secret("identity")

    def room(self, name: str) -> Path:
        """A folder inside the instance, made when missing."""
        place = self.folder / name
        place.mkdir(parents=True, exist_ok=True)
        return place

    def lock(self, name: str) -> FileLock:
        """The instance's lock of that name, not yet held."""
        return FileLock(self.lock_path(name))

    def lock_path(self, name: str) -> Path:
        """Where the lock of that name is."""
        self._make()
        return self.room("locks") / name

    def log_path(self, name: str) -> Path:
        """Where the log of that name is."""
        return self.room("log") / f"{name}.log"

    def open_log(self, name: str) -> BinaryIO:
        """The log of that name, to be added to; first moved to `NAME.log.1` when it has grown large."""
        path = self.log_path(name)
        if path.exists() and path.stat().st_size > LOG_LIMIT_BYTES:
            path.replace(path.with_suffix(".log.1"))
        return path.open("ab")

    def secret(self, name: str) -> str:
        """The password or key of that name, drawn on first use and remembered in a file of mode 0600."""
        with self.lock("secrets"):
            known = read_json(self._secrets)
            if name not in known:
                known[name] = secrets.token_urlsafe(48)
                write_private_json(self._secrets, content=known)
            return str(known[name])

    def remembers(self, name: str) -> bool:
        """Whether a password or key of that name was drawn before."""
        return name in read_json(self._secrets)

    @property
    def _secrets(self) -> Path:
        return self.folder / "secrets.json"

    def _make(self) -> None:
        # Others may pass through, to reach the database's data, and list nothing.
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        self.folder.mkdir(mode=0o711, exist_ok=True)


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file; empty when there is no file."""
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return content


def write_private_json(path: Path, *, content: dict[str, Any]) -> None:
    """Replace the file in one step by one that only its owner reads, and wait until it is on the disk."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def tail(path: Path, *, lines: int = 15) -> str:
    """The last lines of a log, for a message; empty when there is none."""
    if not path.exists():
        return ""
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
