"""``kith serve`` as a process: the link it prints, the port that is taken, Ctrl-C, and what is left afterwards."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.processes

SERVE = [sys.executable, "-m", "cli.main", "serve"]


@contextmanager
def serving(data: Path, *words: str) -> Iterator[tuple["subprocess.Popen[str]", str, str]]:
    """A server on a free port: its process, the link it printed, and all it said until then."""
    command = [*SERVE, "--port", "0", "--data", str(data), *words]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        said = ""
        try:
            for line in process.stderr or ():
                said += line
                if found := re.search(r"http://\S+/sign-in\?token=\S+", line):
                    yield process, found[0], said
                    break
            else:
                raise AssertionError(said)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def pages(link: str) -> httpx.Client:
    """A browser that has signed in."""
    base = link.split("/sign-in", maxsplit=1)[0]
    client = httpx.Client(base_url=base, headers={"Origin": base}, timeout=30)
    client.post("/sign-in", data={"token": link.split("token=")[1]})
    return client


def engines_of(data: Path) -> list[str]:
    """The command lines of processes that have this data folder in them."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if str(data) in words and "cli.main" not in words:
            found.append(words)
    return found


def test_first_start_second_start_and_ctrl_c(tmp_path: Path) -> None:
    with serving(tmp_path, "--example") as (process, link, said):
        assert "Larkfield is loaded" in said
        assert re.search(r"ready after \d+\.\d s", said)
        with closing(pages(link)) as client:
            assert client.get("/").status_code == 200
            assert client.get("/api/v1/nodes/p-amira-khan").json()["name"] == "Amira Khan"
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to everything that was started from it
        assert process.wait(20) == 0
        assert "Traceback" not in (process.stderr.read() if process.stderr else "")
    deadline = time.monotonic() + 10
    while engines_of(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert engines_of(tmp_path) == []
    with serving(tmp_path, "--example") as (_, link, said):
        assert "Larkfield is loaded" not in said
        with closing(pages(link)) as client:
            assert client.get("/api/v1/nodes/p-amira-khan").status_code == 200


def test_a_port_that_is_taken_is_named_with_the_next(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [*SERVE, "--port", str(port), "--data", str(tmp_path)],
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=60,
            check=False,
        )
    assert done.returncode == 2
    assert f"Port {port} is taken" in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr
