"""What surrounds every page, from the request: the contract is `contexts.chrome`."""

from __future__ import annotations

from typing import Literal

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from finance_hub.kernel.access import may
from finance_hub.kernel.models import Organisation, Person
from finance_hub.web import drafts, notices, words
from finance_hub.web.access import LANDINGS
from finance_hub.web.contexts import chrome

LABELS = {
    "web:overview": gettext_noop("Overview"),
    "web:funds": gettext_noop("Funds"),
    "web:deals": gettext_noop("Deal board"),
    "web:listings": gettext_noop("Listings"),
    "web:firms": gettext_noop("Firms"),
    "web:exposure": gettext_noop("Exposure"),
    "web:risk": gettext_noop("Risk"),
    "web:targets": gettext_noop("Policy targets"),
    "web:briefings": gettext_noop("Briefings"),
    "web:reports": gettext_noop("Reporting"),
    "web:reporting": gettext_noop("Reporting"),
    "web:requests": gettext_noop("Request log"),
    "web:jobs": gettext_noop("Jobs"),
}
#: The second row of the bar: the pages of a landing, each with its action; the landing itself is the first.
WITHIN: dict[str, tuple[tuple[str, str, str], ...]] = {
    "web:overview": (
        ("web:overview", gettext_noop("Overview"), "figure.read"),
        ("web:restatement", gettext_noop("Restatement"), "figure.read"),
        ("web:jobs", gettext_noop("Jobs"), "job.read"),
    ),
    "web:briefings": (
        ("web:briefings", gettext_noop("Briefings"), "briefing.read"),
        ("web:archive", gettext_noop("Archive"), "briefing.read"),
        ("web:verify", gettext_noop("Verify a file"), "briefing.read"),
        ("web:subscribers", gettext_noop("Mailing list"), "briefing.read"),
    ),
    "web:reports": (
        ("web:reports", gettext_noop("Month-end checklist"), "batch.report"),
        ("web:upload", gettext_noop("Upload a file"), "batch.report"),
        ("web:batches", gettext_noop("Batches"), "batch.read"),
        ("web:findings", gettext_noop("Data quality"), "finding.read"),
        ("web:requests", gettext_noop("Request log"), "request.read"),
    ),
    "web:reporting": (
        ("web:reporting", gettext_noop("Who has reported"), "month.read"),
        ("web:batches", gettext_noop("Batches"), "batch.read"),
        ("web:findings", gettext_noop("Data quality"), "finding.read"),
        ("web:requests", gettext_noop("Request log"), "request.read"),
    ),
}
BAR = (*LANDINGS, ("web:requests", "request.read"), ("web:jobs", "job.read"))
ENVIRONMENTS: dict[str, chrome.Environment] = {
    "production": "production",
    "demo": "demo",
    "test": "staging",
}
LANGUAGES: tuple[tuple[Literal["zh-hans", "en"], str], ...] = (("zh-hans", "简体中文"), ("en", "English"))


def frame(request: HttpRequest) -> dict[str, chrome.Chrome]:
    """The context processor: `chrome` for templates that extend base.html."""
    person = request.user if isinstance(request.user, Person) else None
    return {
        "chrome": chrome.Chrome(
            product=gettext("Science Finance"),
            city=_city(),
            environment=ENVIRONMENTS[settings.PROFILE],
            nav=_nav(person, request.path) if person else (),
            person=_named(person) if person else None,
            languages=tuple(
                chrome.Language(code, name, current=code == words.language()) for code, name in LANGUAGES
            ),
            here=request.get_full_path(),
            notices=notices.collect(request) if person else (),
        )
    }


def _city() -> str:
    """The centre's own name: whose system this is."""
    centre = Organisation.objects.filter(kind="centre").order_by("pk").first()
    return words.organisation(centre) if centre else ""


def _named(person: Person) -> chrome.Person:
    organisation = words.organisation(person.organisation)
    return chrome.Person(person.full_name, words.role(person.role), organisation, drafts.key_of(person))


def _nav(person: Person, path: str) -> tuple[chrome.NavGroup, ...]:
    """The landings; what stands within one of them has no place of its own."""
    groups: list[chrome.NavGroup] = []
    shown: set[str] = set()
    for name, action in BAR:
        if name not in shown and may(person.role, action):
            groups.append(_group(name, path, person))
            shown |= {page for page, _label, _action in WITHIN.get(name, ())}
    return tuple(groups)


def _group(name: str, path: str, person: Person) -> chrome.NavGroup:
    label = gettext(LABELS[name])
    pages = WITHIN.get(name, ((name, LABELS[name], "self.read"),))
    items = tuple(_item(page, said, path) for page, said, action in pages if may(person.role, action))
    within = any(item.url != "/" and path.startswith(f"{item.url}/") for item in items)
    return chrome.NavGroup(label, items, within or any(item.current for item in items))


def _item(name: str, label: str, path: str) -> chrome.NavItem:
    url = reverse(name)
    return chrome.NavItem(gettext(label), url, path == url)
