"""`/login` in two steps, and `/logout`.

Between the password and the code nobody is signed in. The session, kept on the server, remembers
for five minutes whose password was right, and no password: so a stolen cookie of the first step
opens nothing, and the code alone decides. The page says the same for a name that does not exist
and for a wrong password; that a code is asked tells only those who know the password.
"""

from __future__ import annotations

from typing import Literal

from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from finance_hub.kernel import audit
from finance_hub.kernel import login as kernel
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import Problem
from finance_hub.kernel.text import Text
from finance_hub.rest import address
from finance_hub.web import access, sessions, words
from finance_hub.web.access import page, public
from finance_hub.web.contexts.account import Login
from finance_hub.web.contexts.chrome import FieldError

PENDING = "pending_login"
PENDING_SECONDS = 5 * 60


class TooLate(Problem):
    code = "login-too-late"
    status = 401
    title = Text("登录超时，请重新输入用户名和密码", "It took too long: sign in again")


@public
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """A GET always begins again with the name."""
    if request.method == "POST":
        return _code(request) if "code" in request.POST else _password(request)
    request.session.pop(PENDING, None)
    if request.user.is_authenticated:
        return redirect(_next(request, access.person_of(request)))
    return _form(request, "password")


def _password(request: HttpRequest) -> HttpResponse:
    now, username = timezone.now(), request.POST.get("username", "").strip()
    try:
        person = kernel.check_password(
            username, request.POST.get("password", ""), address=address.of(request), now=now
        )
    except (kernel.WrongLogin, kernel.LockedOut) as refused:
        return _form(request, "password", refused, field="username", username=username)
    if not kernel.second_factor_required(person):
        return _enter(request, person)
    request.session[PENDING] = {
        "person": person.pk,
        "proof": person.get_session_auth_hash(),
        "until": int(now.timestamp()) + PENDING_SECONDS,
    }
    return _form(request, "code")


def _code(request: HttpRequest) -> HttpResponse:
    person = _pending(request)
    if person is None:
        return _form(request, "password", TooLate(), field="username")
    code = request.POST["code"].replace(" ", "")
    try:
        kernel.check_code(person, code, address=address.of(request), now=timezone.now())
    except kernel.WrongLogin:
        return _form(request, "code", kernel.WrongCode(), field="code")
    except kernel.LockedOut as locked:
        return _form(request, "code", locked, field="code")
    return _enter(request, person)


def _pending(request: HttpRequest) -> Person | None:
    """Whose password was right, if that was just now and neither password nor role has changed since."""
    kept = request.session.get(PENDING)
    if kept is None or kept["until"] < timezone.now().timestamp():
        return None
    person = Person.objects.filter(pk=kept["person"], is_active=True).first()
    return person if person and person.get_session_auth_hash() == kept["proof"] else None


def _enter(request: HttpRequest, person: Person) -> HttpResponse:
    request.session.pop(PENDING, None)
    sessions.begin(request, person, now=timezone.now())
    return redirect(_next(request, person))


def _next(request: HttpRequest, person: Person) -> str:
    """Where the person wanted to go, if that is on this site; else the first page that is theirs."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else access.home_of(person)


def _form(
    request: HttpRequest,
    step: Literal["password", "code"],
    refused: Problem | None = None,
    *,
    field: str = "",
    username: str = "",
) -> HttpResponse:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    errors = (FieldError(field, words.say(refused.said)),) if refused else ()
    context = {"login": Login(step, wanted, username, errors)}
    response = render(request, "account/login.html", context, status=refused.status if refused else 200)
    if refused and refused.retry_after:
        response["Retry-After"] = str(refused.retry_after)
    return response


@page("self.read", methods=("POST",))
def logout(request: HttpRequest) -> HttpResponse:
    """Ends this session; the browser is told to forget what it kept of it."""
    person = access.person_of(request)
    auth.logout(request)
    audit.record("logout", actor=person, subject=f"user:{person.username}", at=timezone.now())
    response = redirect("web:login")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
