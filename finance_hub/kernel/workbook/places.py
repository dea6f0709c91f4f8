"""Cell references: `C17` is the third column of the seventeenth row."""

from __future__ import annotations

from functools import cache


@cache
def letters(column: int) -> str:
    """The name of a column, counted from 0: A … Z, AA …"""
    name, left = "", column + 1
    while left:
        left, letter = divmod(left - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


@cache
def column_of(name: str) -> int:
    """The column of its letters, counted from 0; -1 for what is no name of a column."""
    if not (name.isascii() and name.isupper() and name.isalpha() and len(name) <= 4):
        return -1
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
