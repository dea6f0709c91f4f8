"""Branch codes that the centre does not know, of the banks whose branches it keeps."""

from __future__ import annotations

from django.db import connection

_UNKNOWN = """
WITH kept AS (SELECT DISTINCT code FROM loans_branch WHERE bank_id = %(bank)s)
INSERT INTO staged_fault
SELECT p.row_number, 'branch-unknown', '#/branch_code', '{}', true
  FROM pending p
 WHERE p.branch_code IS NOT NULL AND EXISTS (SELECT FROM kept)
   AND NOT EXISTS (SELECT FROM kept WHERE kept.code = p.branch_code)
"""


def warn(*, bank: int) -> None:
    """Say which rows name a branch that is not registered; a bank with no branch registered hears nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_UNKNOWN, {"bank": bank})
