"""The organisations of the city and their people."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import NamedTuple

from finance_hub.demo import naming
from finance_hub.kernel import audit, people
from finance_hub.kernel.access import Role
from finance_hub.kernel.models import Organisation, Person


class House(NamedTuple):
    """An organisation of the demo city."""

    code: str
    kind: str
    name: str
    name_en: str


CENTRE = House("centre", "centre", "市金融发展服务中心", "Municipal Finance Development Service Centre")
MANAGERS = (
    House("qingtong-capital", "fund_manager", "青桐创业投资管理有限公司", "Qingtong Venture Management"),
    House("chuangxin-capital", "fund_manager", "市科创母基金管理有限公司", "Innovation Fund-of-Funds Management"),
    House("chanye-capital", "fund_manager", "市产业基金管理有限公司", "Industry Fund Management"),
)  # fmt: skip
BANKS = (
    House("bank-yunhe", "bank", "运河农商银行", "Canal Rural Commercial Bank"),
    House("bank-wutong", "bank", "梧桐城市银行", "Wutong City Bank"),
    House("bank-shuishan", "bank", "水杉科创银行", "Metasequoia Innovation Bank"),
    House("bank-fengqi", "bank", "凤栖商业银行", "Fengqi Commercial Bank"),
    House("bank-shiqiao", "bank", "石桥村镇银行", "Stone Bridge Village Bank"),
    House("bank-cansang", "bank", "蚕桑合作银行", "Mulberry Cooperative Bank"),
)
GUARANTORS = (
    House("guarantor-tongzhou", "guarantor", "同舟融资担保有限公司", "Tongzhou Financing Guarantee"),
    House("guarantor-sangzi", "guarantor", "桑梓政策性融资担保有限公司", "Sangzi Policy Financing Guarantee"),
)
INSURERS = (House("insurer-yinxing", "insurer", "银杏财产保险股份有限公司", "Ginkgo Property Insurance"),)
DEPARTMENTS = (
    House("science-bureau", "department", "科技局", "Science and Technology Bureau"),
    House("economy-bureau", "department", "经信局", "Economy and Information Bureau"),
    House("talent-office", "department", "组织部人才办", "Talent Office"),
    House("statistics-bureau", "department", "统计局", "Statistics Bureau"),
    House("finance-bureau", "department", "财政局", "Finance Bureau"),
)
HOUSES = (CENTRE, *MANAGERS, *BANKS, *GUARANTORS, *INSURERS, *DEPARTMENTS)
#: Their passwords are printed: user name → organisation and role.
DEMO_PEOPLE = {
    "maker": (CENTRE.code, Role.MAKER),
    "approver": (CENTRE.code, Role.APPROVER),
    "manager_angel": (MANAGERS[0].code, Role.FUND_MANAGER),
    "manager_mother": (MANAGERS[1].code, Role.FUND_MANAGER),
    "manager_industry": (MANAGERS[2].code, Role.FUND_MANAGER),
    "bank_a": (BANKS[0].code, Role.BANK),
    "bank_b": (BANKS[1].code, Role.BANK),
    "guarantor_a": (GUARANTORS[0].code, Role.GUARANTOR),
    "auditor": (CENTRE.code, Role.AUDITOR),
    "admin": (CENTRE.code, Role.ADMIN),
    "science": (DEPARTMENTS[0].code, Role.DEPARTMENT),
}
#: Nobody knows their passwords; they are the authors of what their organisations recorded.
OTHER_PEOPLE = {
    "bank_c": (BANKS[2].code, Role.BANK),
    "bank_d": (BANKS[3].code, Role.BANK),
    "bank_e": (BANKS[4].code, Role.BANK),
    "bank_f": (BANKS[5].code, Role.BANK),
    "guarantor_b": (GUARANTORS[1].code, Role.GUARANTOR),
    "economy": (DEPARTMENTS[1].code, Role.DEPARTMENT),
    "talent": (DEPARTMENTS[2].code, Role.DEPARTMENT),
    "statistics": (DEPARTMENTS[3].code, Role.DEPARTMENT),
    "finance": (DEPARTMENTS[4].code, Role.DEPARTMENT),
    "insurer_a": (INSURERS[0].code, Role.GUARANTOR),
}
KEY_HOLDERS = ("bank_a", "bank_b", "guarantor_a", "manager_angel", "maker", "approver")
People = dict[str, Person]
BANK_PEOPLE = ("bank_a", "bank_b", "bank_c", "bank_d", "bank_e", "bank_f")


def settle(*, now: datetime) -> People:
    """Create the organisations and their people, the administrator first; passwords are unknown yet.

    Reporters owe nothing until the city is finished: see `finance_hub.demo.issues`.
    """
    houses = {}
    for house in HOUSES:
        # The product has no screen for organisations: an installation begins with them.
        houses[house.code] = Organisation.objects.create(
            code=house.code, kind=house.kind, name=house.name, name_en=house.name_en
        )
        audit.record("organisation.create", actor=None, subject=f"organisation:{house.code}", at=now)
    made: People = {}
    everybody = {"admin": DEMO_PEOPLE["admin"], **DEMO_PEOPLE, **OTHER_PEOPLE}
    for number, (username, (code, role)) in enumerate(everybody.items()):
        made[username] = people.create(
            username=username,
            full_name=naming.person(number),
            organisation=houses[code],
            role=role.value,
            password=secrets.token_urlsafe(24),
            by=made.get("admin"),
            now=now,
        )
    return made


def everybody() -> People:
    """The city's people as they are in the database, with their organisations."""
    rows = Person.objects.select_related("organisation")
    return {person.username: person for person in rows.filter(username__in=DEMO_PEOPLE | OTHER_PEOPLE)}
