"""Figures led back to their records, and compared from one snapshot to another."""
