"""A sentence in both languages of the product, and text that the database can hold."""

from __future__ import annotations

from typing import NamedTuple


class Text(NamedTuple):
    """The same sentence in zh-Hans and en; `{names}` are filled by `fill`, a Text in its own language."""

    zh: str
    en: str

    def say(self, language: str) -> str:
        """The sentence for a language tag: en for `en…`, zh-Hans for everything else."""
        return self.en if language.lower().startswith("en") else self.zh

    def fill(self, **context: object) -> Text:
        zh, en = (
            {
                name: value.say(language) if isinstance(value, Text) else value
                for name, value in context.items()
            }
            for language in ("zh-hans", "en")
        )
        return Text(self.zh.format(**zh), self.en.format(**en))


def printable(text: str) -> str:
    """The text with NUL and lone surrogates written out: PostgreSQL and UTF-8 hold neither."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")
