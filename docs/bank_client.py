"""A bank's report from declaration to mended rows: python docs/bank_client.py http://127.0.0.1:8000 fsk_test_…"""

import csv
import gzip
import hashlib
import io
import json
import sys
import time
import urllib.error
import urllib.request
import uuid

BASE, KEY = sys.argv[1] + "/api/v1", sys.argv[2]


def ask(method, path, body=None, key=""):
    """The answer; whatever is worth asking again is asked again, which the same key makes safe."""
    content = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
    kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": kind, "Idempotency-Key": key}
    for attempt in range(8):
        try:
            request = urllib.request.Request(BASE + path, content, headers, method=method)  # noqa: S310
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                raw = answer.read()
                return json.loads(raw) if "json" in answer.headers.get("Content-Type", "") else raw
        except urllib.error.HTTPError as refused:
            problem = json.loads(refused.read())
            if not problem["retryable"]:
                return problem
            time.sleep(int(refused.headers["Retry-After"]))
        except OSError:  # no answer at all
            time.sleep(2**attempt)
    sys.exit(f"no answer to {method} {path}")


def report(content, form, period, totals):
    """Declare, upload, submit, wait: the batch at its end."""
    packed, name = gzip.compress(content), str(uuid.uuid4())  # a real client stores the name before it sends
    batch = ask("POST", "/loan-report-batches", key=f"{name}-declare", body={
        "period": period, "dataset": "flow", "acceptance": "valid_rows", "format": f"{form}+gzip",
        "content_sha256": hashlib.sha256(packed).hexdigest(), "control_totals": totals})  # fmt: skip
    at = f"/loan-report-batches/{batch['id']}"
    ask("PUT", f"{at}/content", packed)
    ask("POST", f"{at}/submit", {}, key=f"{name}-submit")
    while batch["state"] in ("uploading", "uploaded", "validating"):
        batch = ask("GET", f"{at}?wait=20")
    print(batch["id"], batch["state"], batch["result"], batch["error"])
    return at


print(ask("GET", "/whoami"))
periods = ask("GET", "/reporting-calendar")["periods"]
month = next(one["period"] for one in periods if one["accepts"] == "report")
both = {"contract_no": f"HT-{uuid.uuid4()}", "drawdown_no": "JJ-1", "revision": 1, "uscc": "91330483MA2B9PTN02",
        "firm_name": "某某科技有限公司", "value_date": f"{month}-01", "currency": "CNY"}  # fmt: skip
lent = {"external_event_id": f"{uuid.uuid4()}", "record_type": "disbursement", "amount": "3000000.00", "product": "rd",
        "annual_rate_pct": "3.4500", "maturity_date": "2099-01-01", "repayment_method": "bullet"}  # fmt: skip
paid = {"external_event_id": f"{uuid.uuid4()}", "record_type": "repayment", "amount": "500000.005"}
lines = "".join(json.dumps(both | row) + "\n" for row in (lent, paid))
first = report(lines.encode(), "ndjson", month, {"rows": 2, "disbursed": "3000000.00", "repaid": "0.00"})

listed = ask("GET", f"{first}/results?outcome=rejected&format=csv").decode("utf-8-sig")
[row] = csv.DictReader(io.StringIO(listed, newline=""))
print("rejected:", row["row_number"], row["error_codes"], row["error_pointers"], row["error_messages_en"])
mended = io.StringIO()
again = csv.DictWriter(mended, row.keys())
again.writeheader()
again.writerow(row | {"amount": "500000.00"})
report(mended.getvalue().encode(), "csv", month, {"rows": 1, "disbursed": "0.00", "repaid": "500000.00"})
print("held:", ask("GET", f"/contracts/{both['contract_no']}")["balance"])
print("reconciliation:", ask("GET", f"/reconciliations/{month}"))
