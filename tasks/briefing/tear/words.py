"""Words of listings that figures do not carry, in both languages."""

from finance_hub.kernel.text import Text
from tasks.catalogue.policy import STAGE_NAMES

BOARDS = {
    "star": Text("科创板", "STAR market"),
    "chinext": Text("创业板", "ChiNext"),
    "beijing": Text("北交所", "Beijing exchange"),
    "main": Text("主板", "Main board"),
    "hong_kong": Text("港交所", "Hong Kong"),
}
STAGES = {
    **STAGE_NAMES,
    "listed": Text("发行上市", "Listed"),
    "withdrawn": Text("撤回/终止", "Withdrawn"),
    "rejected": Text("不予注册", "Rejected"),
}
