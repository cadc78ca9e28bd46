"""The containers: what their files must say, and, in `make test-long` where a daemon answers, `docker-compose up`."""

import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.neo4j_server import IMAGE, docker_answers

_ROOT = Path(__file__).resolve().parents[1]
_COMPOSE = (_ROOT / "docker-compose.yml").read_text()
_DOCKERFILE = (_ROOT / "Dockerfile").read_text()


def test_tests_and_compose_use_one_neo4j() -> None:
    assert f"image: {IMAGE}\n" in _COMPOSE


def test_no_secret_has_a_default() -> None:
    secrets = re.findall(r"\$\{\w*PASSWORD[^}]*\}", _COMPOSE)
    assert len(secrets) == 2
    assert all(":?" in secret for secret in secrets)


def test_nothing_is_published_beyond_this_machine() -> None:
    published = re.findall(r'^ +- "([^"]*:8000)"$', _COMPOSE, re.MULTILINE)
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)
    assert _COMPOSE.count("ports:") == 1


def test_the_image_runs_as_nobody_in_particular() -> None:
    last_stage = _DOCKERFILE.split("\nFROM ")[-1]
    assert "\nUSER kith\n" in last_stage
    assert "\nHEALTHCHECK " in last_stage


def test_all_that_the_image_copies_is_there_and_let_through() -> None:
    let_through = {line[1:] for line in (_ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {
        source.strip("/").split("/")[0]
        for line in _DOCKERFILE.splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for source in line.split()[1:-1]
    }
    assert copied == let_through
    assert all((_ROOT / source).exists() for source in copied)


def _compose() -> list[str] | None:
    """How docker compose is called here, if it can be."""
    if shutil.which("docker-compose"):
        return ["docker-compose"]
    if shutil.which("docker"):
        version = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
        return ["docker", "compose"] if version.returncode == 0 else None
    return None


@pytest.fixture(scope="module")
def composed() -> Iterator[tuple[str, list[str], dict[str, str]]]:
    """The address of a Kith that docker-compose.yml brought up, and how compose is asked about it."""
    command = _compose()
    if command is None or not docker_answers():
        pytest.skip("no Docker daemon answers, or Compose is not installed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    environment = os.environ | {
        "COMPOSE_PROJECT_NAME": f"kithtest{port}",
        "NEO4J_PASSWORD": "only-for-this-test",
        "KITH_PORT": port,
        "KITH_PUBLIC_URL": f"http://localhost:{port}",
    }
    command = [*command, "--project-directory", str(_ROOT), "-f", str(_ROOT / "docker-compose.yml")]
    try:
        up = subprocess.run(
            [*command, "up", "--build", "-d"], env=environment, capture_output=True, text=True, check=False
        )
        assert up.returncode == 0, up.stderr[-3000:]
        yield f"http://127.0.0.1:{port}", command, environment
    finally:
        subprocess.run([*command, "down", "--volumes", "--timeout", "10"], env=environment, check=False)


@pytest.mark.long
@pytest.mark.timeout(1200)
class TestComposed:
    def test_it_comes_up_and_answers(self, composed: tuple[str, list[str], dict[str, str]]) -> None:
        address, _, _ = composed
        answer: dict[str, str] = {}
        give_up = time.monotonic() + 180
        while not answer and time.monotonic() < give_up:
            try:
                with urllib.request.urlopen(f"{address}/livez", timeout=10) as response:
                    answer = json.load(response)
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.5)
        assert answer == {"status": "ok"}

    def test_the_command_works_in_it_on_neo4j(self, composed: tuple[str, list[str], dict[str, str]]) -> None:
        _, command, environment = composed
        inside = [*command, "exec", "-T", "kith"]
        subprocess.run([*inside, "kith", "import", "/app/examples/larkfield"], env=environment, check=True)
        asked = [*inside, "kith", "connectors", "--top", "3", "--json"]
        answer = json.loads(subprocess.run(asked, env=environment, check=True, capture_output=True).stdout)
        assert len(answer["rows"]) >= 3
        kept = subprocess.run([*inside, "ls", "/data"], env=environment, check=True, capture_output=True, text=True)
        assert "engine" not in kept.stdout.split()

    def test_it_runs_without_rights(self, composed: tuple[str, list[str], dict[str, str]]) -> None:
        _, command, environment = composed
        who = [*command, "exec", "-T", "kith", "id", "-u"]
        assert subprocess.run(who, env=environment, check=True, capture_output=True, text=True).stdout.strip() == "1000"


def test_without_a_password_compose_refuses(tmp_path: Path) -> None:
    command = _compose()
    if command is None:
        pytest.skip("Compose is not installed")
    environment = {name: value for name, value in os.environ.items() if name != "NEO4J_PASSWORD"}
    (tmp_path / "empty.env").touch()
    refusal = subprocess.run(
        [*command, "--env-file", str(tmp_path / "empty.env"), "-f", str(_ROOT / "docker-compose.yml"), "config"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert refusal.returncode != 0
    assert "NEO4J_PASSWORD" in refusal.stderr
