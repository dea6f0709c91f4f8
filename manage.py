#!/usr/bin/env python3
"""Management commands; the rules about which Python and which database are in `embedded.terminal`."""

import sys

from finance_hub.embedded import terminal

if __name__ == "__main__":
    terminal.enter()
    from django.core.management import execute_from_command_line

    with terminal.explained():
        execute_from_command_line(sys.argv)
