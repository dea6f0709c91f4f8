"""Deals: the board, the list, one of them, and the forms of its manager."""
