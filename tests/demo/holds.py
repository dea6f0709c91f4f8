"""What no city may hold, as plain SQL that is independent of the code that recorded it."""

from __future__ import annotations

#: What holds → a query of what breaks it.
HOLDS = {
    "no fund's cash is negative at the end of any day": """
        SELECT fund_id FROM (
          SELECT fund_id, day, sum(sum(change)) OVER (PARTITION BY fund_id ORDER BY day) AS cash FROM (
            SELECT fund_id, effective_date AS day, CASE kind WHEN 'contribution' THEN amount
                   WHEN 'commitment' THEN 0 WHEN 'call' THEN 0 ELSE -amount END AS change FROM funds_fundevent
            UNION ALL
            SELECT h.fund_id, e.effective_date, CASE e.kind WHEN 'investment' THEN -e.cash ELSE e.cash END
              FROM funds_holdingevent e JOIN funds_holding h ON h.id = e.holding_id) moves
          GROUP BY fund_id, day) days WHERE cash < 0""",
    "paid-in <= called <= committed on every day": """
        SELECT investor_id FROM (
          SELECT investor_id, sum(sum(c)) OVER w AS committed, sum(sum(k)) OVER w AS called,
                 sum(sum(p)) OVER w AS paid FROM (
            SELECT investor_id, effective_date AS day,
                   CASE WHEN kind = 'commitment' THEN amount ELSE 0 END AS c,
                   CASE WHEN kind = 'call' THEN amount ELSE 0 END AS k,
                   CASE WHEN kind = 'contribution' THEN amount ELSE 0 END AS p
              FROM funds_fundevent WHERE investor_id IS NOT NULL) rows
          GROUP BY investor_id, day WINDOW w AS (PARTITION BY investor_id ORDER BY day)) days
         WHERE paid > called OR called > committed""",
    "no holding's cost is below zero on any day": """
        SELECT holding_id FROM (
          SELECT holding_id, sum(sum(CASE WHEN kind = 'investment' THEN cost ELSE -cost END))
                 OVER (PARTITION BY holding_id ORDER BY effective_date) AS held
            FROM funds_holdingevent GROUP BY holding_id, effective_date) days WHERE held < 0""",
    "no holding's shares are below zero, and no firm's stakes above all its shares, at the end of any day": """
        SELECT firm_id FROM (
          SELECT firm_id, day, sum(sum(moved)) OVER w AS held, max(total) FROM (
            SELECT h.firm_id, u.effective_date AS day, NULL::bigint AS total,
                   CASE WHEN (u.kind = 'released') = (u.reverses_id IS NULL) THEN -u.shares ELSE u.shares END AS moved
              FROM funds_units u JOIN funds_holding h ON h.id = u.holding_id
            UNION ALL SELECT firm_id, effective_date, shares_after, 0 FROM funds_round) moves
          GROUP BY firm_id, day WINDOW w AS (PARTITION BY firm_id ORDER BY day)) days
         WHERE held < 0 OR held > coalesce((SELECT r.shares_after FROM funds_round r WHERE r.firm_id = days.firm_id
               AND r.effective_date <= days.day ORDER BY r.effective_date DESC, r.id DESC LIMIT 1), held)""",
    "the books of two managers tell the same of one round": """
        SELECT a.id FROM funds_round a JOIN funds_round b USING (firm_id, name)
         WHERE a.id < b.id AND (a.effective_date, a.post_money, a.shares_after)
               IS DISTINCT FROM (b.effective_date, b.post_money, b.shares_after)""",
    "every holding has a value from its first day on": """
        SELECT h.id FROM funds_holding h WHERE NOT EXISTS (
          SELECT FROM funds_valuation v JOIN funds_holdingevent e USING (holding_id)
           WHERE v.holding_id = h.id AND e.kind = 'investment' AND v.effective_date = e.effective_date)""",
    "every investment in a firm belongs to a deal of the fund with that firm": """
        SELECT e.id FROM funds_holdingevent e JOIN funds_holding h ON h.id = e.holding_id
         WHERE e.kind = 'investment' AND h.firm_id IS NOT NULL AND NOT EXISTS (
          SELECT FROM funds_dealpayment p JOIN funds_deal d ON d.id = p.deal_id
           WHERE p.event_id = e.id AND d.fund_id = h.fund_id AND d.firm_id = h.firm_id)""",
    "facts of funds are recorded after they happened, within eight weeks, and not after today": """
        SELECT id FROM (
          SELECT id, effective_date AS day, recorded_at FROM funds_fundevent
          UNION ALL SELECT id, effective_date, recorded_at FROM funds_holdingevent
          UNION ALL SELECT id, effective_date, recorded_at FROM funds_valuation
          UNION ALL SELECT id, effective_date, recorded_at FROM funds_dealstep
          UNION ALL SELECT id, effective_date, recorded_at FROM listings_stageevent
          UNION ALL SELECT id, effective_date, recorded_at FROM loans_guaranteeevent) facts
         WHERE (recorded_at AT TIME ZONE 'Asia/Shanghai')::date NOT BETWEEN day AND day + 56
            OR recorded_at > '2026-11-10 18:00+08'""",
    "nothing of a firm is older than the firm": """
        SELECT f.uscc FROM kernel_firm f JOIN loans_contract c ON c.firm_id = f.id
          JOIN loans_drawdown d ON d.contract_id = c.id WHERE d.disbursed_on < f.founded_on
        UNION SELECT f.uscc FROM kernel_firm f JOIN funds_holding h ON h.firm_id = f.id
          JOIN funds_holdingevent e ON e.holding_id = h.id WHERE e.effective_date < f.founded_on
        UNION SELECT f.uscc FROM kernel_firm f JOIN funds_deal d ON d.firm_id = f.id
          JOIN funds_dealstep s ON s.deal_id = d.id WHERE s.effective_date < f.founded_on
        UNION SELECT f.uscc FROM kernel_firm f JOIN kernel_firmclass c ON c.firm_id = f.id
         WHERE c.valid_from < f.founded_on""",
    "no drawdown's balance is negative at the end of any day": """
        SELECT drawdown_id FROM (
          SELECT drawdown_id, sum(sum(effect)) OVER (PARTITION BY drawdown_id ORDER BY value_date) AS balance
            FROM loans_loanevent e WHERE NOT EXISTS (SELECT FROM loans_loanevent n WHERE n.bank_id = e.bank_id
                  AND n.external_event_id = e.external_event_id AND n.revision > e.revision)
           GROUP BY drawdown_id, value_date) days WHERE balance < 0""",
    "an event lies in the month of its batch": """
        SELECT e.id FROM loans_loanevent e JOIN loans_loanreportbatch b ON b.id = e.batch_id
         WHERE date_trunc('month', e.value_date) <> b.period""",
    "every batch is applied, and before its month is closed unless it restates": """
        SELECT b.public_id FROM loans_loanreportbatch b LEFT JOIN kernel_monthstate m ON m.month = b.period
         WHERE b.state <> 'applied' OR (b.declared_at >= m.closed_at AND NOT EXISTS (
               SELECT FROM loans_loanevent e WHERE e.batch_id = b.id AND e.revision > 1))""",
    "every live drawdown has a position at the end of each month its bank has reported": """
        SELECT d.id FROM loans_drawdown d
          JOIN loans_loanreportbatch b ON b.bank_id = d.bank_id AND b.dataset = 'stock'
         WHERE (SELECT sum(effect) FROM loans_loanevent e WHERE e.drawdown_id = d.id
                   AND e.value_date < b.period + interval '1 month') > 0
           AND NOT EXISTS (SELECT FROM loans_loanposition p WHERE p.drawdown_id = d.id AND p.month = b.period)""",
    "an ip-pledge loan has its pledges and no other has any": """
        SELECT d.id FROM loans_drawdown d WHERE (d.product_id = 'ip_pledge') <> EXISTS (
               SELECT FROM loans_pledge p WHERE p.drawdown_id = d.id)""",
    "a guarantee stands for a contract that its bank has reported, with its firm and amount": """
        SELECT g.guarantee_no FROM loans_guarantee g WHERE NOT EXISTS (
          SELECT FROM loans_contract c JOIN loans_drawdown d ON d.contract_id = c.id
            JOIN loans_loanevent e ON e.drawdown_id = d.id AND e.record_type = 'disbursement'
           WHERE c.bank_id = g.bank_id AND c.contract_no = g.contract_no AND c.firm_id = g.firm_id
             AND d.guarantee_ref = g.guarantee_no AND e.amount = g.principal AND d.disbursed_on = g.start_date)
           AND (g.start_date < '2026-10-01')""",
    "a compensation is a repayment at the bank": """
        SELECT v.id FROM loans_guaranteeevent v JOIN loans_guarantee g ON g.id = v.guarantee_id
         WHERE v.kind = 'compensation' AND NOT EXISTS (
          SELECT FROM loans_contract c JOIN loans_drawdown d ON d.contract_id = c.id
            JOIN loans_loanevent e ON e.drawdown_id = d.id AND e.record_type = 'repayment'
           WHERE c.bank_id = g.bank_id AND c.contract_no = g.contract_no AND e.amount = v.amount
             AND e.value_date = v.effective_date)""",
    "every month but the last is closed by another person": """
        SELECT month FROM kernel_monthstate WHERE closed_by_id IS NULL OR closed_by_id = proposed_by_id""",
    "an issue is published with the figures known at its close": """
        SELECT b.public_id FROM tasks_briefing b JOIN tasks_snapshot s ON s.id = b.snapshot_id
          JOIN kernel_monthstate m ON m.month = b.month
         WHERE b.state = 'published' AND (s.known_at <> m.closed_at OR b.approved_at < m.closed_at)""",
}  # fmt: skip
