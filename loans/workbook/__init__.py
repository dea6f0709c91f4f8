"""Workbooks of banks, read by a process of their own that a hostile file may bring down.

`python -m loans.workbook REQUEST` looks into the archive before anything else opens it, then
prints the rows of the sheet that bears the wanted header as JSON lines. The package knows neither
Django nor the row formats: `loans.intake.parse.xlsx` asks it and judges what it says.
"""
