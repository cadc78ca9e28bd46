"""An invented community as a plain folder, for what imports one: ``python -m benchmarks.folders FOLDER``."""

import sys
from pathlib import Path

from benchmarks.communities import community
from graph_model.exporting import write_folder

__all__ = ["community_folder"]


def community_folder(folder: Path, people: int = 20_000, ties: int = 100_000, seed: int = 1) -> Path:
    """Write ``community(people, ties, seed)`` as sheets into a new folder, and give the folder back."""
    write_folder(folder, *community(people, ties, seed))
    return folder


if __name__ == "__main__":
    community_folder(Path(sys.argv[1]))
