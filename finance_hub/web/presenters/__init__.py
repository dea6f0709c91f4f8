"""Contexts of the pages from stored records: nothing is computed here but changes and shares."""
