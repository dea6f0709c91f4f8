"""Every sentence of the product has its Chinese wording, and the compiled file is that wording."""

import re
from gettext import GNUTranslations
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog, Message

from finance_hub.web import messages

PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sdif]|\{\w*\}|%%")


@pytest.fixture(scope="module")
def wording() -> Catalog:
    return messages.translated()


@pytest.fixture(scope="module")
def sources() -> Catalog:
    return messages.collected()


def sentences(catalog: Catalog) -> set[tuple[str | None, str]]:
    return {(message.context, str(message.id)) for message in catalog if message.id}


def texts(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def placeholders_differ(message: Message) -> bool:
    wanted = sorted(PLACEHOLDER.findall(texts(message.id)[-1]))
    return any(sorted(PLACEHOLDER.findall(text)) != wanted for text in texts(message.string))


def test_every_sentence_in_the_sources_is_in_the_catalogue(wording: Catalog, sources: Catalog) -> None:
    assert sentences(sources) - sentences(wording) == set()


def test_no_sentence_in_the_catalogue_has_left_the_sources(wording: Catalog, sources: Catalog) -> None:
    assert sentences(wording) - sentences(sources) == set()
    assert not wording.obsolete


def test_no_sentence_is_untranslated_or_guessed(wording: Catalog) -> None:
    assert len(wording) > 100
    assert messages.untranslated(wording) == []


def test_placeholders_are_the_same_in_both_languages(wording: Catalog) -> None:
    assert [m.id for m in wording if m.id and placeholders_differ(m)] == []


def test_the_compiled_file_is_the_wording(wording: Catalog) -> None:
    assert messages.MO.read_bytes() == messages.compiled(wording)


def test_rewriting_the_catalogue_changes_nothing(wording: Catalog) -> None:
    assert messages.written(wording) == messages.PO.read_text(encoding="utf-8")


def test_the_compiled_file_answers_in_chinese() -> None:
    with messages.MO.open("rb") as file:
        assert GNUTranslations(file).gettext("Overview") == "总览"


def test_chinese_wording_uses_full_width_punctuation(wording: Catalog) -> None:
    half_width = re.compile(r"[\u4e00-\u9fff][,;:?!]|[,;?!][\u4e00-\u9fff]")

    assert [m.string for m in wording if m.id and half_width.search("".join(texts(m.string)))] == []


class TestASentence:
    """What the checks above refuse, shown on catalogues of one sentence."""

    def catalogue(self, sentence: str, wording: str, *flags: str) -> Catalog:
        catalog = Catalog(locale="zh_Hans")
        catalog.add(sentence, wording, flags=flags)
        return catalog

    def test_is_refused_without_wording(self) -> None:
        assert messages.untranslated(self.catalogue("Firm", "")) == ["Firm"]

    def test_is_refused_when_the_wording_is_a_guess(self) -> None:
        assert messages.untranslated(self.catalogue("Firm", "企业", "fuzzy")) == ["Firm"]

    def test_is_accepted_with_wording(self) -> None:
        assert messages.untranslated(self.catalogue("Firm", "企业")) == []

    def test_is_refused_when_a_placeholder_is_lost(self) -> None:
        (message,) = [m for m in self.catalogue("left %(left)s", "余量") if m.id]
        assert placeholders_differ(message)

    def test_is_refused_when_a_placeholder_is_renamed(self) -> None:
        (message,) = [m for m in self.catalogue("left %(left)s", "余量 %(rest)s") if m.id]
        assert placeholders_differ(message)

    def test_may_move_its_placeholders(self) -> None:
        (message,) = [m for m in self.catalogue("%(a)s of %(b)s", "%(b)s 中的 %(a)s") if m.id]
        assert not placeholders_differ(message)

    def test_comes_back_from_the_compiled_bytes(self) -> None:
        compiled = messages.compiled(self.catalogue("Firm", "企业"))
        assert GNUTranslations(BytesIO(compiled)).gettext("Firm") == "企业"


class TestCollecting:
    @pytest.mark.parametrize("sentence", ["Sign in", "used %(used)s of %(limit)s", "(%(reason)s)"])
    def test_reads_templates(self, sources: Catalog, sentence: str) -> None:
        assert sources.get(sentence) is not None

    def test_leaves_out_text_that_is_not_marked(self, sources: Catalog) -> None:
        assert sources.get("SHA-256") is None
