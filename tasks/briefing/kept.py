"""What an edition says, as it was kept when it was drafted. Light: pages read it too."""

from __future__ import annotations

from tasks.briefing import tree
from tasks.briefing.content import build, numbered
from tasks.briefing.layout import Issue, Language
from tasks.models import Briefing, BriefingContent


def issue_of(briefing: Briefing, *, language: Language = "zh-hans") -> Issue:
    """The tree of an edition: the numbered issue once it is approved."""
    content = BriefingContent.objects.filter(briefing=briefing, language=language).first()
    # Nothing is kept of editions from before contents were: those are made of their snapshot again.
    draft: Issue = tree.revived(content.tree) if content else build(briefing.snapshot, language=language)
    if briefing.issue_no is None or briefing.total_no is None or briefing.approved_at is None:
        return draft
    return numbered(
        draft, issue_no=briefing.issue_no, total_no=briefing.total_no, approved_at=briefing.approved_at
    )
