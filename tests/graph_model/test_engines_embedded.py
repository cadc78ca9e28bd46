"""The life of the embedded engine: shared, started once, outliving no one, losing nothing."""

import fcntl
import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import neo4j
import pytest

from graph_model.engines import open_engine
from graph_model.engines.embedded import EmbeddedEngine, open_embedded
from graph_model.engines.embedded_folder import EngineFolder
from graph_model.engines.locks import is_held
from graph_model.errors import DataFolderError, EngineUnavailable
from graph_model.settings import DatabaseSettings

pytestmark = pytest.mark.processes

# A user of the engine in a process of its own: says which engine it got, then writes and says what was acknowledged.
_USER = """
import signal, sys, neo4j
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests in the background ignores it
from graph_model.engines.embedded import open_embedded
engine = open_embedded(Path(sys.argv[1]))
print(engine.state.pid, engine.state.port, flush=True)
address = engine.address
with neo4j.GraphDatabase.driver(address.uri, auth=(address.username, address.password)) as driver:
    for number in range(int(sys.argv[2])):
        driver.execute_query("CREATE (:Place {id: $id})", id=f"{sys.argv[3]}{number}", database_=address.database)
        print(number, flush=True)
engine.close(now=True)
"""
_NO_END = "1000000"


def _user(data: Path, writes: str = "0", prefix: str = "p") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _USER, str(data), writes, prefix],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _read_until_written(user: subprocess.Popen[str], number: int) -> int:
    """The engine's process, once the user has been told that this many writes are safe."""
    assert user.stdout is not None
    pid = int(user.stdout.readline().split()[0])
    for line in user.stdout:
        if int(line) >= number:
            return pid
    raise AssertionError(user.communicate()[1])


def _rest(user: subprocess.Popen[str], number: int) -> int:
    """How many writes the user was told are safe, after it has ended."""
    lines = user.communicate(timeout=60)[0].split()
    return int(lines[-1]) + 1 if lines else number + 1


def _places(engine: EmbeddedEngine) -> set[str]:
    address = engine.address
    with neo4j.GraphDatabase.driver(address.uri, auth=(address.username, address.password)) as driver:
        records = driver.execute_query("MATCH (p:Place) RETURN p.id AS id", database_=address.database).records
    return {record["id"] for record in records}


def _eventually(true: Callable[[], bool]) -> bool:
    give_up = time.monotonic() + 60
    while not true() and time.monotonic() < give_up:
        time.sleep(0.05)
    return true()


def _has_ended(pid: int) -> bool:
    """Whether a process is no more, or waits for nothing but to be buried."""
    try:
        return ") Z " in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True


