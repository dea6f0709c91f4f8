"""Sections of GB/T 4754-2017, by their letter."""

from __future__ import annotations

from finance_hub.kernel.text import Text
from finance_hub.web import words

SECTIONS = {
    "A": Text("农、林、牧、渔业", "Agriculture"),
    "B": Text("采矿业", "Mining"),
    "C": Text("制造业", "Manufacturing"),
    "D": Text("电力、热力、燃气及水", "Utilities"),
    "E": Text("建筑业", "Construction"),
    "F": Text("批发和零售业", "Trade"),
    "G": Text("交通运输、仓储和邮政", "Transport and post"),
    "H": Text("住宿和餐饮业", "Accommodation and catering"),
    "I": Text("信息传输、软件和信息技术", "Information technology"),
    "J": Text("金融业", "Finance"),
    "K": Text("房地产业", "Real estate"),
    "L": Text("租赁和商务服务业", "Business services"),
    "M": Text("科学研究和技术服务业", "Research and technical services"),
    "N": Text("水利、环境和公共设施", "Environment and public facilities"),
    "O": Text("居民服务、修理", "Resident services"),
    "P": Text("教育", "Education"),
    "Q": Text("卫生和社会工作", "Health and social work"),
    "R": Text("文化、体育和娱乐业", "Culture, sports and entertainment"),
    "S": Text("公共管理、社会组织", "Public administration"),
    "T": Text("国际组织", "International organisations"),
}


def name(code: str) -> str:
    """`制造业 C3985`; empty for an industry that is not known."""
    section = SECTIONS.get(code[:1])
    return f"{words.say(section)} {code}" if section else code
