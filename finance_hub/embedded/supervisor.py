"""`run`: the whole city on one machine, in the foreground, until somebody asks it to stop."""

import http.client
import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from finance_hub.embedded import ports
from finance_hub.embedded.children import Children, reap
from finance_hub.embedded.environment import Prepared, prepared
from finance_hub.embedded.holding import ServerUnavailable
from finance_hub.embedded.instance import Instance, read_json, tail, write_private_json
from finance_hub.embedded.plan import Plan, Program
from finance_hub.embedded.stopping import StopRequest, stop_requests

LOOK_SECONDS = 0.1
REVIVE_SECONDS = 1.0
READY_SECONDS = 120.0
PROGRESS_SECONDS = 10.0
HOPELESS_AFTER = 5


class UnableToRun(Exception):
    """The city cannot start or had to give up; the text says why."""


class Stopped(Exception):
    """Somebody asked us to stop."""


def environment_path(instance: Instance) -> Path:
    """The file (mode 0600) with the service's variables, for commands typed beside a running city."""
    return instance.folder / "environment.json"


def run(instance: Instance, *, plan: Plan, given: Mapping[str, str]) -> None:
    """Run the plan until SIGINT, SIGTERM or SIGHUP, then stop everything that was started.

    Raises UnableToRun, and what `environment.prepared` raises.
    """
    with stop_requests() as request:
        alone = instance.lock("run")
        if not alone.try_alone():
            raise UnableToRun(
                f"This city runs already: {read_json(environment_path(instance)).get('ADDRESS', '')}"
            )
        try:
            if not ports.is_free(plan.port):
                raise UnableToRun(f"Port {plan.port} is taken. Choose another: make run PORT=8001")
            _run_alone(instance, plan=plan, given=given, request=request)
        finally:
            alone.close()


def _run_alone(instance: Instance, *, plan: Plan, given: Mapping[str, str], request: StopRequest) -> None:
    reap(instance)
    say("Starting the database and the broker")
    with prepared(instance, given=given) as ready:
        city = City(instance, plan=plan, servers=ready, request=request)
        try:
            city.start()
            city.stay()
        except Stopped:
            say("Stopping")
        finally:
            environment_path(instance).unlink(missing_ok=True)
            city.children.stop()


class Progress:
    """Says the last line of a log from time to time, so that nobody thinks a long step has hung."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._said_at = time.monotonic()
        self._said = ""

    def shown_while(self, going_on: bool) -> bool:
        """Say what is new, every few seconds; answers whether it is over."""
        if going_on and time.monotonic() - self._said_at > PROGRESS_SECONDS:
            self._said_at, last = time.monotonic(), tail(self._log, lines=1)
            if last != self._said:
                say(f"  … {last[:100]}")
            self._said = last
        return not going_on


class City:
    """A plan being carried out."""

    def __init__(self, instance: Instance, *, plan: Plan, servers: Prepared, request: StopRequest) -> None:
        self.instance = instance
        self.plan = plan
        self.servers = servers
        self.request = request
        self.children = Children(instance, environment=servers.runtime)
        self._revived_at = time.monotonic()

    def start(self) -> None:
        """Everything up to the line READY. Raises UnableToRun and Stopped."""
        for program in self.plan.preparation:
            say("Preparing the database")
            self._step(program, environment=self.servers.owner)
        write_private_json(environment_path(self.instance), content=self._written_down())
        for program in self.plan.children:
            self.children.add(program)
        for program in self.plan.completion:
            say("Loading the demo city and its briefing (the first start takes longest)")
            self._step(program, environment={})
        self._until(self._answers, seconds=READY_SECONDS, what=f"{self.plan.ready_path} did not answer 200")
        if self.plan.credentials is not None:
            _say_credentials(self.plan.credentials)
        say(f"READY {self.plan.address}")

    def stay(self) -> None:
        """Tend the children until asked to stop. Raises Stopped."""
        while True:
            self._tend()

    def _written_down(self) -> dict[str, str]:
        ours = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SECRET_KEY_FILE", "TOTP_KEY", "TOTP_KEY_FILE"}
        values = self.servers.runtime
        kept = {
            name: text for name, text in values.items() if name in ours or name.startswith("FINANCE_HUB_")
        }
        return {**kept, "ADDRESS": self.plan.address}

    def _step(self, program: Program, *, environment: Mapping[str, str]) -> None:
        """Run a program to its end beside the children. Raises UnableToRun when it fails."""
        process = self.children.begin(program, environment=environment)
        progress = Progress(self.instance.log_path(program.name))
        self._until(lambda: progress.shown_while(process.poll() is None), seconds=None, what=program.name)
        if process.returncode != 0:
            raise UnableToRun(self._failure(program, f"{program.name} ended with {process.returncode}"))

    def _until(self, condition: Callable[[], bool], *, seconds: float | None, what: str) -> None:
        deadline = None if seconds is None else time.monotonic() + seconds
        while not condition():
            self._tend()
            if hopeless := self.children.failing(times=HOPELESS_AFTER):
                raise UnableToRun(self._failure(hopeless, f"{hopeless.name} does not stay up"))
            if deadline is not None and time.monotonic() > deadline:
                raise UnableToRun(f"{what} within {seconds:.0f} s; see {self.instance.log_path('web')}")

    def _failure(self, program: Program, text: str) -> str:
        log = self.instance.log_path(program.name)
        return f"{text}; the end of {log}:\n{tail(log)}"

    def _tend(self) -> None:
        """One look at everything. Raises Stopped."""
        if self.request:
            raise Stopped
        for line in self.children.tend():
            self._log(line)
        if time.monotonic() - self._revived_at > REVIVE_SECONDS:
            self._revive()
        time.sleep(LOOK_SECONDS)

    def _revive(self) -> None:
        self._revived_at = time.monotonic()
        if not self.instance.folder.exists():
            raise UnableToRun(f"{self.instance.folder} was removed while the city ran.")
        try:
            self.servers.revive()
        except ServerUnavailable as error:
            self._log(f"a server's keeper was lost and did not come back: {error}")

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(ports.LOOPBACK, self.plan.port, timeout=5)
        try:
            # Under a name the service answers to, which in production need not be the loopback's.
            name = self.servers.runtime.get("ALLOWED_HOSTS", "").split(",")[0].lstrip(".") or ports.LOOPBACK
            connection.request("GET", self.plan.ready_path, headers={"Host": name})
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _log(self, line: str) -> None:
        with self.instance.log_path("supervisor").open("a", encoding="utf-8") as log:
            log.write(f"{time.strftime('%Y-%m-%dT%H:%M:%S%z')} {line}\n")


def _say_credentials(path: Path) -> None:
    try:
        users = json.loads(path.read_text(encoding="utf-8")).get("users", {})
    except FileNotFoundError:
        return
    for role, user in users.items():
        say(f"  {role:<18} {user.get('username', '')} / {user.get('password', '')}")
    say(f"Demo logins and API keys: {path}")


def say(line: str) -> None:
    """One line for whoever watches; that nobody reads any more is no reason to fall over."""
    try:
        print(line, flush=True)
    except BrokenPipeError:
        sys.stdout = open("/dev/null", "w", encoding="utf-8")  # noqa: SIM115  for the rest of our life
