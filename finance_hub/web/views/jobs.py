"""`/jobs`: what is being computed, and the buttons that stop a job or have it done again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from finance_hub.kernel import job_control
from finance_hub.kernel.models import Job
from finance_hub.kernel.problems import NotFound, Problem
from finance_hub.web import notices, words
from finance_hub.web.access import FORM, page, person_of
from finance_hub.web.presenters import jobs as present


@page("job.read")
def jobs(request: HttpRequest) -> HttpResponse:
    return _shown(request)


@page("job.read")
def progress(request: HttpRequest) -> HttpResponse:
    return _shown(request, template="jobs/_table.html")


@page("job.control", methods=FORM)
def stop(request: HttpRequest, job_id: str) -> HttpResponse:
    return _done(request, job_id, job_control.stop, said="job-stopped")


@page("job.control", methods=FORM)
def repeat(request: HttpRequest, job_id: str) -> HttpResponse:
    return _done(request, job_id, job_control.repeat, said="job-repeated")


def _done(request: HttpRequest, job_id: str, act: Callable[..., Job], *, said: str) -> HttpResponse:
    """A GET comes from reloading after a refusal: back to the list."""
    if request.method == "POST":
        try:
            act(job_id, by=person_of(request), now=timezone.now())
        except NotFound:
            raise
        except Problem as refused:
            return _shown(request, refusal=words.say(refused.said), status=refused.status)
        notices.leave(request, said)
    return redirect("web:jobs")


def _shown(
    request: HttpRequest, *, template: str = "jobs/list.html", refusal: str = "", **answer: Any
) -> HttpResponse:
    wanted = present.Wanted.read(request.GET)
    shown = present.listed(wanted, reader=person_of(request), now=timezone.now(), refusal=refusal)
    return render(request, template, {"jobs": shown}, **answer)
