"""The embedded broker: password only, on disk, never evicting, and expendable."""

import socket
from pathlib import Path

import pytest

from finance_hub.embedded import processes
from finance_hub.embedded.broker import BrokerServer
from finance_hub.embedded.holding import ServerUnavailable, held
from finance_hub.embedded.instance import Instance
from finance_hub.embedded.ports import LOOPBACK

from .scenes import BROKER, all_gone, kill, processes_of


def ask(instance: Instance, *, port: int, command: str, password: str | None = None) -> str:
    """The broker's whole answer to one inline command, after logging in."""
    secret = instance.secret("broker") if password is None else password
    login = f"AUTH {secret}\r\n" if secret else ""
    with socket.create_connection((LOOPBACK, port), timeout=5) as connection:
        connection.sendall(f"{login}{command}\r\n".encode())
        connection.shutdown(socket.SHUT_WR)
        return connection.makefile("rb").read().decode().removeprefix("+OK\r\n").strip()


def serving(instance: Instance) -> list[int]:
    """The broker that works on the instance's data."""
    return processes.working_in(BrokerServer(instance).data, program="valkey-server", account=None)


class TestTheBroker:
    def test_keeps_a_key_over_a_kill_and_over_a_stop(self, instance: Instance) -> None:
        with held(instance, names=BROKER) as holds:
            port = holds["broker"].take()
            assert ask(instance, port=port, command="SET key kept") == "+OK"
            killed = serving(instance)
            kill(*killed)
            assert processes.wait_until(lambda: serving(instance) not in (killed, []), seconds=10)
            assert holds["broker"].take() == port
            assert ask(instance, port=holds["broker"].take(), command="GET key") == "$4\r\nkept"
        assert all_gone(instance, seconds=0.5)
        with held(instance, names=BROKER) as holds:
            assert ask(instance, port=holds["broker"].take(), command="GET key") == "$4\r\nkept"

    def test_never_evicts_and_answers_nobody_without_the_password(self, instance: Instance) -> None:
        with held(instance, names=BROKER) as holds:
            port = holds["broker"].take()
            assert "noeviction" in ask(instance, port=port, command="CONFIG GET maxmemory-policy")
            assert "NOAUTH" in ask(instance, port=port, command="GET key", password="")
            assert "WRONGPASS" in ask(instance, port=port, command="GET key", password="wrong")
            assert not any(instance.secret("broker") in line for line in processes_of(instance))

    def test_puts_a_file_it_cannot_read_aside(self, instance: Instance) -> None:
        with held(instance, names=BROKER) as holds:
            ask(instance, port=holds["broker"].take(), command="SET key lost")
        for part in (instance.folder / "broker" / "appendonlydir").glob("*.incr.aof"):
            part.write_bytes(b"no such command\r\n" * 20)
        with held(instance, names=BROKER) as holds:
            assert ask(instance, port=holds["broker"].take(), command="GET key") == "$-1"
        assert (instance.folder / "broker" / "unreadable-1").is_dir()

    def test_that_was_named_and_is_none_is_said(
        self, instance: Instance, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("REDIS_BIN", str(Path("/nowhere/redis-server")))
        with pytest.raises(ServerUnavailable, match="REDIS_BIN names /nowhere"), held(instance, names=BROKER):
            pass
