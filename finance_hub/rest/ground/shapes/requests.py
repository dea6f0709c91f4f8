"""The request log as answered."""

from __future__ import annotations

from finance_hub.rest.fields import Moment, Record, Whole, Words


class RequestShape(Record):
    """`at` is when the answer began, `milliseconds` the time until then."""

    request_id = Words(max_length=60)
    organisation = Words(max_length=40, source="organisation.code")
    at = Moment()
    method = Words(max_length=10)
    path = Words(max_length=4096)
    status = Whole()
    problem = Words(max_length=60, allow_null=True)
    milliseconds = Whole()
    bytes_in = Whole(most=2**63 - 1)
    key_id = Words(max_length=16)
    idempotency_key = Words(max_length=255, allow_null=True)
    address = Words(max_length=45, allow_null=True)


class RequestDetail(RequestShape):
    curl = Words(max_length=6000)
