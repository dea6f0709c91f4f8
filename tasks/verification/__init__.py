"""Whether a file is a briefing of ours, and if it once was one, what was done to it."""

from tasks.verification import spoken
from tasks.verification.known import Known, Standing, named
from tasks.verification.verdict import Finding, Verdict, of_content, of_hash

__all__ = ["Finding", "Known", "Standing", "Verdict", "named", "of_content", "of_hash", "spoken"]
