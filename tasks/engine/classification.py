"""Five-tier loan classes 五级分类 and overdue buckets.

Source: 商业银行金融资产风险分类办法 (银保监会 人民银行令〔2023〕第1号), in force from 2023-07-01.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import Final, NamedTuple, Self

from tasks.engine.value import UNDEFINED, Value, ratio


class _Ordered(Enum):
    """An enumeration whose members stand in ascending order; its values are the codes of the API."""

    @property
    def rank(self) -> int:
        return list(type(self)).index(self)

    def __lt__(self, other: Self) -> bool:
        return self.rank < other.rank

    def __le__(self, other: Self) -> bool:
        return self.rank <= other.rank

    def __gt__(self, other: Self) -> bool:
        return self.rank > other.rank

    def __ge__(self, other: Self) -> bool:
        return self.rank >= other.rank


class LoanClass(_Ordered):
    """正常 关注 次级 可疑 损失; greater is worse."""

    NORMAL = "normal"
    SPECIAL_MENTION = "special_mention"
    SUBSTANDARD = "substandard"
    DOUBTFUL = "doubtful"
    LOSS = "loss"

    @property
    def non_performing(self) -> bool:
        """Whether the class is counted as 不良."""
        return self >= LoanClass.SUBSTANDARD


class Floor(NamedTuple):
    """A loan more than `days` days overdue is in `at_least` or a worse class."""

    days: int
    at_least: LoanClass


# Up to seven days may be a technical delay, which the rule leaves out: the days alone prove nothing yet.
FLOORS: Final = (
    Floor(7, LoanClass.SPECIAL_MENTION),
    Floor(90, LoanClass.SUBSTANDARD),
    Floor(270, LoanClass.DOUBTFUL),
    Floor(360, LoanClass.LOSS),
)


class OverdueBucket(_Ordered):
    """Buckets of days overdue in the regulator's report S71; greater is later."""

    TO_30 = "<=30"
    TO_60 = "31-60"
    TO_90 = "61-90"
    TO_180 = "91-180"
    TO_270 = "181-270"
    TO_360 = "271-360"
    BEYOND = ">=361"


_BUCKET_ENDS: Final = (30, 60, 90, 180, 270, 360)


def floor(overdue_days: int, *, floors: Sequence[Floor] = FLOORS) -> LoanClass:
    """The best class a loan may have by its days overdue alone; a bank may always report a worse one.

    90 days are not yet substandard, 91 are. Raises ValueError for negative days.
    """
    _refuse_negative(overdue_days)
    return max((step.at_least for step in floors if overdue_days > step.days), default=LoanClass.NORMAL)


def overdue_bucket(overdue_days: int) -> OverdueBucket | None:
    """The S71 bucket of a loan; None where nothing is overdue. Raises ValueError for negative days."""
    _refuse_negative(overdue_days)
    if overdue_days == 0:
        return None
    return list(OverdueBucket)[sum(overdue_days > end for end in _BUCKET_ENDS)]


def npl_ratio(balances: Mapping[LoanClass, Decimal | int]) -> Value:
    """Non-performing balance over all balances 不良率, in one unit; `undefined` for a negative balance."""
    if any(balance < 0 for balance in balances.values()):
        return Value.none(UNDEFINED)
    bad = sum(balance for tier, balance in balances.items() if tier.non_performing)
    return ratio(float(bad), float(sum(balances.values())))


def _refuse_negative(overdue_days: int) -> None:
    if overdue_days < 0:
        raise ValueError("days overdue are counted from 0")
