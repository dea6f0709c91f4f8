"""The ground: who is who, firms, months, and the records of work done."""

from finance_hub.kernel.models.firms import ControlGroup, Firm, FirmClass, FirmName, FirmVersion
from finance_hub.kernel.models.organisations import ApiKey, LoginFailure, Organisation, Person
from finance_hub.kernel.models.records import AuditEntry, AuditHead, IdempotencyKey, Job, MonthState
from finance_hub.kernel.models.requests import RequestRecord

__all__ = [
    "ApiKey", "AuditEntry", "AuditHead", "ControlGroup", "Firm", "FirmClass", "FirmName", "FirmVersion",
    "IdempotencyKey", "Job", "LoginFailure", "MonthState", "Organisation", "Person", "RequestRecord",
]  # fmt: skip
