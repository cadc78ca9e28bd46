"""The communities that Kith is measured with: what they promise, on a small one."""

from collections import Counter
from statistics import median

from benchmarks.communities import community
from graph_model.network import Network
from graph_model.schema import NODE_TYPES, TIE_TYPES, NodeType, TieType

NODES, TIES = community(2_000, 10_000, seed=4)
KINDS = {node_id: kind for kind, node_id, _ in NODES}


def test_the_same_seed_gives_the_same_rows() -> None:
    assert community(300, 1_200, seed=4) == community(300, 1_200, seed=4) != community(300, 1_200, seed=5)


def test_the_ties_are_what_was_asked_for() -> None:
    shares = {tie: count / len(TIES) for tie, count in Counter(tie for tie, *_ in TIES).items()}
    assert abs(len(TIES) - 10_000) < 10
    assert abs(shares[TieType.KNOWS] - 0.60) < 0.01
    assert abs(shares[TieType.MEMBER_OF] - 0.25) < 0.01
    assert {TieType.REPORTS_TO, TieType.PART_OF, TieType.CAN_DECIDE, TieType.AFFECTED_BY} < shares.keys()
    assert {TieType.LOCATED_IN, TieType.RESPONSIBLE_FOR} < shares.keys()
    sizes = Counter(end for tie, _, end, _ in TIES if tie is TieType.MEMBER_OF).values()
    assert 7 <= median(sizes) <= 9
    assert max(sizes) <= 50


def test_degrees_are_skewed() -> None:
    known = Counter(end for tie, *ends, _ in TIES if tie is TieType.KNOWS for end in ends)
    assert max(known.values()) > 10 * median(known.values())


def test_every_row_is_one_that_an_import_would_take() -> None:
    assert Network.of(1, NODES, TIES).nodes.kind.size == len(NODES)
    assert len({(tie, start, end) for tie, start, end, _ in TIES}) == len(TIES)
    assert Counter(KINDS.values())[NodeType.STAKEHOLDER] == 2_000
    for kind, _, fields in NODES:
        assert fields.keys() <= {field.name for field in NODE_TYPES[kind].fields}
    for tie, start, end, fields in TIES:
        assert TIE_TYPES[tie].allows(KINDS[start], KINDS[end])
        assert fields.keys() <= {field.name for field in TIE_TYPES[tie].fields}
        assert TIE_TYPES[tie].directed or start < end


def test_somebody_leads_and_something_is_our_own() -> None:
    assert 5 < sum(bool(fields.get("visible_leader")) for _, _, fields in NODES) < 200
    assert [node_id for _, node_id, fields in NODES if fields.get("own")] == ["association-000000"]
    assert {fields.get("level") for tie, _, _, fields in TIES if tie is TieType.MEMBER_OF} >= {"local", "regional"}
