"""Whether a file is a briefing of ours: by the file itself, or by its hash."""

from __future__ import annotations

import io
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel import scoping
from finance_hub.kernel.text import Text
from finance_hub.rest.content import stream
from finance_hub.rest.errors import language_of
from finance_hub.rest.fields import Choice, Record, Sha256, Whole, Words, YesNo, is_text
from finance_hub.rest.formats import BodyIncomplete, BodyTooLarge
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of
from tasks import verification
from tasks.verification import Verdict
from tasks.verification.comparing import How
from tasks.verification.verdict import MOST_BYTES

JSON = "application/json"


@extend_schema_field({"type": "string", "pattern": "^[0-9A-Fa-f]{64}$"})
class AnySha256(Sha256):
    """In capital or small letters, as tools print it."""

    def to_internal_value(self, data: Any) -> str:
        return super().to_internal_value(data.lower() if is_text(data) else data)


class VerificationRequest(Record):
    """The SHA-256 of a file, in capital or small letters; or send the file itself as the body, with its own
    Content-Type (up to 32 MiB)."""

    sha256 = AnySha256()


class VerifiedBriefing(Record):
    """What the file is, or was made of. `kind`: the issue itself, its draft, its edition in another language, its
    workbook."""

    id = Words(max_length=40)
    kind = Choice(("issue", "draft", "edition", "workbook"))
    language = Choice(("zh-hans", "en"))
    file_name = Words(max_length=200)
    period = Words(max_length=7)
    issue_no = Whole(allow_null=True)
    total_no = Whole(allow_null=True)
    correction = Whole()
    is_current = YesNo()
    superseded_by = Words(max_length=40, allow_null=True)
    sha256 = Sha256()
    signer = Words(max_length=300, min_length=0)


class DifferenceShape(Record):
    """`bytes`: how many were appended, cut or changed; `offset`: of the first that differs, from 0."""

    how = Choice(tuple(how.value for how in How))
    bytes = Whole()
    offset = Whole()


class PageShape(Record):
    page = Whole()
    how = Choice(("changed", "added", "missing"))


class SignatureShape(Record):
    signer = Words(max_length=300, min_length=0)
    holds = YesNo()
    covers_whole_file = YesNo()
    is_ours = YesNo()


class VerificationShape(Record):
    """`archive_is_whole`: whether the archive's own copy has the hash on record."""

    verdict = Choice(tuple(verdict.value for verdict in Verdict))
    said = Words(max_length=4000)
    sha256 = Sha256()
    bytes = Whole(allow_null=True)
    briefing = VerifiedBriefing(allow_null=True)
    difference = DifferenceShape(allow_null=True)
    pages_compared = YesNo()
    pages = PageShape(many=True)
    signature = SignatureShape(allow_null=True)
    archive_is_whole = YesNo(allow_null=True)


ANSWER: dict[str, Any] = {
    "verdict": "unknown",
    "said": "NOT OURS: SHA-256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 "
    "Nothing in the archive agrees with it.",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "bytes": None,
    "briefing": None,
    "difference": None,
    "pages_compared": False,
    "pages": [],
    "signature": None,
    "archive_is_whole": None,
}


class Verification(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "briefing.read",
            Text("核验文件：提交 SHA-256，或以文件本身为请求正文", "Verify a file by its SHA-256, or with the file as the body"),
            request=VerificationRequest,
            response=VerificationShape,
            example={"sha256": ANSWER["sha256"]},
            answer=ANSWER,
            idempotent=False,
            own_transactions=True,
            rate="submit",
            problems=(BodyTooLarge, BodyIncomplete),
        )
    }  # fmt: skip

    def post(self, request: Request) -> Response:
        """No transaction is open while the file comes in."""
        scope = person_of(request).scope
        if request.content_type.split(";")[0].strip() == JSON:
            sha256 = self.read_body(request)["sha256"]
            with scoping.within(scope):
                return self._told(verification.of_hash(sha256), request)
        held = io.BytesIO()
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        stream(request._request, held, most=MOST_BYTES, length=length)
        with scoping.within(scope):
            return self._told(verification.of_content(held.getvalue()), request)

    def _told(self, finding: verification.Finding, request: Request) -> Response:
        language = language_of(request)
        said = " ".join(text.say(language) for text in verification.spoken.sentences(finding))
        return Response(self.show({"said": said, **verification.spoken.as_json(finding)}, request=request))
