"""From figures to sentences, rows and charts: the content tree of one issue.

Every number comes from the snapshot's figures (and from those of earlier months for changes and
series), worded once by `tasks.wording`. Nothing is computed here but differences shown as changes.
"""

from tasks.briefing.content.issue import Facts, build

__all__ = ["Facts", "build"]
