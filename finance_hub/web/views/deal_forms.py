"""The forms of a deal's manager: each page is one operation, entered once however often it is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from finance_hub.kernel import scoping
from finance_hub.kernel.problems import NotFound
from finance_hub.web import entering
from finance_hub.web.access import FORM, page, person_of
from finance_hub.web.presenters.deals import header_forms, road, step_forms
from finance_hub.web.presenters.deals import since as changed
from finance_hub.web.presenters.funds.forms import Form
from funds import limits
from funds.models.deals import Stage
from funds.operations.pipeline.editing import StaleDeal
from funds.queries import pipeline

#: A deal, and of all its steps those that count, in their order.
Build = Callable[[Any, list[Any]], Form]


@page("fund.record", methods=FORM, own_transactions=True)
def new(request: HttpRequest) -> HttpResponse:
    with scoping.within(person_of(request).scope):
        form = header_forms.new(timezone.now(), fund=request.GET.get("fund", ""))
    return entering.one_step(request, form)


@page("fund.record", methods=FORM, own_transactions=True)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """`version` is the one that the form would change, `opened` the one that the person began from."""
    sent = request.POST
    if sent.get("step") == "theirs":
        return _theirs(request, public_id)

    def build(deal: Any, _counted: list[Any]) -> Form:
        version = _number(sent["version"]) if "version" in sent else deal.version
        opened = _number(sent.get("opened", str(version)))
        return header_forms.edit(deal, version=version, opened=opened, names_firm="uscc" in sent)

    try:
        return entering.one_step(request, _built(request, public_id, build), but=(StaleDeal,))
    except StaleDeal as stale:
        return _stale(request, public_id, stale)


@page("fund.record", methods=FORM, own_transactions=True)
def step(request: HttpRequest, public_id: str, stage: str) -> HttpResponse:
    if stage not in Stage.values or stage == Stage.MET:
        raise NotFound
    now, is_sent = timezone.now(), request.method == "POST"
    form = _built(
        request,
        public_id,
        lambda deal, counted: step_forms.step(deal, stage, counted, now, is_sent=is_sent),
    )
    return entering.one_step(request, form)


@page("fund.record", methods=FORM, own_transactions=True)
def correct(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    def build(deal: Any, counted: list[Any]) -> Form:
        mistaken = pipeline.steps(deal).filter(public_id=step).first()
        if mistaken is None or mistaken.stage == Stage.PAID:
            raise NotFound
        return step_forms.correct(deal, mistaken, counted)

    return entering.one_step(request, _built(request, public_id, build))


@page("fund.record", methods=FORM, own_transactions=True)
def payment(request: HttpRequest, public_id: str) -> HttpResponse:
    is_sent = request.method == "POST"
    form = _built(
        request, public_id, lambda deal, counted: step_forms.payment(deal, counted, is_sent=is_sent)
    )
    return entering.one_step(request, form)


@page("fund.record", methods=FORM, own_transactions=True, takes_file=limits.MOST_DOCUMENT_BYTES)
def attach(request: HttpRequest, public_id: str) -> HttpResponse:
    return entering.with_document(request, _built(request, public_id, step_forms.attach), required=True)


def _stale(request: HttpRequest, public_id: str, stale: StaleDeal) -> HttpResponse:
    """Who changed what since, with the person's own entries and the choice of which hold."""
    opened, said = _number(request.POST.get("opened", "")), request.POST.dict()
    with scoping.within(person_of(request).scope):
        deal = pipeline.deal(public_id)
        form = _again(request, deal, opened=opened)
        told = changed.since(deal, stale, opened=opened, said=said)
    return entering.shown(
        request, form, said=told.said, refusal=told.sentence, status=stale.status, since=told.grid
    )


def _theirs(request: HttpRequest, public_id: str) -> HttpResponse:
    """The form with what the others changed; nothing is saved yet."""
    opened, said = _number(request.POST.get("opened", "")), request.POST.dict()
    with scoping.within(person_of(request).scope):
        deal = pipeline.deal(public_id)
        form = _again(request, deal, opened=deal.version)
        taken = changed.theirs(deal, opened=opened, said=said)
    return entering.shown(request, form, said=taken)


def _again(request: HttpRequest, deal: Any, *, opened: int) -> Form:
    """The form that was sent, for the version that is in force now."""
    return header_forms.edit(deal, version=deal.version, opened=opened, names_firm="uscc" in request.POST)


def _built(request: HttpRequest, public_id: str, build: Build) -> Form:
    with scoping.within(person_of(request).scope):
        deal = pipeline.deal(public_id)
        return build(deal, road.counting(list(pipeline.steps(deal))))


def _number(text: str) -> int:
    """A version; what is none is no version that there ever was."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
