"""A city of trivial programs: `standin_city.py FOLDER PORT [FAULT]`, run through the real supervisor.

The worker ignores SIGTERM and has a child in a session of its own. Faults: `bad-step`, `bad-web`.
"""

import os
import sys
from pathlib import Path

from finance_hub.embedded import children, supervisor
from finance_hub.embedded.instance import Instance
from finance_hub.embedded.plan import Plan, Program

PROVISION = """
import os
print("prepared for", os.environ["APP_DATABASE_URL"].partition("//")[2].partition(":")[0])
"""
WEB = """
import http.server, json, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()
        self.wfile.write(json.dumps({**os.environ, "PID": str(os.getpid())}).encode())
    def log_message(self, *words): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
WORKER = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import os, time; os.setsid(); time.sleep(600)"])
time.sleep(600)
"""
SEED = """
import json, pathlib, sys
users = {"maker": {"username": "maker", "password": "made-up"}}
pathlib.Path(sys.argv[1]).write_text(json.dumps({"users": users}))
"""


def plan(port: int, *, fault: str, credentials: Path) -> Plan:
    def program(name: str, code: str, *arguments: str) -> Program:
        return Program(name, (sys.executable, "-c", code, *arguments))

    return Plan(
        port=port,
        preparation=(
            program("provision", "raise SystemExit('no rights')" if fault == "bad-step" else PROVISION),
        ),
        children=(
            program("web", "raise SystemExit('no web')" if fault == "bad-web" else WEB, str(port)),
            program("worker", WORKER),
        ),
        completion=(program("seed", SEED, str(credentials)),),
        credentials=credentials,
    )


if __name__ == "__main__":
    children.STOP_SECONDS = 1.0
    supervisor.HOPELESS_AFTER = 3
    try:
        fault = sys.argv[3] if len(sys.argv) > 3 else ""
        chosen = plan(int(sys.argv[2]), fault=fault, credentials=Path(sys.argv[1]).parent / "logins.json")
        supervisor.run(Instance(Path(sys.argv[1])), plan=chosen, given=os.environ)
    except supervisor.UnableToRun as error:
        sys.exit(str(error))