def _folder(data: Path) -> EngineFolder:
    return EngineFolder(data / "engine")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the engine runs whenever a test uses it; its name has a space and is not plain ASCII."""
    return tmp_path_factory.mktemp("Lärk field")


@pytest.fixture
def opened(data: Path) -> Iterator[EmbeddedEngine]:
    engine = open_embedded(data)
    yield engine
    engine.close()


class TestOneEngine:
    def test_it_is_what_no_uri_means(self, opened: EmbeddedEngine, data: Path) -> None:
        engine = open_engine(DatabaseSettings(_env_file=None, uri=None, data=data))
        assert engine.name == "embedded"
        assert engine.address == opened.address
        engine.close()

    def test_both_settings_reach_the_virtual_machine(self, opened: EmbeddedEngine) -> None:
        assert opened.state.heap_bytes == 2**30
        assert opened.state.wal_flush == 2

    def test_a_user_that_comes_and_goes_leaves_it_to_who_stays(self, opened: EmbeddedEngine, data: Path) -> None:
        user = _user(data, "3", "guest")
        output, errors = user.communicate(timeout=60)
        assert errors == ""
        assert output.split() == [str(opened.state.pid), str(opened.state.port), "0", "1", "2"]
        assert {"guest0", "guest1", "guest2"} <= _places(opened)

    def test_it_listens_on_loopback_only(self, opened: EmbeddedEngine) -> None:
        listening = subprocess.run(["ss", "-ltnpH"], capture_output=True, text=True, check=True).stdout
        own = [line.split()[3] for line in listening.splitlines() if f"pid={opened.state.pid}," in line]
        assert len(own) == 2
        assert all("127.0.0.1" in address for address in own)

    def test_the_password_is_nowhere_but_in_its_file(self, opened: EmbeddedEngine, data: Path) -> None:
        password = opened.address.password
        process = Path("/proc") / str(opened.state.pid)
        for place in (process / "cmdline", process / "environ"):
            assert password.encode() not in place.read_bytes()
        holders = [path for path in data.rglob("*") if path.is_file() and password.encode() in path.read_bytes()]
        assert [path.name for path in holders] == ["password"]
        assert stat.S_IMODE(holders[0].stat().st_mode) == 0o600

    def test_only_its_owner_may_look_into_its_folder(self, opened: EmbeddedEngine, data: Path) -> None:
        assert stat.S_IMODE((data / "engine").stat().st_mode) == 0o700

    def test_all_it_writes_is_in_its_folder(self, opened: EmbeddedEngine, data: Path) -> None:
        assert [path.name for path in data.iterdir()] == ["engine"]
        assert (data / "engine" / "log").is_dir()
        assert Path(f"/proc/{opened.state.pid}/cwd").readlink() == data / "engine"

    def test_it_is_in_a_session_of_its_own(self, opened: EmbeddedEngine) -> None:
        assert os.getsid(opened.state.pid) == opened.state.pid != os.getsid(0)

    def test_a_message_of_sixty_megabytes_passes(self, opened: EmbeddedEngine) -> None:
        address = opened.address
        with neo4j.GraphDatabase.driver(address.uri, auth=(address.username, address.password)) as driver:
            records = driver.execute_query(
                "RETURN size($text) AS n", text="x" * 60_000_000, database_=address.database
            ).records
        assert records[0]["n"] == 60_000_000

    def test_the_gate_keeps_other_processes_out(self, opened: EmbeddedEngine, data: Path) -> None:
        gate = _folder(data).gate_lock
        with opened.gate():
            assert is_held(gate)
        assert not is_held(gate)

    def test_the_gate_keeps_other_threads_out(self, opened: EmbeddedEngine) -> None:
        inside = 0
        most = 0

        def enter() -> None:
            nonlocal inside, most
            for _ in range(50):
                with opened.gate():
                    inside += 1
                    most = max(most, inside)
                    time.sleep(0)
                    inside -= 1

        threads = [threading.Thread(target=enter) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert most == 1


def test_two_who_start_at_once_share_one_and_sigterm_closes_it(tmp_path: Path) -> None:
    users = [_user(tmp_path, "1", prefix) for prefix in "ab"]
    answers = [user.communicate(timeout=90) for user in users]
    assert [errors for _, errors in answers] == ["", ""]
    assert answers[0][0] == answers[1][0]
    engine = open_embedded(tmp_path)
    assert _places(engine) == {"a0", "b0"}
    os.kill(engine.state.pid, signal.SIGTERM)
    assert _eventually(lambda: not is_held(_folder(tmp_path).engine_lock))
    assert "ArcadeDB Server is down" in _folder(tmp_path).log.read_text()
    engine.close(now=True)


def test_a_user_killed_while_writing_leaves_no_engine_and_no_gap(tmp_path: Path) -> None:
    user = _user(tmp_path, _NO_END)
    pid = _read_until_written(user, 20)
    user.kill()
    safe = _rest(user, 20)
    assert _eventually(lambda: not is_held(_folder(tmp_path).engine_lock))
    assert _has_ended(pid)
    engine = open_embedded(tmp_path)
    assert engine.state.pid != pid
    assert {f"p{number}" for number in range(safe)} <= _places(engine)
    engine.close(now=True)


def test_a_new_user_takes_over_the_engine_of_a_dead_one(tmp_path: Path) -> None:
    user = _user(tmp_path, _NO_END)
    pid = _read_until_written(user, 3)
    user.kill()
    user.communicate()
    engine = open_embedded(tmp_path)
    assert engine.state.pid == pid
    time.sleep(4)  # longer than the engine lives unused
    assert {"p0", "p1", "p2", "p3"} <= _places(engine)
    engine.close(now=True)
    assert _has_ended(pid)


def test_ctrl_c_during_a_write_stops_the_user_and_not_the_engine(opened: EmbeddedEngine, data: Path) -> None:
    user = _user(data, _NO_END, "interrupted")
    pid = _read_until_written(user, 20)
    while user.poll() is None:  # Python drops a Ctrl-C that falls into a clean-up; a person presses again
        os.killpg(user.pid, signal.SIGINT)
        time.sleep(0.5)
    safe = _rest(user, 20)
    assert user.returncode != 0
    assert opened.state.pid == pid
    assert {f"interrupted{number}" for number in range(safe)} <= _places(opened)


def test_an_engine_killed_while_writing_comes_back_with_all_it_acknowledged(opened: EmbeddedEngine, data: Path) -> None:
    before, pid = opened.address, opened.state.pid
    user = _user(data, _NO_END, "survivor")
    _read_until_written(user, 50)
    os.kill(pid, signal.SIGKILL)
    time.sleep(1)
    user.kill()  # its driver would go on asking for half a minute
    safe = _rest(user, 50)
    opened.revive()
    assert opened.state.pid != pid
    assert opened.address == before
    assert {f"survivor{number}" for number in range(safe)} <= _places(opened)


class TestRefusals:
    """Each is a sentence, says what to do, and leaves what it found alone."""

    def test_a_file_where_the_folder_should_be(self, tmp_path: Path) -> None:
        (tmp_path / "data").write_text("")
        for data in (tmp_path / "data", tmp_path / "data" / "below"):
            with pytest.raises(DataFolderError, match=r"a file stands where Kith needs a folder.*--data"):
                open_embedded(data)

    def test_a_folder_that_cannot_be_written(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o555)
        # To root a folder's permissions mean nothing.
        refused = Path("/proc/kith") if os.geteuid() == 0 else tmp_path / "data"
        with pytest.raises(DataFolderError, match=r"cannot be written: .*--data"):
            open_embedded(refused)

    def test_a_folder_with_something_else_in_it(self, tmp_path: Path) -> None:
        (tmp_path / "engine").mkdir()
        (tmp_path / "engine" / "holiday.txt").write_text("sun")
        for _ in range(2):
            with pytest.raises(DataFolderError, match=r"not Kith's \(holiday.txt\)"):
                open_embedded(tmp_path)
        assert (tmp_path / "engine" / "holiday.txt").read_text() == "sun"

    @pytest.mark.parametrize(
        "about", [{"layout": 2, "engine": "26.10.2"}, {"layout": 1, "engine": "99.1"}], ids=["layout", "engine"]
    )
    def test_a_folder_that_a_newer_kith_wrote(self, tmp_path: Path, about: dict[str, object]) -> None:
        (tmp_path / "engine").mkdir()
        (tmp_path / "engine" / "about.json").write_text(json.dumps(about))
        with pytest.raises(DataFolderError, match="written by a newer Kith"):
            open_embedded(tmp_path)

    @pytest.mark.parametrize("text", ["", "{}", "[1]", "not json"])
    def test_a_folder_that_does_not_say_what_it_is(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "engine").mkdir()
        (tmp_path / "engine" / "about.json").write_text(text)
        with pytest.raises(DataFolderError, match="cannot be read"):
            open_embedded(tmp_path)

    def test_a_database_that_another_program_holds(self, tmp_path: Path) -> None:
        open_embedded(tmp_path).close(now=True)
        with (tmp_path / "engine" / "databases" / "kith" / "database.lck").open("w") as lock:
            fcntl.lockf(lock, fcntl.LOCK_EX)
            with pytest.raises(EngineUnavailable, match=r"in use by another program. Its log is .*engine.log"):
                open_embedded(tmp_path)

    def test_an_engine_that_cannot_start(self, tmp_path: Path) -> None:
        EngineFolder.within(tmp_path).claim()
        (tmp_path / "engine" / "databases").write_text("no folder")
        with pytest.raises(EngineUnavailable, match=r"did not start: .*engine.log"):
            open_embedded(tmp_path)
        assert not is_held(_folder(tmp_path).users_lock)
