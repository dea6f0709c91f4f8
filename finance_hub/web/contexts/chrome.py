"""What surrounds every page: navigation, the person, the language, messages above the content."""

from dataclasses import dataclass
from typing import Literal

Environment = Literal["production", "staging", "demo"]
Tone = Literal["ok", "watch", "alert", "info"]


@dataclass(frozen=True, slots=True)
class NavItem:
    """One linked page; `current` puts aria-current on it."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class NavGroup:
    """A subject with at least one page.

    The bar shows the label and links to the first item; when the group is current and has
    several pages, they appear as a second row.
    """

    label: str
    items: tuple[NavItem, ...]
    current: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in: the name shown, the role in words, the organisation in words.

    `drafts` is the key to what this person's browsers keep (`finance_hub.web.drafts`).
    """

    name: str
    role: str
    organisation: str
    drafts: str


@dataclass(frozen=True, slots=True)
class Language:
    """A choice of the switch; `name` is written in the language itself."""

    code: Literal["zh-hans", "en"]
    name: str
    current: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence above the content, such as what a form just did.

    `entered` is the address of that form, whose draft is of no use any more.
    """

    tone: Tone
    text: str
    entered: str = ""


@dataclass(frozen=True, slots=True)
class Chrome:
    """What `base.html` needs; `person` is None where nobody is signed in.

    `here` is the path and query that the language switch returns to.
    """

    product: str
    city: str
    environment: Environment
    nav: tuple[NavGroup, ...]
    person: Person | None
    languages: tuple[Language, ...]
    here: str
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """A state in words; the tone only repeats the word as colour and shape."""

    text: str
    tone: Tone | Literal["none"]


@dataclass(frozen=True, slots=True)
class FieldError:
    """A refused field: the id of its input and the sentence shown at both places."""

    field_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Failure:
    """An error page: the reference under which the log knows the request, empty if none."""

    reference: str
    home_url: str
