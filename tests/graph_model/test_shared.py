"""A Network shared between processes: what is seen, and what is left behind."""

import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from graph_model.errors import ChangeRefused, RecordError
from graph_model.network import Network
from graph_model.schema import NodeType, TieType
from graph_model.shared import attach, publish, remove, sweep

NETWORK = Network.of(
    7,
    [(NodeType.STAKEHOLDER, "ann", {"name": "Ann"}), (NodeType.STAKEHOLDER, "bob", {"name": "Bób"})],
    [(TieType.KNOWS, "ann", "bob", {"strength": 0.3})],
)


def test_what_is_seen_is_what_was_published_and_cannot_be_written() -> None:
    handle = publish(NETWORK)
    try:
        assert Path(handle.path).stat().st_mode & 0o777 == 0o600
        seen = attach(handle)
    finally:
        remove(handle)
    assert not Path(handle.path).exists()
    assert (seen.version, seen.nodes.name.list, seen.ties.strength.tolist()) == (7, ["Ann", "Bób"], [0.3])
    with pytest.raises(ValueError, match="read-only"):
        seen.ties.strength[0] = 1.0
    with pytest.raises(FileNotFoundError):
        attach(handle)


def test_an_empty_network_can_be_shared() -> None:
    handle = publish(Network.of(0, [], []))
    assert len(attach(handle).nodes) == 0
    remove(handle)


def test_what_a_killed_process_left_is_swept_away_and_nothing_else() -> None:
    script = (
        "import os, signal; from graph_model.shared import publish; from graph_model.network import Network\n"
        "print(publish(Network.of(1, [], [])).path, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    left = Path(
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False).stdout.strip()
    )
    ours = publish(NETWORK)
    assert left.exists()
    sweep()
    assert not left.exists()
    assert np.array_equal(attach(ours).ties.strength, NETWORK.ties.strength)
    remove(ours)


def test_errors_cross_from_one_process_to_another_whole() -> None:
    refused = ChangeRefused([RecordError("name", "is empty.", "It is needed.")], [3])
    again = pickle.loads(pickle.dumps(refused))
    assert (str(again), again.places, again.reasons[0].remedy) == (str(refused), (3,), "It is needed.")
