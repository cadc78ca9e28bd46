"""Where the nodes of a picture stand: those that are tied close together, unlike groups apart, loners in rows.

Each connected part is laid out by forces (Fruchterman & Reingold 1991, doi:10.1002/spe.4380211102) from a start by
distances to a few pivots (Brandes & Pich 2007, doi:10.1007/978-3-540-70904-6_6), and the parts are packed on shelves.
All pairs repel one another exactly: up to a few thousand nodes that is a handful of numpy passes a round. For 2,000
nodes it takes a second, a tenth of ``networkx.spring_layout``.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import KDTree

__all__ = ["SPACING", "layout"]

SPACING = 60.0
"""How far a node usually stands from the next; its own width is up to two thirds of that."""
_ROUND_UP_TO = 6
_PIVOTS = 50
_BLOCK = 128
_WIDE = 1.6

Points = NDArray[np.float32]
Rows = NDArray[np.integer]


def layout(count: int, start: Rows, end: Rows) -> NDArray[np.float64]:
    """Positions for nodes 0 to ``count - 1``, joined by ties from ``start`` to ``end``.

    Returns
    -------
    ndarray of shape (count, 2)
        x to the right and y downwards, centred on the origin. The same ties give the same positions.

    Notes
    -----
    O(n^2) for the largest part of n nodes, with a number of rounds that falls as n grows.
    """
    away = start != end
    low, high = np.minimum(start, end)[away], np.maximum(start, end)[away]
    low, high = np.unique(np.stack((low, high)), axis=1) if len(low) else (low, high)
    graph = sparse.csr_array((np.ones(len(low)), (low, high)), shape=(count, count))
    _, part = csgraph.connected_components(graph, directed=False)
    order = np.argsort(part, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(part[order])) + 1) if count else []
    parts.sort(key=lambda members: (-len(members), members[0]))
    placed = np.zeros((count, 2))
    within = np.empty(count, dtype=np.int64)
    boxes: list[Rows] = []
    loners = [members[0] for members in parts if len(members) == 1]
    for members in [*(members for members in parts if len(members) > 1), np.array(loners, dtype=np.int64)]:
        if not len(members):
            continue
        within[members] = np.arange(len(members))
        mine = np.isin(low, members)
        joined = within[low[mine]], within[high[mine]]
        placed[members] = _in_rows(len(members)) if members[0] in loners else _part(len(members), *joined)
        boxes.append(members)
    _pack(placed, boxes)
    return placed * SPACING


def _in_rows(count: int) -> NDArray[np.float64]:
    """A block of nodes in rows."""
    across = max(1, round(np.sqrt(count * _WIDE)))
    place = np.arange(count)
    return np.stack((place % across, place // across), axis=1).astype(np.float64)


def _part(count: int, low: Rows, high: Rows) -> NDArray[np.float64]:
    """One connected part."""
    if count <= _ROUND_UP_TO:
        angle = np.arange(count) * 2 * np.pi / count
        return np.stack((np.cos(angle), np.sin(angle)), axis=1) * max(0.5, count / (2 * np.pi))
    points = _by_pivots(count, low, high)
    points = _by_forces(points, low, high)
    drawn = _lying(points.astype(np.float64))
    gaps = np.asarray(KDTree(drawn).query(drawn, k=2)[0])
    return drawn / float(np.median(gaps[:, 1]))


def _by_pivots(count: int, low: Rows, high: Rows) -> Points:
    """A first drawing: the two directions in which the distances to a few far-apart nodes differ most."""
    graph = sparse.csr_array((np.ones(len(low)), (low, high)), shape=(count, count))
    graph = (graph + graph.T).tocsr()
    nearest = np.full(count, np.inf)
    pivot, distances = int(np.argmax(np.bincount(np.concatenate((low, high)), minlength=count))), []
    for _ in range(min(_PIVOTS, count)):
        distance = csgraph.dijkstra(graph, indices=[pivot], unweighted=True)[0]
        distances.append(distance)
        nearest = np.minimum(nearest, distance)
        pivot = int(np.argmax(nearest))
    squared = np.stack(distances, axis=1) ** 2
    centred = squared - squared.mean(axis=0) - squared.mean(axis=1, keepdims=True) + squared.mean()
    _, vectors = np.linalg.eigh(centred.T @ centred)
    points = centred @ vectors[:, :-3:-1]
    # a direction's sign is anybody's: make it the one in which the farthest node is on the right (or below)
    points *= np.sign(points[np.abs(points).argmax(axis=0), np.arange(points.shape[1])] + 1e-30)
    if points.shape[1] < 2:
        points = np.column_stack((points, np.zeros(count)))
    points /= np.abs(points).max(initial=1e-9)
    # nodes with the same distances to everything would stand on one spot and never part
    turn = np.arange(count) * 2.399963
    points += 0.1 * np.sqrt(np.arange(count) / count)[:, None] * np.stack((np.cos(turn), np.sin(turn)), axis=1)
    first: Points = (points * np.sqrt(count) / 2).astype(np.float32)
    return first


def _by_forces(points: Points, low: Rows, high: Rows) -> Points:
    """The drawing in which ties pull and all nodes push, in units of about one tie's length."""
    count = len(points)
    ends = np.concatenate((low, high))
    degree = np.bincount(ends, minlength=count)
    push = np.sqrt(degree).astype(np.float32)
    # a tie between two well-connected nodes says less about where they belong than one between two others
    pull = (1 / np.sqrt(degree[low] * degree[high])).astype(np.float32)
    rounds = int(np.clip(140_000 // count, 60, 300))
    for step in np.linspace(1, 0, rounds, endpoint=False):
        force = _pushed(points, push)
        apart = points[high] - points[low]
        pulled = apart * (pull * np.sqrt((apart * apart).sum(axis=1)))[:, None]
        for axis in (0, 1):
            both = np.concatenate((pulled[:, axis], -pulled[:, axis]))
            force[:, axis] += np.bincount(ends, weights=both, minlength=count)
        force -= 0.3 * points
        length = np.sqrt((force * force).sum(axis=1)) + 1e-9
        reach = 0.1 * np.sqrt(count) * step * step + 0.02
        points = points + force * (np.minimum(length, reach) / length)[:, None]
    return points


def _pushed(points: Points, push: Points) -> Points:
    """The push of every node on every other: the product of their weights over the distance."""
    x, y = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
    others = np.column_stack((push, push * x, push * y))
    force = np.empty_like(points)
    for begin in range(0, len(points), _BLOCK):
        block = slice(begin, begin + _BLOCK)
        across = x[block, None] - x
        down = y[block, None] - y
        across *= across
        down *= down
        across += down
        across += 0.01
        np.reciprocal(across, out=across)
        total = across @ others
        force[block] = (points[block] * total[:, :1] - total[:, 1:]) * push[block, None]
    return force


def _lying(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same drawing turned so that it is wider than high."""
    centred = points - points.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), [0, 1]])
    turned: NDArray[np.float64] = centred @ axes[:, ::-1]
    return turned


def _pack(placed: NDArray[np.float64], boxes: list[Rows]) -> None:
    """Move the parts onto shelves, the highest first, so that the whole is about as wide as a screen."""
    margin = 1.5
    sizes = [np.ptp(placed[members], axis=0) + margin for members in boxes]
    for members in boxes:
        placed[members] -= placed[members].min(axis=0)
    area = sum(float(size[0] * size[1]) for size in sizes)
    width = max([np.sqrt(area * _WIDE), *(float(size[0]) for size in sizes)], default=0.0)
    left, top, shelf = 0.0, 0.0, 0.0
    for place in sorted(range(len(boxes)), key=lambda place: (-sizes[place][1], place)):
        across, down = sizes[place]
        if left and left + across > width:
            left, top, shelf = 0.0, top + shelf, 0.0
        placed[boxes[place]] += (left, top)
        left, shelf = left + across, max(shelf, down)
    if len(placed):
        placed -= (placed.min(axis=0) + placed.max(axis=0)) / 2
