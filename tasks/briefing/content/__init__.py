"""From figures to sentences, rows and charts: the content tree of one issue.

Every number comes from the snapshot's figures (and from those of earlier months for changes and
series), worded once by `tasks.wording`, and remembers them. Nothing is computed here but what `origin.Rule` names.
What people decide about an edition (its matters, its reasons, its edited key points) is handed in as `held` has it.
"""

from tasks.briefing.content.held import Matter, Reason, Standing
from tasks.briefing.content.issue import build, matters_of, numbered

__all__ = ["Matter", "Reason", "Standing", "build", "matters_of", "numbered"]
