"""Pure figures: numbers in, numbers out. No Django, no clock, no I/O."""
