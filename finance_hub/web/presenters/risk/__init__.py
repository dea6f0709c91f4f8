"""The page of tolerances and joint loss: every number is one that was stored."""
