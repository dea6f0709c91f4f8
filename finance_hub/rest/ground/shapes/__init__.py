"""What the ground's API takes and gives."""

from finance_hub.rest.ground.shapes.firms import (
    FirmChanges,
    FirmClass,
    FirmDetail,
    FirmName,
    FirmShape,
    NewFirm,
)
from finance_hub.rest.ground.shapes.people import (
    CredentialsShape,
    HouseShape,
    IssuedKeyShape,
    KeyInUse,
    KeyShape,
    NewKey,
    NewPerson,
    OrganisationShape,
    PersonShape,
    WhoAmI,
)
from finance_hub.rest.ground.shapes.records import (
    AuditShape,
    JobErrorShape,
    JobRecord,
    MonthList,
    MonthShape,
    ProblemEntry,
    ProblemList,
)
from finance_hub.rest.ground.shapes.requests import RequestDetail, RequestShape

__all__ = [
    "AuditShape",
    "CredentialsShape",
    "FirmChanges",
    "FirmClass",
    "FirmDetail",
    "FirmName",
    "FirmShape",
    "HouseShape",
    "IssuedKeyShape",
    "JobErrorShape",
    "JobRecord",
    "KeyInUse",
    "KeyShape",
    "MonthList",
    "MonthShape",
    "NewFirm",
    "NewKey",
    "NewPerson",
    "OrganisationShape",
    "PersonShape",
    "ProblemEntry",
    "ProblemList",
    "RequestDetail",
    "RequestShape",
    "WhoAmI",
]
