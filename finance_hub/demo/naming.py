"""Names that nobody bears: invented words, a trade, and the mark of an example."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from finance_hub.demo.chance import Chance
from finance_hub.kernel import uscc

MARK = "（示例）"
_HEADS = "澜云星衡启拓岚沐珩砺昱翎泓澈晟翊钧朗溯霁屹瀚骐珞榆桐槿蔚谧湛"
_TAILS = "栖杼越图川芯岳禾舟帆域桥弦岸石砚陌屿垣麓泽澄驰序辰翰棠榭苔筑"
_SURNAMES = "沈陆钟朱徐姚褚茅严费俞濮颜祝桑夏"
_GIVEN = ("明远", "思齐", "雨桐", "书涵", "知行", "若溪", "景行", "清和", "怀瑾", "云舒", "安澜", "嘉树")


class Trade(NamedTuple):
    """What a firm does: in its name, and as a GB/T 4754-2017 group (three digits)."""

    words: str
    industry: str


TRADES = (
    Trade("智能科技", "I651"), Trade("数据科技", "I655"), Trade("软件", "I651"), Trade("物联科技", "I653"),
    Trade("视觉科技", "C391"), Trade("传感科技", "C398"), Trade("光电科技", "C397"), Trade("半导体", "C397"),
    Trade("电子材料", "C398"), Trade("通信设备", "C392"), Trade("汽车零部件", "C367"), Trade("新能源", "C384"),
    Trade("储能科技", "C384"), Trade("电气", "C382"), Trade("机器人", "C349"), Trade("智能装备", "C356"),
    Trade("精密仪器", "C401"), Trade("医疗器械", "C358"), Trade("生物医药", "C276"), Trade("生物科技", "M731"),
    Trade("新材料", "C265"), Trade("高分子材料", "C265"), Trade("化学材料", "C266"), Trade("纤维科技", "C282"),
    Trade("智能纺织", "C178"), Trade("环保科技", "M732"), Trade("工业设计", "M749"), Trade("农业科技", "M731"),
)  # fmt: skip
_ORGANISATION_CODE_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def words(dice: Chance) -> Iterator[str]:
    """Two-character words without repetition, then with two heads: there are always more."""
    pairs = [head + tail for head in _HEADS for tail in _TAILS]
    dice.shuffle(pairs)
    yield from pairs
    for head in _HEADS:
        yield from (head + pair for pair in pairs if head not in pair)


def company(word: str, trade: Trade) -> str:
    """E.g. 澜栖智能科技有限公司（示例）."""
    return f"{word}{trade.words}有限公司{MARK}"


def credit_code(dice: Chance) -> str:
    """A valid code of region 330483 in a range (MAX…) from which no real code has been given."""
    body = "MAX" + "".join(dice.choices(uscc.ALPHABET, k=5))
    return uscc.complete(f"91330483{body}{_organisation_check(body)}")


def person(number: int) -> str:
    """A different name for each small number."""
    return _SURNAMES[number % len(_SURNAMES)] + _GIVEN[number // len(_SURNAMES) % len(_GIVEN)]


def _organisation_check(body: str) -> str:
    """Character 9 of an organisation code (GB 11714): 11 - Σ value · weight mod 11; 10 is X, 11 is 0."""
    total = sum(int(c, 36) * weight for c, weight in zip(body, _ORGANISATION_CODE_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]
