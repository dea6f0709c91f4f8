"""Refusals: every anticipated error is a Problem with one stable code (RFC 9457).

A subclass lives beside the function that raises it; `finance_hub.rest` turns it into
problem+json, a job stores its code, a page shows its sentence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from finance_hub.kernel.text import Text


@dataclass(frozen=True)
class FieldError:
    """One wrong field. `pointer` is a JSON pointer in URI-fragment form, e.g. `#/amount`."""

    code: str
    pointer: str
    message: Text
    context: dict[str, str] = field(default_factory=dict)

    def as_dict(self, language: str) -> dict[str, Any]:
        said = {"code": self.code, "pointer": self.pointer, "message": self.message.say(language)}
        return {**said, "context": self.context} if self.context else said


class Problem(Exception):
    """An anticipated refusal.

    Subclasses declare `code`, `status`, `title`, optionally `detail` (filled from the keyword
    context) and `retry_after` seconds; the class registers itself under its code.
    """

    code: ClassVar[str]
    status: ClassVar[int]
    title: ClassVar[Text]
    detail: ClassVar[Text | None] = None
    #: Of the class, or of one refusal that knows better.
    retry_after: int | None = None
    catalogue: ClassVar[dict[str, type[Problem]]] = {}

    def __init_subclass__(cls) -> None:
        known = Problem.catalogue.setdefault(cls.code, cls)
        if known.__qualname__ != cls.__qualname__ or known.__module__ != cls.__module__:
            raise TypeError(f"problem code {cls.code} is declared by {known} and {cls}")

    def __init__(self, *, errors: tuple[FieldError, ...] = (), **context: object) -> None:
        self.errors = errors
        self.context = context
        self.said = self.detail.fill(**context) if self.detail else self.title
        super().__init__(f"{self.code}: {self.said.en}")


class InvalidFields(Problem):
    code = "invalid-fields"
    status = 422
    title = Text("提交的内容有误", "Some fields are not valid")


class NotFound(Problem):
    code = "not-found"
    status = 404
    title = Text("没有找到", "Not found")


class Forbidden(Problem):
    code = "forbidden"
    status = 403
    title = Text("您的角色无权进行此操作", "Your role does not allow this")


class SelfApproval(Problem):
    code = "self-approval"
    status = 403
    title = Text("须由另一人批准", "Another person must approve")
    detail = Text("提出人不能批准自己的申请", "Whoever asked for it cannot approve it")


class StaleVersion(Problem):
    code = "stale-version"
    status = 412
    title = Text("内容已被他人修改", "Somebody has changed it since")
    detail = Text(
        "您手中的版本已过期，请重新读取后再改", "Your version is out of date: read it again, then change it"
    )


def refuse(pointer: str, code: str, zh: str, en: str, **context: str) -> InvalidFields:
    """An InvalidFields with one error; texts may name the context."""
    message = Text(zh, en).fill(**context)
    return InvalidFields(errors=(FieldError(code, pointer, message, context),))
