"""Pools: what each holds, what it carries, and for which banks it is closed. Wants full scope."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Prefetch, QuerySet

from finance_hub.kernel.problems import NotFound
from loans.models import Pool, PoolEvent, PoolLimits
from loans.queries.in_force import POSITIONS, rows, whole_rows


class PoolRow(NamedTuple):
    """A pool with the limits in force; amounts in fen, the limit in hundredths of a multiple."""

    pool_id: int
    code: str
    name: str
    name_en: str
    balance: int
    guaranteed: int
    leverage_limit: int | None


class FuseRow(NamedTuple):
    """One bank under one pool. The measure is bad ÷ total in fen; total is None where the bank has not
    reported what it takes. `line` is in hundredths of a percent, None where no limits are in force."""

    pool_id: int
    bank_id: int
    measure: str | None
    bad: int | None
    total: int | None
    line: int | None

    @property
    def value(self) -> Decimal | None:
        """The ratio, None where it has no denominator."""
        return Decimal(self.bad or 0) / self.total if self.total else None

    @property
    def blown(self) -> bool:
        value = self.value
        return value is not None and self.line is not None and value * 10_000 >= self.line


_SIGNED = (
    "CASE WHEN (kind IN ('contribution', 'return')) = (reverses_id IS NULL) THEN amount ELSE -amount END"
)
#: Limits in force at the end of the day before `as_of`.
_LIMITS = """
  SELECT DISTINCT ON (pool_id) * FROM loans_poollimits
   WHERE approved_at <= %(known_at)s AND valid_from < %(as_of)s ORDER BY pool_id, valid_from DESC, version DESC"""
_CARRIED = """
  SELECT g.id, t.pool_id, g.bank_id, g.contract_no, g.principal,
         coalesce(sum(CASE WHEN e.reverses_id IS NULL THEN e.amount ELSE -e.amount END)
                    FILTER (WHERE e.kind IN ('release', 'compensation')), 0) AS ended,
         coalesce(sum(CASE WHEN e.reverses_id IS NULL THEN e.amount ELSE -e.amount END)
                    FILTER (WHERE e.kind = 'compensation'), 0) AS compensated
    FROM loans_guarantee g JOIN loans_agreementterms t ON t.id = g.terms_id
    LEFT JOIN loans_guaranteeevent e
      ON e.guarantee_id = g.id AND e.effective_date < %(as_of)s AND e.recorded_at <= %(known_at)s
   WHERE t.pool_id IS NOT NULL AND g.start_date < %(as_of)s AND g.recorded_at <= %(known_at)s
   GROUP BY g.id, t.pool_id"""
_POOLS = f"""
WITH limits AS ({_LIMITS}), carried AS ({_CARRIED}),
held AS (
  SELECT pool_id, sum({_SIGNED}) AS balance FROM loans_poolevent
   WHERE effective_date < %(as_of)s AND recorded_at <= %(known_at)s GROUP BY 1)
SELECT p.id, p.code, p.name, p.name_en, coalesce(held.balance, 0) * 100,
       coalesce((SELECT sum(principal - ended) FROM carried WHERE pool_id = p.id), 0) * 100,
       l.leverage_limit * 100
  FROM loans_pool p LEFT JOIN held ON held.pool_id = p.id LEFT JOIN limits l ON l.pool_id = p.id
 WHERE p.recorded_at <= %(known_at)s ORDER BY p.code
"""  # noqa: S608 - constants of ours
#: The bad and all loans of a bank in the last month up to `as_of` for which it has positions.
_FUSES = f"""
WITH limits AS ({_LIMITS}), carried AS ({_CARRIED}),
banks AS (
  SELECT c.pool_id, c.bank_id, sum(c.principal) AS principal, sum(c.compensated) AS compensated,
         (SELECT max(p.month) FROM loans_loanposition p
           WHERE p.bank_id = c.bank_id AND p.month < %(as_of)s AND p.recorded_at <= %(known_at)s) AS month
    FROM carried c GROUP BY 1, 2),
stock AS (
  SELECT c.pool_id, c.bank_id, sum(p.balance) AS balance,
         coalesce(sum(p.balance) FILTER (WHERE p.five_tier IN ('substandard', 'doubtful', 'loss')), 0) AS bad
    FROM (SELECT DISTINCT pool_id, bank_id, contract_no FROM carried) c
    JOIN banks b ON b.pool_id = c.pool_id AND b.bank_id = c.bank_id
    JOIN loans_contract k ON k.bank_id = c.bank_id AND k.contract_no = c.contract_no
    JOIN loans_drawdown d ON d.contract_id = k.id
    JOIN loans_loanposition p ON p.drawdown_id = d.id AND p.month = b.month AND {POSITIONS}
   GROUP BY 1, 2)
SELECT b.pool_id, b.bank_id, l.fuse_measure,
       CASE l.fuse_measure WHEN 'npl_ratio' THEN s.bad ELSE b.compensated END * 100,
       CASE l.fuse_measure WHEN 'npl_ratio' THEN s.balance ELSE b.principal END * 100,
       l.fuse_line_pct * 100
  FROM banks b LEFT JOIN limits l ON l.pool_id = b.pool_id
  LEFT JOIN stock s ON s.pool_id = b.pool_id AND s.bank_id = b.bank_id
 ORDER BY 1, 2
"""  # noqa: S608 - constants of ours
_LEAST = f"""
WITH days AS (
  SELECT effective_date AS day, sum(sum({_SIGNED})) OVER (ORDER BY effective_date) AS balance
    FROM loans_poolevent WHERE pool_id = %(pool)s GROUP BY effective_date)
SELECT least((SELECT balance FROM days WHERE day <= %(day)s ORDER BY day DESC LIMIT 1),
             (SELECT min(balance) FROM days WHERE day > %(day)s)),
       EXISTS (SELECT FROM days WHERE day <= %(day)s)
"""  # noqa: S608 - constants of ours


def pool_frame(as_of: date, known_at: datetime) -> list[PoolRow]:
    """Balance, guaranteed balance and leverage limit of every pool; `as_of` exclusive."""
    return [PoolRow(*row) for row in whole_rows(_POOLS, as_of=as_of, known_at=known_at)]


def fuse_frame(as_of: date, known_at: datetime) -> list[FuseRow]:
    """The fuse 熔断 of each bank under each pool; `as_of` exclusive.

    `npl_ratio`: substandard, doubtful and loss ÷ balance of the bank's loans under the pool, in the last
    month for which the bank has sent positions. `compensation_ratio`: principal compensated ÷ principal
    guaranteed under the pool for the bank, since its beginning.
    """
    return [FuseRow(*row) for row in whole_rows(_FUSES, as_of=as_of, known_at=known_at)]


def spare(pool: Pool, *, day: date) -> Decimal:
    """What the pool can pay on `day`: its lowest balance from the end of that day on, in yuan."""
    [(least, begun)] = rows(_LEAST, pool=pool.pk, day=day)
    return Decimal(least) if begun and least > 0 else Decimal("0.00")


def pools() -> QuerySet[Pool]:
    """With every version of their limits, latest first."""
    limits = PoolLimits.objects.select_related("proposed_by", "approved_by").order_by("-version")
    return Pool.objects.prefetch_related(Prefetch("limits", limits))


def pool(code: str) -> Pool:
    """Raises NotFound."""
    found = pools().filter(code=code).first()
    if found is None:
        raise NotFound
    return found


def pool_events(pool: Pool) -> QuerySet[PoolEvent]:
    found = PoolEvent.objects.filter(pool=pool).select_related("claim", "recovery", "reverses")
    return found.order_by("effective_date", "pk")
