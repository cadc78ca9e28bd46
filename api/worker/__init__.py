"""Heavy work in processes of its own, so that a page never waits for a question it did not ask.

::

    server ── Answers ──► loader process    keeps the Network up to date and shares its columns
                    └───► asker processes   two at most; see the columns, run one question each
"""

from api.worker.answers import Answers, QueueFull, WorkerStopped

__all__ = ["Answers", "QueueFull", "WorkerStopped"]
