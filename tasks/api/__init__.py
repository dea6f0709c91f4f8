"""Figures, targets, tolerance rules and briefings over HTTP."""
