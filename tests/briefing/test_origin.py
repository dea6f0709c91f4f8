"""Numbers that remember their figures, and the tree that is kept and set again."""

from dataclasses import replace
from decimal import Decimal

import orjson
import pytest

from tasks.briefing import document, tree
from tasks.briefing.layout import Issue, Paragraph, Section
from tasks.briefing.origin import Form, Printed, Ref, Rule, Term, plain, sentence
from tests.briefing import issues, walk

NPL = Ref("2026-10", "loans.npl_ratio")
BEFORE = NPL._replace(month="2026-09")


def number(text: str = "3.50%", **changes: object) -> Printed:
    made = {"of": (NPL,), "value": Decimal("0.035"), "unit": "ratio", **changes}
    return Printed(text, **made)  # type: ignore[arg-type]


def test_a_number_is_its_text_and_remembers_its_figures() -> None:
    made = number("+0.25", of=(NPL, BEFORE), value=Decimal("0.0025"), rule=Rule.CHANGE)
    assert made == "+0.25"
    assert (made.of, made.rule, made.value, made.form) == (
        (NPL, BEFORE),
        Rule.CHANGE,
        Decimal("0.0025"),
        Form.TABLE,
    )


def test_a_sentence_keeps_its_numbers_apart_and_reads_as_one() -> None:
    parts = sentence("不良率{npl}，{bank}{{注}}", {"npl": number(), "bank": "甲行"})
    assert plain(parts) == "不良率3.50%，甲行{注}"
    assert [type(part) for part in parts if isinstance(part, Printed)] == [Printed]


def test_a_name_that_the_sentence_does_not_give_is_an_error() -> None:
    with pytest.raises(KeyError, match="npl"):
        sentence("不良率{npl}", {})


def sentences() -> Issue:
    """Every kind of block, and numbers in every place that takes them."""
    said = ("不良率", number(), "，变动", number("+0.25", of=(NPL, BEFORE), rule=Rule.CHANGE, places=1))
    tile = replace(
        issues.TILES[0], label=Term("不良率", code="loans.npl_ratio"), value=number(), change_labels=(said,)
    )
    everything = issues.everything()
    sections = (*everything.sections, Section("分节", "more", (Paragraph(said),)))
    return replace(everything, key_points=(said, "无数字。"), tiles=(tile,), sections=sections)


class TestTheTree:
    def test_that_was_kept_is_set_again_byte_for_byte(self) -> None:
        issue = sentences()
        again = tree.revived(orjson.loads(orjson.dumps(tree.kept(issue))))
        assert document.render(again) == document.render(issue)

    def test_remembers_every_figure(self) -> None:
        issue = sentences()
        again = tree.revived(tree.kept(issue))
        assert tree.kept(again) == tree.kept(issue)
        assert [one.of for one in walk.numbers(again)] == [one.of for one in walk.numbers(issue)]
        assert [term.code for term in walk.terms(again)] == ["loans.npl_ratio"]
        assert len(walk.numbers(issue)) == 7

    def test_holds_nothing_that_is_no_part_of_an_issue(self) -> None:
        with pytest.raises(TypeError, match="Decimal is no part of an issue"):
            tree.kept((Decimal(1),))


@pytest.mark.parametrize(
    ("made", "values", "language"),
    [
        (number(), [Decimal("0.035")], "en"),
        (number("3.5%", places=1), [Decimal("0.0345")], "en"),
        (number("−0.25", of=(NPL, BEFORE), rule=Rule.CHANGE), [Decimal("0.0325"), Decimal("0.035")], "en"),
        (number("1,234.57", unit="yuan"), [Decimal("12345650")], "zh-hans"),
        (number("CNY 12.35 million", unit="yuan", form=Form.HEADLINE), [Decimal("12345650")], "en"),
        (number("1.00亿元", unit="yuan", form=Form.HEADLINE), [Decimal("100000000")], "zh-hans"),
        (
            number("+10.0%", unit="yuan", of=(NPL, BEFORE), rule=Rule.CHANGE),
            [Decimal(11), Decimal(10)],
            "zh-hans",
        ),
    ],
)
def test_a_second_hand_prints_the_same(made: Printed, values: list[Decimal], language: str) -> None:
    assert walk.again(made, dict(zip(made.of, values, strict=True)), language=language) == made
