"""From figures to sentences, rows and charts: the content tree of one issue.

Every number comes from the snapshot's figures (and from those of earlier months for changes and
series), worded once by `tasks.wording`, and remembers them. Nothing is computed here but what `origin.Rule` names.
"""

from tasks.briefing.content.issue import build, numbered

__all__ = ["build", "numbered"]
