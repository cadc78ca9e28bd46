"""A running server: how soon it is ready, and how long a person page takes while both workers are busy."""

import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import httpx

from benchmarks.communities import community
from benchmarks.table import Row, seconds
from graph_model.exporting import write_folder
from graph_model.importing import import_folder
from graph_model.settings import DatabaseSettings
from graph_model.store import Store

__all__ = ["serving_rows"]

_LINK = re.compile(r"(http://\S+/sign-in\?token=\S+)")


def serving_rows(people: int, ties: int, seed: int) -> list[Row]:
    """Start a server on a network of this size, ask it heavy questions, and meanwhile for a person page."""
    with tempfile.TemporaryDirectory() as scratch:
        folder, data = Path(scratch) / "sheets", Path(scratch) / "data"
        nodes, joined = community(people, ties, seed)
        write_folder(folder, nodes, joined)
        with Store.open(DatabaseSettings(_env_file=None, uri=None, data=data)) as store:
            import_folder(store, folder, by="benchmark")
            store.close(now=True)
        begun = time.perf_counter()
        with _server(data) as (client, base):
            ready = time.perf_counter() - begun
            page = f"{base}/api/v1/nodes/{nodes[0][1]}"
            client.get(page).raise_for_status()
            busy = threading.Event()
            threads = [threading.Thread(target=_ask, args=(client, base, lane, busy)) for lane in range(2)]
            for thread in threads:
                thread.start()
            time.sleep(1)
            taken = [seconds(lambda: client.get(page).raise_for_status()) for _ in range(60)]
            busy.set()
            for thread in threads:
                thread.join()
    return [
        Row(f"second start, until the link is printed ({people:,} people)", ready, limit=5.0),
        Row("a person page while both workers are busy, median", statistics.median(taken), limit=0.1),
        Row("   95th percentile", statistics.quantiles(taken, n=20)[-1], limit=0.1),
    ]


def _ask(client: httpx.Client, base: str, lane: int, until: threading.Event) -> None:
    """Ask one heavy question after another, each of another day, so that none is answered from what is kept."""
    day = date(2026, 7, 1) + timedelta(days=1000 * lane)
    while not until.is_set():
        day += timedelta(days=1)
        client.get(f"{base}/api/v1/connectors", params={"measure": "betweenness", "on": day.isoformat()})


@contextmanager
def _server(data: Path) -> Iterator[tuple[httpx.Client, str]]:
    command = [sys.executable, "-m", "cli.main", "serve", "--port", "0", "--data", str(data)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            link = next(found for line in process.stderr or () if (found := _LINK.search(line)))[1]
            base = link.split("/sign-in")[0]
            with httpx.Client(timeout=60, headers={"Origin": base}) as client:
                client.post(f"{base}/sign-in", data={"token": link.split("token=")[1]})
                yield client, base
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)
