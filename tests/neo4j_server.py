"""A real Neo4j to test against: one that is named, else one in Docker, else Neo4j's own jars on this machine's Java.

``NEO4J_TEST_URI`` (with ``NEO4J_TEST_USERNAME`` and ``NEO4J_TEST_PASSWORD``) names a server whose default database the
tests may empty. ``KITH_TEST_NEO4J=docker`` or ``=maven`` allows only that way.
"""

import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from pathlib import Path

import neo4j
from platformdirs import user_cache_path

from graph_model.engines import Address
from graph_model.engines.locks import exclusive

__all__ = ["IMAGE", "NoNeo4jError", "docker_answers", "neo4j_server"]

VERSION = "5.26.28"
IMAGE = "neo4j:5.26-community"
_POM = Path(__file__).with_name("neo4j-pom.xml")
_START_SECONDS = 120
_OPENED = ("java.nio", "java.lang", "java.io", "java.util.concurrent", "sun.nio.ch", "sun.nio.cs")


class NoNeo4jError(Exception):
    """Why one way, or every way, to a Neo4j server is closed."""


@contextmanager
def neo4j_server(folder: Path) -> Iterator[Address]:
    """A Neo4j server for as long as the context lasts; ``folder`` is where it may keep its data.

    Raises
    ------
    NoNeo4jError
        None is to be had, with the reason for each way.
    """
    reasons = []
    with ExitStack() as stack:
        for way in _ways(folder):
            try:
                address = stack.enter_context(way())
            except NoNeo4jError as error:
                reasons.append(str(error))
            else:
                yield address
                return
    raise NoNeo4jError("; ".join(reasons))


def _ways(folder: Path) -> list[Callable[[], AbstractContextManager[Address]]]:
    if uri := os.environ.get("NEO4J_TEST_URI"):
        return [lambda: _named(uri)]
    ways: dict[str, Callable[[], AbstractContextManager[Address]]] = {
        "docker": _in_docker,
        "maven": lambda: _from_maven(folder),
    }
    only = os.environ.get("KITH_TEST_NEO4J")
    return [ways[only]] if only else list(ways.values())


@contextmanager
def _named(uri: str) -> Iterator[Address]:
    username = os.environ.get("NEO4J_TEST_USERNAME", "neo4j")
    address = Address(uri, username, os.environ.get("NEO4J_TEST_PASSWORD", ""), None)
    try:
        _wait_until_ready(address, 10, lambda: True)
    except TimeoutError:
        raise NoNeo4jError(f"the server at NEO4J_TEST_URI ({uri}) does not answer") from None
    yield address


def docker_answers() -> bool:
    """Whether a Docker daemon answers on this machine."""
    import docker

    try:
        with closing(docker.from_env(timeout=10)) as client:
            return bool(client.ping())
    except (docker.errors.DockerException, OSError):
        return False


@contextmanager
def _in_docker() -> Iterator[Address]:
    if not docker_answers():
        raise NoNeo4jError("no Docker daemon answers")
    os.environ["TESTCONTAINERS_RYUK_DISABLED"] = "true"  # its helper is one more image that may not be to be had
    import docker
    from testcontainers.community.neo4j import Neo4jContainer

    password = secrets.token_urlsafe(16)
    container = Neo4jContainer(IMAGE, username="neo4j", password=password)
    container.with_env("NEO4J_server_memory_heap_max__size", "768m").with_env("JVM_HEAP", "768m")
    try:
        container.start()
    except (docker.errors.DockerException, OSError, TimeoutError) as error:
        with suppress(Exception):
            container.stop()
        raise NoNeo4jError(f"{IMAGE} does not start in Docker ({type(error).__name__})") from error
    try:
        yield Address(container.get_connection_url(), "neo4j", password, None)
    finally:
        container.stop()


@contextmanager
def _from_maven(folder: Path) -> Iterator[Address]:
    if not (shutil.which("mvn") and shutil.which("java")):
        raise NoNeo4jError("Maven and Java 17 are not both here")
    jars = _jars()
    password = secrets.token_urlsafe(16)
    port = _free_port()
    (folder / "conf").mkdir(parents=True)
    (folder / "conf" / "neo4j.conf").write_text(
        f"server.bolt.listen_address=127.0.0.1:{port}\n"
        "server.http.enabled=false\n"
        "server.memory.pagecache.size=64m\n"
        "db.tx_log.preallocate=false\n"
        "dbms.usage_report.enabled=false\n"
    )
    java = ["java", "-Xmx768m", *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED)]
    java += ["-cp", f"{folder / 'conf'}:{jars}/*"]
    places = {"NEO4J_HOME": str(folder), "NEO4J_CONF": str(folder / "conf")}
    subprocess.run(
        [*java, "org.neo4j.cli.AdminTool", "dbms", "set-initial-password", password],
        env=os.environ | places,
        check=True,
        capture_output=True,
    )
    server = [*java, "org.neo4j.server.CommunityEntryPoint"]
    server += [f"--home-dir={folder}", f"--config-dir={folder / 'conf'}", "--console-mode"]
    # The shell kills the server (nothing in it is to be kept) when its own input closes, which the system does when
    # the test run dies by a kill -9.
    guard = '"$@" & server=$!; cat; kill -9 $server; wait $server'
    log = folder / "console.log"
    with log.open("wb") as output:
        shell = subprocess.Popen(
            ["sh", "-c", guard, "sh", *server],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    address = Address(f"bolt://127.0.0.1:{port}", "neo4j", password, None)
    try:
        _wait_until_ready(address, _START_SECONDS, lambda: "ERROR" not in log.read_text(errors="replace"))
        yield address
    except TimeoutError:
        raise NoNeo4jError(f"Neo4j {VERSION} does not start on this machine's Java; see {log}") from None
    finally:
        shell.communicate()


def _jars() -> Path:
    """The folder of Neo4j's jars, fetched once per machine and version."""
    kept = user_cache_path("kith", appauthor=False) / f"neo4j-{VERSION}"
    kept.parent.mkdir(parents=True, exist_ok=True)
    with exclusive(kept.with_name(f"{kept.name}.lock")):
        if kept.is_dir():
            return kept
        fresh = kept.with_name(f"{kept.name}.new")
        command = ["mvn", "-B", "-q", "-f", str(_POM), f"-Dneo4j.version={VERSION}", "dependency:copy-dependencies"]
        command += [f"-DoutputDirectory={fresh}", "-DincludeScope=runtime"]
        for pause in (5, 15, None):
            shutil.rmtree(fresh, ignore_errors=True)
            fetched = subprocess.run(command, capture_output=True, text=True, check=False)
            if fetched.returncode == 0:
                fresh.rename(kept)
                return kept
            if pause is not None:
                time.sleep(pause)
    last = (fetched.stdout.strip().splitlines() or ["no reason given"])[0]
    raise NoNeo4jError(f"Maven could not fetch Neo4j {VERSION} ({last[:200]})")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(address: Address, seconds: float, alive: Callable[[], bool]) -> None:
    """Wait for a server to take this user's statements; TimeoutError where it does not, or is no longer alive."""
    give_up = time.monotonic() + seconds
    while alive() and time.monotonic() < give_up:
        with (
            suppress(neo4j.exceptions.DriverError, neo4j.exceptions.Neo4jError),
            neo4j.GraphDatabase.driver(address.uri, auth=(address.username, address.password)) as driver,
        ):
            driver.verify_connectivity()
            return
        time.sleep(0.2)
    raise TimeoutError(address.uri)
