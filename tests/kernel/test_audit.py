"""The audit chain is gapless, cannot fork, and names the first entry that somebody tampered with."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from finance_hub.kernel import audit
from finance_hub.kernel.models import AuditEntry
from tests.cast import NOW, Cast
from tests.kernel.threads import at_once

Tamper = Callable[..., None]


def append(count: int, **detail: Any) -> None:
    for number in range(count):
        audit.record("test.act", actor=None, subject=f"thing:{number}", at=NOW, **detail)


@pytest.fixture
def tamper(committed: Cast, owner_connection: Any) -> Tamper:
    """What the owner of the database could do after switching the triggers off, ten entries in place."""
    append(10)

    def as_owner(statement: str, *values: object) -> None:
        with owner_connection.transaction():
            owner_connection.execute("ALTER TABLE kernel_auditentry DISABLE TRIGGER USER")
            owner_connection.execute(statement, values)
            owner_connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
            owner_connection.execute("ALTER TABLE kernel_auditentry ENABLE TRIGGER USER")

    return as_owner


class TestPuttingOff:
    def test_nothing_is_written_until_it_is_appended_and_then_in_order(self, db: None) -> None:
        append(2)
        with audit.put_off() as kept:
            append(3)
        assert AuditEntry.objects.count() == 2
        append(1)
        audit.append(kept)

        subjects = AuditEntry.objects.order_by("seq").values_list("subject", flat=True)
        assert [*subjects] == [f"thing:{number}" for number in (0, 1, 0, 0, 1, 2)]
        assert audit.verify() is None

    def test_what_is_dropped_leaves_no_trace_and_blocks_do_not_share(self, db: None) -> None:
        with audit.put_off() as outer:
            append(1)
            with audit.put_off() as inner:
                append(2)
        assert (len(outer), len(inner)) == (1, 2)
        audit.append(outer)
        assert AuditEntry.objects.count() == 1
        assert audit.head()[0] == 1

    def test_the_chain_is_locked_by_nobody_who_only_puts_off(self, committed: Cast) -> None:
        append(1)
        with transaction.atomic(), audit.put_off():
            append(5)
            at_once(1, lambda _: append(1))
        assert AuditEntry.objects.count() == 2

    def test_appending_nothing_changes_nothing(self, db: None) -> None:
        append(1)
        audit.append([])
        assert audit.verify() is None


class TestAppending:
    def test_entries_are_numbered_without_gaps_and_linked(self, db: None) -> None:
        append(3)
        rows = list(AuditEntry.objects.order_by("seq"))
        assert [row.seq for row in rows] == [1, 2, 3]
        assert [row.prev_hash for row in rows] == [audit.GENESIS, rows[0].hash, rows[1].hash]
        assert audit.verify() is None
        assert audit.head() == (3, rows[2].hash)

    def test_an_act_that_is_rolled_back_leaves_no_entry_and_no_gap(self, db: None) -> None:
        append(1)
        with transaction.atomic():
            append(1)
            transaction.set_rollback(True)
        append(1)
        assert list(AuditEntry.objects.values_list("seq", flat=True).order_by("seq")) == [1, 2]
        assert audit.verify() is None

    @pytest.mark.parametrize(
        "value",
        [1e16, 1e-7, 0.1, 10**30, -(2**63), Decimal("1.10"), date(2026, 10, 1), "\x00", "\ud800", "𠮷", "a\u2028b",
         {"nested": [1.5, {"deep": "\x00"}], 7: None}, True, None],
    )  # fmt: skip
    def test_every_detail_verifies_after_the_database_wrote_it_its_own_way(
        self, db: None, value: Any
    ) -> None:
        audit.record("test.act", actor=None, subject="thing:\x00" + "长" * 300, at=NOW, value=value)
        assert audit.verify() is None

    def test_eight_writers_of_a_hundred_entries_each_do_not_fork_the_chain(self, committed: Cast) -> None:
        at_once(8, lambda _: append(100))
        assert audit.head()[0] == 800
        assert audit.verify() is None

    def test_the_chain_verifies_while_others_go_on_writing(self, committed: Cast) -> None:
        def either(number: int) -> audit.Break | None:
            return append(60) if number else next(filter(None, (audit.verify() for _ in range(15))), None)

        assert at_once(3, either)[0] is None


class TestTampering:
    def test_an_untouched_chain_holds(self, tamper: Tamper) -> None:
        assert audit.verify() is None

    def test_an_edit_is_found_where_it_was_made(self, tamper: Tamper) -> None:
        tamper("UPDATE kernel_auditentry SET subject = 'thing:forged' WHERE seq = 4")
        assert audit.verify() == audit.Break(4, "was changed")

    @pytest.mark.parametrize("column", ["at", "actor_label", "action", "detail", "succeeded"])
    def test_every_column_is_covered(self, tamper: Tamper, column: str) -> None:
        value = {"detail": '{"forged": 1}', "succeeded": "false"}.get(column, "2026-01-01")
        tamper(f'UPDATE kernel_auditentry SET "{column}" = %s WHERE seq = 4', value)  # noqa: S608 - names of ours
        assert audit.verify() == audit.Break(4, "was changed")

    def test_an_edit_with_its_hash_made_anew_breaks_the_next_link(self, tamper: Tamper) -> None:
        fields = AuditEntry.objects.filter(seq=4).values().get()
        del fields["hash"]
        forged = {**fields, "subject": "thing:forged"}
        tamper(
            "UPDATE kernel_auditentry SET subject = %s, hash = %s WHERE seq = 4",
            forged["subject"],
            audit.entry_hash(forged),
        )
        assert audit.verify() == audit.Break(5, "does not follow the entry before it")

    def test_a_deleted_entry_is_missed(self, tamper: Tamper) -> None:
        tamper("DELETE FROM kernel_auditentry WHERE seq = 6")
        assert audit.verify() == audit.Break(6, "missing")

    def test_a_deleted_first_entry_is_missed(self, tamper: Tamper) -> None:
        tamper("DELETE FROM kernel_auditentry WHERE seq = 1")
        assert audit.verify() == audit.Break(1, "missing")

    def test_an_inserted_entry_is_found(self, tamper: Tamper) -> None:
        tamper(
            "INSERT INTO kernel_auditentry (seq, at, actor_label, action, subject, succeeded, detail, prev_hash, hash)"
            " SELECT 11, at, actor_label, action, 'forged', succeeded, detail, hash, repeat('f', 64)"
            " FROM kernel_auditentry WHERE seq = 10"
        )
        broken = audit.verify()
        assert broken
        assert broken.seq == 11

    def test_a_well_made_entry_that_the_head_does_not_know_is_found(self, tamper: Tamper) -> None:
        seq, last = audit.head()
        fields = {
            "seq": seq + 1, "at": NOW.isoformat(), "actor_id": None, "actor_label": "x", "action": "x",
            "subject": "x", "succeeded": True, "detail": {}, "prev_hash": last,
        }  # fmt: skip
        values = {**fields, "detail": json.dumps({}), "hash": audit.entry_hash(fields)}
        names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
        statement = f"INSERT INTO kernel_auditentry ({names}) VALUES ({marks})"  # noqa: S608 - names of ours
        tamper(statement, *values.values())
        assert audit.verify() == audit.Break(seq + 1, "is not known to the head")

    def test_two_entries_swapped_are_found(self, tamper: Tamper) -> None:
        tamper("UPDATE kernel_auditentry SET seq = CASE seq WHEN 4 THEN 105 ELSE 104 END WHERE seq IN (4, 5)")
        tamper("UPDATE kernel_auditentry SET seq = seq - 100 WHERE seq > 100")
        assert audit.verify() == audit.Break(4, "does not follow the entry before it")

    def test_a_cut_tail_is_missed_by_the_head(self, tamper: Tamper) -> None:
        tamper("DELETE FROM kernel_auditentry WHERE seq > 8")
        assert audit.verify() == audit.Break(9, "missing, the head names a later entry")

    def test_a_cut_tail_with_its_head_rewritten_is_seen_by_the_anchor_alone(self, tamper: Tamper) -> None:
        anchor = audit.head()
        tamper("DELETE FROM kernel_auditentry WHERE seq > 8")
        tamper(
            "UPDATE kernel_audithead SET seq = 8, hash = (SELECT hash FROM kernel_auditentry WHERE seq = 8)"
        )
        assert audit.verify() is None
        assert audit.verify(anchor=anchor) == audit.Break(9, "missing, the anchor names a later entry")

    def test_a_chain_made_anew_differs_from_the_anchor(self, tamper: Tamper) -> None:
        anchor = audit.head()
        tamper("DELETE FROM kernel_auditentry")
        tamper("UPDATE kernel_audithead SET seq = 0, hash = repeat('0', 64)")
        append(12, forged=True)
        assert audit.verify() is None
        assert audit.verify(anchor=anchor) == audit.Break(10, "differs from the anchor")


class TestTheCommand:
    def test_it_prints_the_head_as_an_anchor_that_holds_later(self, db: None) -> None:
        append(3)
        said = StringIO()
        call_command("verify_audit", stdout=said)
        seq, last = audit.head()
        assert f"anchor {seq}:{last}" in said.getvalue()
        append(2)
        call_command("verify_audit", f"--anchor={seq}:{last}", stdout=said)

    def test_it_exits_1_and_names_the_first_bad_entry(self, tamper: Tamper) -> None:
        tamper("UPDATE kernel_auditentry SET action = 'forged' WHERE seq = 7")
        said = StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command("verify_audit", stderr=said)
        assert ended.value.code == 1
        assert "seq 7" in said.getvalue()

    @pytest.mark.parametrize("anchor", ["", "7", "7:abc", "x:" + "0" * 64, "-1:" + "0" * 64])
    def test_what_is_no_anchor_is_refused(self, db: None, anchor: str) -> None:
        with pytest.raises(CommandError):
            call_command("verify_audit", f"--anchor={anchor}")
