"""The last route below /api: what is not there, in the words of the API."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from finance_hub.kernel.problems import NotFound
from finance_hub.rest.errors import problem_response


@csrf_exempt
def show(request: HttpRequest) -> HttpResponse:
    """404 for every method, the same for those with a key and those without."""
    return problem_response(NotFound(), request)
