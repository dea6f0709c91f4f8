"""Files that people send: taken where a page says so, from whoever may, and nowhere else.

Django reads a form, files and all, before the page is asked: to find the CSRF token. So the door stands
here: of a stranger, or at any other page, not a byte of a file is kept.
"""

from __future__ import annotations

import errno
import tempfile
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest

from finance_hub.kernel.access import may
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import Problem, refuse
from finance_hub.kernel.storage import StorageFull

FIELD = "file"


class Door(FileUploadHandler):
    """Writes the one file of an upload page to a nameless file beside the uploads; it vanishes when closed.

    Where a file may be sent its field is `file`. One that is too large, or for which there is no room, is
    read to its end and dropped, so that the browser gets an answer; `refusal` then says why.
    """

    _is_whole = False

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, *args, **kwargs)
        self._most = _most(self.request)
        if not self._most:
            raise StopUpload(connection_reset=True)
        if field_name != FIELD or hasattr(self, "_kept"):
            raise SkipFile
        # Not under /tmp: that is memory on many machines.
        folder = Path(settings.VAR_DIR) / "uploads"
        folder.mkdir(parents=True, exist_ok=True)
        self._kept = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - handed on in the request

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > self._most:
            most = str(self._most // 2**20)
            self._refuse(
                refuse(
                    "#/file", "too-large", "文件最大 {most} MiB", "A file has at most {most} MiB", most=most
                )
            )
        try:
            self._kept.write(raw_data)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            self._refuse(StorageFull())

    def _refuse(self, problem: Problem) -> NoReturn:
        self._kept.close()
        self.request.file_refusal = problem  # type: ignore[union-attr]
        raise StopUpload

    def file_complete(self, file_size: int) -> UploadedFile[Any]:
        self._kept.seek(0)
        self._is_whole = True
        return UploadedFile(self._kept, self.file_name, self.content_type, file_size)

    def upload_interrupted(self) -> None:
        """Also called for a file that was passed over, when the one before it is whole."""
        if hasattr(self, "_kept") and not self._is_whole:
            self._kept.close()


def sent(request: HttpRequest) -> tuple[str, BinaryIO] | None:
    """The name and the content of the file that came with the form; None without one."""
    file = request.FILES.get(FIELD)
    return (file.name or "", cast(BinaryIO, file.file)) if isinstance(file, UploadedFile) else None


def media_type(request: HttpRequest) -> str:
    """What the browser says the file is; empty where it says nothing."""
    return getattr(request.FILES.get(FIELD), "content_type", None) or ""


def refusal(request: HttpRequest) -> Problem | None:
    """Why a file that came was not kept."""
    return getattr(request, "file_refusal", None)


def _most(request: HttpRequest | None) -> int:
    """The bytes of the file that the page takes of this person; 0 where it takes none."""
    view = request.resolver_match.func if request and request.resolver_match else None
    if request is None or not getattr(view, "takes_file", 0):
        return 0
    person = request.user
    is_theirs = isinstance(person, Person) and may(person.role, view.action)  # type: ignore[union-attr]
    return int(view.takes_file) if is_theirs else 0  # type: ignore[union-attr]
