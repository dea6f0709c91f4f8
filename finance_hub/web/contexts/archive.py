"""`/archive` and `/archive/<id>`."""

from dataclasses import dataclass

from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.overview import Choice
from finance_hub.web.contexts.reports import Link


@dataclass(frozen=True, slots=True)
class Edition:
    """A published issue or one of its corrections. `files` are links with their sizes; `thumbnail` its first page."""

    number: str
    status: Status
    url: str
    read_url: str
    pages: str
    published: str
    sha256: str
    signer: str
    files: tuple[Link, ...]
    thumbnail: str
    occasion: str


@dataclass(frozen=True, slots=True)
class Month:
    """The issue of a month with its corrections, the one in force first."""

    label: str
    editions: tuple[Edition, ...]


@dataclass(frozen=True, slots=True)
class Archive:
    """`summary` says how many were found; `clear_url` leads back to all."""

    years: tuple[Choice, ...]
    search: str
    summary: str
    months: tuple[Month, ...]
    clear_url: str | None
    previous_url: str | None
    next_url: str | None


@dataclass(frozen=True, slots=True)
class Picture:
    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Issue:
    """One edition, its pages as pictures; without them `waiting` says so."""

    title: str
    edition: Edition
    pictures: tuple[Picture, ...]
    waiting: str
    list_url: str
