"""All public money in a firm or a group of firms, line by line: see docs/exposure.md.

`lines` says what is counted, `assembly` puts it together from rows, whoever has read them: `reading` those of a few
firms at any moment, `tasks.frames` those of all firms at a month's end.
"""
