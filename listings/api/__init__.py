"""Firms on their way to a listing, over HTTP."""
