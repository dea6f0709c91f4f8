"""The request log: for a bank's engineer who looks for a call, and for the centre that helps."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from finance_hub.kernel import requests
from finance_hub.kernel.models import Organisation, Person, RequestRecord
from finance_hub.kernel.problems import Problem
from finance_hub.web import paging, words
from finance_hub.web.contexts.batches import Fact
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.overview import Choice
from finance_hub.web.contexts.requests import Call, Request, RequestLog

PAGE = 50
#: Longer paths are cut in the list.
LONGEST_PATH = 90
CLASSES = ("2xx", "4xx", "5xx")


@dataclass(frozen=True)
class Wanted:
    """What the address asks: a request's id or a problem's code, a class of answers, an organisation."""

    query: str
    status: str
    organisation: str
    place: paging.Place

    @classmethod
    def read(cls, params: QueryDict) -> Wanted:
        """Classes that are none are all of them; characters that no id can hold are dropped."""
        query = params.get("q", "").replace("\0", "").strip()[:100]
        status = params.get("status", "")
        organisation = params.get("organisation", "").replace("\0", "")[:40]
        return cls(query, status if status in CLASSES else "", organisation, paging.read(params))

    def rows(self) -> QuerySet[RequestRecord]:
        rows = requests.recorded(status=self.status, organisation=self.organisation)
        if not self.query:
            return rows
        return rows.filter(problem=self.query) | rows.filter(request_id=self.query)

    def url(self, place: str | None) -> str | None:
        if place is None:
            return None
        asked = {"q": self.query, "status": self.status, "organisation": self.organisation}
        kept = urlencode({name: value for name, value in asked.items() if value})
        return f"{reverse('web:requests')}?{'&'.join(part for part in (kept, place) if part)}"


def log(wanted: Wanted, *, reader: Person) -> RequestLog:
    window = paging.window(
        wanted.rows(), key="pk", descending=True, place=wanted.place, size=PAGE, unique=True
    )
    said = {"": _("All answers"), "2xx": _("Done (2xx)"), "4xx": _("Refused (4xx)"), "5xx": _("Failed (5xx)")}
    return RequestLog(
        query=wanted.query,
        statuses=tuple(Choice(code, label, code == wanted.status) for code, label in said.items()),
        organisations=_organisations(wanted.organisation) if reader.scope.everything else (),
        calls=tuple(_call(record) for record in window.rows),
        previous_url=wanted.url(window.previous),
        next_url=wanted.url(window.next),
    )


def _organisations(chosen: str) -> tuple[Choice, ...]:
    every = Choice("", _("All organisations"), not chosen)
    known = Organisation.objects.order_by("kind", "code")
    return (every, *(Choice(one.code, words.organisation(one), one.code == chosen) for one in known))


def _call(record: RequestRecord) -> Call:
    path = record.path
    return Call(
        when=words.moment_to_the_second(record.at),
        url=reverse("web:request", args=[record.request_id]),
        organisation=words.organisation(record.organisation),
        method=record.method,
        path=path if len(path) <= LONGEST_PATH else path[: LONGEST_PATH - 1] + "…",
        status=_status(record),
        problem=record.problem,
        meaning=_meaning(record.problem),
        took=f"{words.count(record.milliseconds)} ms",
        key=record.key_id,
    )


def _status(record: RequestRecord) -> Status:
    if record.status >= 500:
        return Status(str(record.status), "alert")
    return Status(str(record.status), "watch" if record.status >= 400 else "ok")


def _meaning(code: str) -> str:
    problem = Problem.catalogue.get(code)
    return words.say(problem.title) if problem else ""


def one(request_id: str, *, base: str) -> Request:
    """`base` is the service's own address. Raises NotFound."""
    record = requests.find(request_id)
    problem = f"{record.problem} ({_meaning(record.problem)})" if _meaning(record.problem) else record.problem
    facts = (
        Fact(_("Request"), record.request_id, is_code=True),
        Fact(_("Organisation"), words.organisation(record.organisation)),
        Fact(_("Time"), words.moment_to_the_second(record.at)),
        Fact(_("Problem"), problem or words.DASH),
        Fact(_("Took"), f"{words.count(record.milliseconds)} ms"),
        Fact(_("Body"), _("%(bytes)s bytes") % {"bytes": words.count(record.bytes_in)}),
        Fact(_("Key"), record.key_id, is_code=True),
        Fact(
            _("Idempotency key"), record.idempotency_key or words.DASH, is_code=bool(record.idempotency_key)
        ),
        Fact(_("Address"), record.address or words.DASH),
    )
    return Request(
        title=f"{record.method} {record.path}",
        status=_status(record),
        facts=facts,
        curl=requests.curl(record, base=base),
        list_url=reverse("web:requests"),
    )
