"""``kith serve``: the server, from the engine under it to the link that signs one in."""

import asyncio
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from cli.common import Data, me, settings_for
from graph_model.errors import SetUpError
from graph_model.importing import import_folder
from graph_model.store import Store

__all__ = ["serve"]

_EXAMPLE: Final = Path(__file__).resolve().parents[1] / "examples" / "larkfield"
_OFFERED: Final = 20


def serve(
    *,
    host: Annotated[str | None, typer.Option(help="The address to listen on. Default: this machine only.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on. Default: 8000.")] = None,
    example: Annotated[
        bool, typer.Option("--example", help="Where the network is empty, load the invented town of Larkfield.")
    ] = False,
    data: Data = None,
) -> None:
    """Start Kith and print a link that signs you in. Ctrl-C stops it."""
    begun = time.perf_counter()
    console = Console(stderr=True)
    from api.settings import ServerSettings

    settings = ServerSettings()
    settings = settings.model_copy(
        update={
            "host": host or settings.host,
            "port": settings.port if port is None else port,
            "database": settings_for(data),
        }
    )
    listener = _listen(settings.host, settings.port)
    with listener:
        settings = settings.model_copy(update={"port": listener.getsockname()[1]})
        with console.status("Starting the database"), ThreadPoolExecutor(1) as side:
            opening = side.submit(Store.open, settings.database)
            import_module("api.app")  # takes as long as the engine needs to start, so both at once
            store = opening.result()
        try:
            if example and store.version() == 0:
                with console.status("Loading the invented town of Larkfield"):
                    done = import_folder(store, _EXAMPLE, by=me(), why="The example")
                console.print(f"Larkfield is loaded: {done.rows:,} rows.", highlight=False)
            with console.status("Starting the server"):
                server = _server(settings, begun, console)
            with suppress(KeyboardInterrupt):  # uvicorn hands Ctrl-C on once everything has been closed
                server.run(sockets=[listener])
        finally:
            console.print("Stopping.")
            store.close(now=True)
    if not server.started:
        raise SetUpError("The server could not start; the lines above say why.")


def _server(settings: Any, begun: float, console: Console) -> Any:
    import uvicorn

    from api.app import create_app, sign_in_link
    from api.services import services

    app = create_app(settings, services=services(settings.database))
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=5
    )

    class Server(uvicorn.Server):
        """Says where it is once it is there."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                link = await asyncio.to_thread(sign_in_link, app)
                console.print(
                    f"\nKith is ready after {time.perf_counter() - begun:.1f} s. Sign in once with:", highlight=False
                )
                console.print(f"\n    {link}\n", highlight=False, soft_wrap=True, markup=False)
                console.print("Ctrl-C stops it.", highlight=False)

    return Server(config)


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; where the port is taken, the next free one if whoever asked agrees.

    Raises
    ------
    SetUpError
        The address cannot be listened on, or nobody is there to agree.
    """
    try:
        return _bound(host, port)
    except PermissionError:
        raise SetUpError(f"This account may not listen on port {port}. Use one above 1023: --port 8000.") from None
    except OSError as error:
        if not _taken(host, port):
            raise SetUpError(f"{host} port {port} cannot be listened on: {error.strerror or error}.") from None
    free = next((other for other in range(port + 1, min(port + 1 + _OFFERED, 65536)) if not _taken(host, other)), None)
    if free is None:
        raise SetUpError(f"Port {port} is taken, and so are those after it. Name a free one with --port.")
    if sys.stdin.isatty() and typer.confirm(f"Port {port} is taken. Use {free} instead?", default=True):
        return _bound(host, free)
    raise SetUpError(f"Port {port} is taken. The next free one is {free}: add --port {free}, or set KITH_PORT={free}.")


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, or asyncio would not know to switch off the delay of small packets: 40 ms an answer.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except BaseException:
        listener.close()
        raise
    listener.set_inheritable(False)
    return listener


def _taken(host: str, port: int) -> bool:
    try:
        _bound(host, port).close()
    except OSError as error:
        import errno

        return error.errno == errno.EADDRINUSE
    return False
