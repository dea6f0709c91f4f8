"""本期要点 as people edit them: sentences whose every number is one that the issue prints, and stays tied to its figures.

Light: pages and the API tie what was typed before a job sets it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from finance_hub.kernel.problems import FieldError, InvalidFields
from finance_hub.kernel.text import Text
from tasks import wording
from tasks.briefing import tree
from tasks.briefing.layout import Issue, Language, Words
from tasks.briefing.origin import Form, Printed, Rule, Sentence, plain
from tasks.catalogue import Unit

LANGUAGES: tuple[Language, ...] = ("zh-hans", "en")
MOST_POINTS = 12
LONGEST = 600
#: What the API calls them.
SENT = {"zh-hans": "zh", "en": "en"}
NAMES = {"zh-hans": Text("中文", "Chinese"), "en": Text("英文", "English")}

#: Days, months and years, and the plan's numbers of targets: no figures.
_FREE = (
    r"\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?|(?<![\d.,])\d{1,2}月(?:\d{1,2}日)?|\d{4}-\d{2}(?:-\d{2})?(?![\d.,])|"
    r"(?<![A-Za-z0-9])[A-Z]{1,3}\d+(?:[-.]\d+)*"
)
#: Amounts and shares in Chinese numerals or in words would be no one's figure.
_NUMERALS = re.compile(
    r"[〇零一二两三四五六七八九十百千数]+(?:点[〇零一二三四五六七八九]+)?(?:[万亿]+元?|元|个百分点|成(?![为立员]))|"
    r"百分之[〇零一二两三四五六七八九十百点]+|"
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|hundred|thousand)\s+(?:million|billion|per\s?cent)",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"[+−]?\d[\d.,]*\d%?|\d%?")
#: Growth of money is no money.
_CHANGES = (Rule.CHANGE, Rule.CHANGE_SIZE)
Kept = dict[str, list[Any]]


def walk(node: Any) -> Iterator[Printed]:
    """Every number of a tree that remembers its figures, in order."""
    if isinstance(node, Printed):
        yield node
    elif isinstance(node, tuple):
        for one in node:
            yield from walk(one)
    elif is_dataclass(node) and not isinstance(node, type):
        for field in fields(node):
            yield from walk(getattr(node, field.name))


def tied(
    typed: Mapping[str, Sequence[str]], issues: Mapping[Language, Issue], *, targets: Iterable[Decimal]
) -> Kept:
    """The points by language, as they are kept, each number tied to what the draft prints.

    `targets` are the values of the plan's targets, which may be named as such. Raises InvalidFields, which names each
    number that is in no figure of the issue.
    """
    errors: list[FieldError] = []
    counts = {len(typed[language]) for language in LANGUAGES}
    if len(counts) > 1:
        errors.append(_error("#/key_points", "points-differ", "中文与英文要点的条数须相同",
                             "There must be as many points in Chinese as in English"))  # fmt: skip
    if not 1 <= max(counts) <= MOST_POINTS:
        errors.append(_error("#/key_points", "number-of-points", "要点须为1至{most}条",
                             "There must be one to {most} points", most=MOST_POINTS))  # fmt: skip
    plan = tuple(targets)
    found: Kept = {}
    for language in LANGUAGES:
        reader = _Reader(issues[language], language=language, targets=plan)
        sentences = []
        for number, words in enumerate(typed[language], start=1):
            sentence, unknown = reader.read(words)
            place = f"#/key_points/{SENT[language]}/{number - 1}"
            errors += [_unknown(place, one, number=number, language=language) for one in unknown]
            sentences.append(sentence)
        found[language] = tree.kept(tuple(sentences))
    if errors:
        raise InvalidFields(errors=tuple(errors))
    return found


def renewed(points: Iterable[Words], fresh: Issue) -> tuple[Sentence, ...]:
    """The sentences with their numbers printed again by the same rule, as `fresh` has them now.

    A number that `fresh` does not print any more says so, and remembers what it would print.
    """
    now: dict[Any, Printed] = {}
    for number in walk(fresh):
        now.setdefault((number.of, number.rule), number)
    return tuple(
        tuple(_again(part, now, language=fresh.language) for part in _parts(point)) for point in points
    )


def missing(points: Iterable[Words]) -> tuple[int, ...]:
    """Which points (from 1) hold a number whose figure is missing now."""
    return tuple(
        position
        for position, point in enumerate(points, start=1)
        if any(isinstance(part, Printed) and part.value is None for part in _parts(point))
    )


def texts(issue: Issue) -> list[str]:
    return [plain(point) for point in issue.key_points]


def _parts(point: Words) -> Sentence:
    return (point,) if isinstance(point, str) else point


def _again(part: str, now: Mapping[Any, Printed], *, language: Language) -> str:
    if not isinstance(part, Printed):
        return part
    found = now.get((part.of, part.rule))
    if found is None or found.value is None:
        text = found or f"{wording.DASH}（{wording.reason('not-listed', language=language)}）"
        return _copy(part, str(text), value=None)
    if _is_money(part):
        return _copy(part, _money(found.value, part.form, language), value=found.value)
    if part.places is not None and found.unit == Unit.RATIO and part.rule not in _CHANGES:
        return _copy(part, wording.percent(found.value, places=part.places), value=found.value)
    return _copy(part, str(found), value=found.value)


def _copy(number: Printed, text: str, *, value: Decimal | None, form: Form | None = None) -> Printed:
    return Printed(
        text, of=number.of, value=value, unit=number.unit, rule=number.rule, form=form or number.form,
        places=number.places,
    )  # fmt: skip


def _is_money(number: Printed) -> bool:
    return number.unit == Unit.YUAN and number.rule not in _CHANGES and number.form is not Form.OWN


def _money(value: Decimal, form: Form, language: Language) -> str:
    if form is Form.TABLE:
        return wording.in_table(value, language=language)
    number, unit = wording.headline(value, language=language)
    return unit.replace("CNY", f"CNY {number}") if language == "en" else f"{number}{unit}"


class _Reader:
    """Finds in a typed sentence the numbers that an issue prints, in every way that they may be written."""

    def __init__(self, issue: Issue, *, language: Language, targets: Sequence[Decimal]) -> None:
        self._spelled: dict[str, Sentence] = {}
        for number in walk(issue):
            if number.value is not None:
                self._learn(number, language)
        numbers = "|".join(map(re.escape, sorted(self._spelled, key=len, reverse=True))) or r"(?!)"
        self._tokens = re.compile(
            rf"(?P<free>{_FREE}{_of_targets(targets)})"
            rf"|(?<![\d+−])(?<!\d[.,])(?<!CNY )(?P<number>{numbers})"
            r"(?![\d%万亿千百]|[.,]\d|\s?(?:million|billion|per\s?cent))"
        )

    def _learn(self, number: Printed, language: Language) -> None:
        """Money with its unit, in either form; all else as printed."""
        value = number.value or Decimal(0)
        if _is_money(number):
            whole = _money(value, Form.HEADLINE, language)
            self._spelled.setdefault(whole, (_copy(number, whole, value=value, form=Form.HEADLINE),))
            cell = _copy(number, _money(value, Form.TABLE, language), value=value, form=Form.TABLE)
            said: Sentence = ("CNY ", cell, " million") if language == "en" else (cell, "万元")
            self._spelled.setdefault(plain(said), said)
        elif re.search(r"\d", number):
            self._spelled.setdefault(str(number), (number,))

    def read(self, typed: str) -> tuple[Sentence, list[str]]:
        """The sentence in parts, and the numbers in it that no figure of the issue is printed as."""
        text = _plainly(typed)
        parts: list[str] = []
        unknown: list[str] = []
        end = 0
        for token in self._tokens.finditer(text):
            between = text[end : token.start()]
            unknown += _loose(between)
            parts += [between] if between else []
            parts += self._spelled[token["number"]] if token["number"] else (token["free"],)
            end = token.end()
        rest = text[end:]
        unknown += _loose(rest)
        parts += [rest] if rest else []
        return _joined(parts), unknown + [found[0] for found in _NUMERALS.finditer(text)]


def _of_targets(targets: Sequence[Decimal]) -> str:
    """Values of targets, said as such: 目标4家, target of 4."""
    values = {form for one in targets for form in (f"{one.normalize():,f}", f"{one.normalize():f}")}
    if not values:
        return ""
    numbers = "|".join(map(re.escape, sorted(values, key=len, reverse=True)))
    return rf"|目标值?为?(?:{numbers})(?![\d.,万亿])|\b[Tt]arget (?:of )?(?:{numbers})(?![\d.,])"


def _plainly(typed: str) -> str:
    """Full-width digits, signs and points as the issue prints them, and one line."""
    text = re.sub(r"[０-９％＋．]", lambda found: unicodedata.normalize("NFKC", found[0]), typed)
    text = re.sub(r"\s*[\r\n]+\s*", " ", text).strip()
    return re.sub(r"(?<![0-9A-Za-z])[-－](?=\d)", wording.MINUS, text)


def _loose(text: str) -> list[str]:
    return [found[0] for found in _DIGITS.finditer(text)]


def _joined(parts: Iterable[str]) -> Sentence:
    """Neighbouring words as one part."""
    found: list[str] = []
    for part in parts:
        if found and not isinstance(part, Printed) and not isinstance(found[-1], Printed):
            found[-1] += part
        else:
            found.append(part)
    return tuple(found)


def _unknown(place: str, said: str, *, number: int, language: Language) -> FieldError:
    return _error(
        place, "number-of-no-figure",
        "第{number}条（{language}）：数字“{said}”不是本期印出的任何指标",
        "Point {number} ({language}): no figure of this issue is printed as “{said}”",
        said=said, number=number, language=NAMES[language],
    )  # fmt: skip


def _error(place: str, code: str, zh: str, en: str, **context: Any) -> FieldError:
    said = {name: str(value) for name, value in context.items() if not isinstance(value, Text)}
    return FieldError(code, place, Text(zh, en).fill(**context), said)
