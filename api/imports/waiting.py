"""Uploads that wait to be imported for real: kept for a while, each for the one who sent it, and few of them.

They hold personal data. A file lies in a folder of the server's own that nobody else can open, and is removed when it
has been imported or cancelled, when a quarter of an hour has passed, and when the server stops; what a server that was
killed left behind goes when the next one takes its first upload.
"""

import asyncio
import shutil
import tempfile
import time
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Final

from starlette.concurrency import run_in_threadpool

from api.imports.jobs import Job
from api.security.tokens import new_token
from graph_model.errors import DataError, SetUpError
from graph_model.store import Store

__all__ = ["MINUTES", "MOST_SHEETS", "Upload", "Uploads"]

MINUTES: Final = 15
"""How long an upload waits to be imported."""
MOST_SHEETS: Final = 50
"""The most sheets that may be sent at once: there are a dozen kinds."""
_MOST: Final = 8
_PREFIX: Final = "uploads-"
_PATIENCE: Final = 1.0

Files = Sequence[tuple[str, BinaryIO]]


@dataclass(eq=False, slots=True)
class Upload:
    """What somebody sent, and what is being done with it.

    ``task`` gives what became of the last ``job``: see ``Job.run``.
    """

    token: str
    owner: str
    name: str
    file: Path
    job: Job
    task: "asyncio.Future[dict[str, Any]]"

    @property
    def at_work(self) -> bool:
        """Whether the job goes on."""
        return not self.task.done()


class Uploads:
    """All uploads of a server. Its methods belong to the server's event loop.

    Parameters
    ----------
    data
        The data folder.
    seconds
        How long an upload waits.
    most
        How many may wait at once, of all people together; of each person the last one does.
    """

    def __init__(self, data: Path, seconds: float = MINUTES * 60, most: int = _MOST) -> None:
        self._data = data
        self._seconds = seconds
        self._most = most
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._uploads: dict[str, Upload] = {}

    async def add(self, store: Store, owner: str, by: str, files: Files) -> Upload:
        """Take what somebody sent, in place of what they sent before, and begin a dry run of it.

        Raises
        ------
        DataError
            It is neither one zip nor sheets.
        SetUpError
            Others have sent as much as the server takes.
        """
        for earlier in [upload for upload in self._uploads.values() if upload.owner == owner]:
            if not self.drop(earlier):
                raise DataError("Your last import is being written just now. Wait until it is done.")
        if len(self._uploads) >= self._most:
            raise SetUpError("Others are importing just now, as many as Kith lets. Try again in a quarter of an hour.")
        token = new_token()
        file, name = await run_in_threadpool(self._keep, token, files)
        upload = Upload(token, owner, name, file, *self._begin(store, Job(file, name, by=by)))
        self._uploads[token] = upload
        asyncio.get_running_loop().call_later(self._seconds, self._forget, token)
        await self.wait(upload)
        return upload

    async def import_(self, store: Store, upload: Upload, by: str, why: str, *, overwrite: bool) -> None:
        """Import for real what was sent; the file is kept only where that can be tried again."""
        if upload.at_work:
            return
        job = Job(upload.file, upload.name, by=by, why=why, dry_run=False, overwrite=overwrite)
        upload.job, upload.task = self._begin(store, job)
        upload.task.add_done_callback(lambda done: self._ended(upload, done))
        await self.wait(upload)

    def find(self, token: str, owner: str) -> Upload | None:
        """The upload of this token, where it is this person's and still there."""
        upload = self._uploads.get(token)
        return upload if upload is not None and upload.owner == owner else None

    def drop(self, upload: Upload) -> bool:
        """Cancel and remove an upload; False where it is being written and cannot be stopped."""
        if upload.at_work and not upload.job.cancel():
            return False
        self._uploads.pop(upload.token, None)
        upload.file.unlink(missing_ok=True)
        return True

    @staticmethod
    async def wait(upload: Upload) -> None:
        """Give small ones the second they need, so that nobody has to look at a progress bar."""
        await asyncio.wait({upload.task}, timeout=_PATIENCE)

    def _begin(self, store: Store, job: Job) -> tuple[Job, "asyncio.Future[dict[str, Any]]"]:
        task = asyncio.ensure_future(run_in_threadpool(job.run, store))
        task.add_done_callback(lambda done: done.cancelled() or done.exception())  # whoever looks at it is told
        return job, task

    @staticmethod
    def _ended(upload: Upload, done: "asyncio.Future[dict[str, Any]]") -> None:
        if done.cancelled() or done.exception() is None:
            upload.file.unlink(missing_ok=True)

    def _forget(self, token: str) -> None:
        upload = self._uploads.get(token)
        if upload is not None and not self.drop(upload):
            asyncio.get_running_loop().call_later(self._seconds, self._forget, token)

    def _keep(self, token: str, files: Files) -> tuple[Path, str]:
        """Write what was sent as one zip; the path, and what to call it."""
        path = self._place() / f"{token}.zip"
        zips = [name for name, _ in files if not name.lower().endswith(".csv")]
        if len(files) == 1 and zips:
            name, sent = files[0]
            with path.open("wb") as kept:
                shutil.copyfileobj(sent, kept)
            return path, _plain(name)
        if zips:
            raise DataError(f"{_plain(zips[0])} is not a sheet. Choose one zip file, or sheets that end in .csv.")
        if len(files) > MOST_SHEETS:
            raise DataError(f"{len(files):,} sheets are too many. Choose at most {MOST_SHEETS}.")
        names = [_plain(name) for name, _ in files]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise DataError(f"{twice[0]} was sent twice. Choose each sheet once.")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, (_, sent) in zip(names, files, strict=True):
                with archive.open(name, "w") as kept:
                    shutil.copyfileobj(sent, kept)
        return path, names[0] if len(names) == 1 else f"{len(names)} sheets"

    def _place(self) -> Path:
        if self._folder is None or not Path(self._folder.name).is_dir():
            self._data.mkdir(parents=True, exist_ok=True)
            self._sweep()
            self._folder = tempfile.TemporaryDirectory(prefix=_PREFIX, dir=self._data, ignore_cleanup_errors=True)
        return Path(self._folder.name)

    def _sweep(self) -> None:
        """Remove what servers that were killed left behind: nobody comes back for what is so old."""
        for left in self._data.glob(f"{_PREFIX}*"):
            newest = max((each.stat().st_mtime for each in (left, *left.iterdir())), default=0.0)
            if time.time() - newest > 2 * self._seconds:
                shutil.rmtree(left, ignore_errors=True)


def _plain(name: str) -> str:
    """The last part of a file's name, without what no file is called."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(sign for sign in last if sign.isprintable())[:120] or "the file"
