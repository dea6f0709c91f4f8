"""A bank's month as the centre holds it: the identity by product, and where flow and stock disagree."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance_hub.kernel.models import Organisation
from finance_hub.kernel.periods import Month
from finance_hub.kernel.text import Text
from finance_hub.web import words
from finance_hub.web.contexts.chrome import FieldError, Status
from finance_hub.web.contexts.reconciliation import Agreement, Difference, Line, Reconciliation
from loans.models import Dataset, LoanProduct
from loans.queries import differences as disagreeing
from loans.queries import reconciliation as held_by

#: As many differences as a page shows; the API has all of them.
MOST = 50
_ORDER = (
    "opening", "disbursed", "repaid", "adjusted", "written_off", "refinanced", "closing", "stock_balance",
)  # fmt: skip


def reconciliation(
    bank: Organisation,
    month: Month,
    *,
    now: datetime,
    errors: tuple[FieldError, ...] = (),
    refusal: str = "",
) -> Reconciliation:
    """Wants the scope of the bank. `agreement` is offered where there is something to agree to."""
    held = held_by.reconcile(bank, month, known_at=now)
    whole = held.datasets == set(Dataset.values)
    names = {product.code: Text(product.name, product.name_en) for product in LoanProduct.objects.all()}
    lines = [_line(words.say(names[line.product]), line) for line in held.by_product if line.product]
    found = disagreeing.differences(bank, month, known_at=now, limit=MOST) if whole else []
    asks = whole and held.status != "confirmed" and month < Month.of(now)
    status, meaning = _standing(held, whole=whole)
    return Reconciliation(
        title=_("Reconcile %(month)s with the centre") % {"month": words.month(month)},
        status=status,
        meaning=meaning,
        columns=tuple(_heading(name) for name in _ORDER),
        lines=(*lines, _line(_("All products"), held.total, is_total=True)),
        unit=_("yuan"),
        differences=tuple(_difference(one) for one in found),
        found=_found(held.total.differing_drawdowns or 0) if whole else "",
        agreement=Agreement(str(month), held.sha256, errors) if asks else None,
        back_url=reverse("web:reports"),
        refusal=refusal,
    )


def _standing(held: held_by.Reconciliation, *, whole: bool) -> tuple[Status, str]:
    if not whole:
        return Status(_("not reported in full"), "none"), _("Report both data sets of the month first.")
    said = held.last_confirmation
    if said is None:
        return Status(_("not confirmed"), "watch"), _("Nobody of the bank has confirmed the totals.")
    status, sentence = {
        "confirmed": (Status(_("confirmed"), "ok"), _("%(who)s has confirmed these totals, %(when)s.")),
        "differs": (Status(_("differs"), "alert"), _("%(who)s had other totals, %(when)s.")),
        "outdated": (
            Status(_("outdated"), "alert"),
            _("%(who)s has confirmed other totals, %(when)s; the month has been corrected since."),
        ),
    }[held.status]
    return status, sentence % {"who": said.confirmed_by.full_name, "when": words.moment(said.recorded_at)}


def _heading(name: str) -> str:
    said = {
        "opening": _("Opening"),
        "disbursed": _("+ Paid out"),
        "repaid": _("− Repaid"),
        "adjusted": _("± Adjusted"),
        "written_off": _("− Written off"),
        "refinanced": _("− Refinanced"),
        "closing": _("= Closing"),
        "stock_balance": _("Month-end snapshot"),
    }
    return said[name]


def _line(label: str, line: held_by.Line, *, is_total: bool = False) -> Line:
    amounts = (getattr(line, name) for name in _ORDER)
    return Line(label, tuple(words.DASH if a is None else words.yuan(a) for a in amounts), is_total)


def _found(count: int) -> str:
    if not count:
        return _("Flow and snapshot agree on every drawdown.")
    said = ngettext("%(count)s drawdown disagrees.", "%(count)s drawdowns disagree.", count)
    return said % {"count": words.count(count)}


def _difference(one: disagreeing.Difference) -> Difference:
    said = {
        "missing-from-snapshot": _("not in the snapshot"),
        "position-without-flow": _("without loan events"),
        "differs": _("other balance"),
    }
    return Difference(
        contract=one.contract_no,
        drawdown=one.drawdown_no,
        flow=words.yuan(one.flow_balance),
        stock=words.DASH if one.stock_balance is None else words.yuan(one.stock_balance),
        difference=words.yuan(one.difference),
        reason=said[one.reason],
    )
