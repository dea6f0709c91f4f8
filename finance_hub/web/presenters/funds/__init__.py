"""Funds: the list, one of them, its holdings, and the forms of its manager."""
