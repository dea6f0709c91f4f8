"""Workbooks that people send, read by a process of their own that a hostile file may bring down.

`python -m finance_hub.kernel.workbook REQUEST` looks into the archive before anything else opens it,
then prints the rows of the sheet that is wanted as JSON lines. The package knows neither Django nor
what its rows mean: `finance_hub.kernel.sheets` asks it and judges what it says.
"""
