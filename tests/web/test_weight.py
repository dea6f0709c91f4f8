"""The web stays light: what computes and typesets is never loaded by it."""

from __future__ import annotations

import os
import subprocess
import sys

HEAVY = (
    "numpy",
    "polars",
    "pandas",
    "reportlab",
    "pikepdf",
    "pyxirr",
    "scipy",
    "xlsxwriter",
    "python_calamine",
)
PROGRAM = f"""
import django, sys
django.setup()
import finance_hub.urls
from django.template.loader import get_template
get_template("overview/page.html")
print([name for name in {HEAVY!r} if name in sys.modules])
"""


def test_serving_pages_loads_no_library_of_figures_or_documents() -> None:
    said = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=dict(os.environ), capture_output=True, text=True, check=True
    )

    assert said.stdout.strip() == "[]"
