"""One worker process, and what becomes of all of them when the server goes."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from api.worker import TookTooLong, WorkerStopped
from api.worker.workers import Worker
from tests.api.waiting import alive, until

pytestmark = pytest.mark.processes

SERVER = """
import asyncio
import signal
import sys
from pathlib import Path

from fastapi import FastAPI

from api.services import services
from graph_model.settings import DatabaseSettings
from tests.api import questions


async def serve(folder):
    app = FastAPI()
    store, answers = services(DatabaseSettings(_env_file=None, uri=None, data=folder / "data"))
    async with store(app), answers(app):
        workers = app.state.answers
        asking = asyncio.ensure_future(workers.ask(questions.wait_for, (folder / "begun", folder / "end")))
        while not (folder / "begun").exists():
            await asyncio.sleep(0.01)
        processes = [process for each in (workers._loader, *workers._askers) for process in each._pool._processes]
        print(workers._published[-1].path, *processes, flush=True)
        await asking


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests in the background ignores it
    try:
        asyncio.run(serve(Path(sys.argv[1])))
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
"""


def test_work_that_takes_too_long_is_given_up_with_its_process() -> None:
    async def work() -> None:
        worker = Worker(os.getpid)
        try:
            before = await worker.do(os.getpid)
            with pytest.raises(TookTooLong, match="1 seconds"):
                await worker.do(time.sleep, 600, seconds=1)
            assert await worker.do(os.getpid) != before
            await until(lambda: not alive(before))
        finally:
            worker.close()
        with pytest.raises(WorkerStopped, match="stopping"):
            await worker.do(os.getpid)

    asyncio.run(work())


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_however_the_server_goes_no_process_and_no_file_is_left(how: signal.Signals, tmp_path: Path) -> None:
    """Ctrl-C goes to every process of the terminal, kill -9 to the server alone."""
    script = tmp_path / "server.py"
    script.write_text(SERVER)
    server = subprocess.Popen(
        [sys.executable, script, tmp_path],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        start_new_session=True,
    )
    assert server.stdout is not None
    said = server.stdout.readline().split()
    assert len(said) == 4, server.communicate(timeout=60)[1]  # a file, the loader and both askers
    published, workers = Path(said[0]), [int(process) for process in said[1:]]
    assert published.exists()
    assert set(workers) <= session(server.pid)
    (os.killpg if how is signal.SIGINT else os.kill)(server.pid, how)
    complaints = server.communicate(timeout=60)[1]
    asyncio.run(until(lambda: not published.exists() and not session(server.pid)))
    asyncio.run(until(lambda: not engine_of(tmp_path / "data")))
    if how is signal.SIGINT:
        assert complaints.splitlines() == ["stopped"]


def session(leader: int) -> set[int]:
    """The processes that run in the session of this one: the server, its workers, and whatever else it started."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader and fields[0] != "Z":
            found.add(int(status.parent.name))
    return found


def engine_of(data: Path) -> list[str]:
    """The processes that name this data folder on their command line: its engine."""
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = line.read_bytes().decode(errors="replace")
        except OSError:
            continue
        if re.search(rf"{re.escape(str(data))}\b", words):
            found.append(words)
    return found
