"""Heavy work in processes of its own, so that a page never waits for a question it did not ask.

::

    server ── Answers ──► loader process    keeps the Network up to date and shares its columns
                    └───► asker processes   two; each sees the columns and answers one question at a time

What can go wrong, all of it worth another try::

    SetUpError
    ├── QueueFull      too many questions wait already
    ├── WorkerStopped  the process that was working it out died, and so did the one that took its place
    └── TookTooLong    it was given up
"""

from api.worker.answers import Answers, QueueFull
from api.worker.workers import TookTooLong, WorkerStopped

__all__ = ["Answers", "QueueFull", "TookTooLong", "WorkerStopped"]
