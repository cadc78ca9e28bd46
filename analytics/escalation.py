"""Ways up to a decision-maker: who asks whom, and through what, until it reaches somebody who can decide."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics.asks import AskGraph, ask_graph
from analytics.deciders import deciders_of
from analytics.kernels.ways import best_onward
from analytics.lookup import look_up
from analytics.steps import Step, reliability, steps_of
from analytics.ways import best_ways
from analytics.words import counted, listed
from graph_model.errors import DataError
from graph_model.network import Network, node_kind, tie_code
from graph_model.schema import TIE_TYPES, Level, NodeType, TieType

__all__ = ["MOST_STEPS", "MOST_WAYS", "WORTH_ASKING", "Step", "Way", "WayQuestion", "Ways", "ways_up"]

MOST_STEPS: Final = 12
"""The most ties a way may be asked to have."""
MOST_WAYS: Final = 50
"""The most ways one answer holds to the level that comes first."""
WORTH_ASKING: Final = 0.05
"""A level that can decide comes first only where a way to it is at least this reliable."""
_MOST_NAMES: Final = 3
_NO_LEVEL: Final = -1
_NOWHERE: Final = np.empty(0, dtype=np.int64)
_DECIDABLE = tuple(dict.fromkeys(end for _, end in TIE_TYPES[TieType.CAN_DECIDE].ends))
_PASSED = (NodeType.STAKEHOLDER, NodeType.ASSOCIATION)


@dataclass(frozen=True, slots=True)
class WayQuestion:
    """Where an ask starts and what it is for.

    Attributes
    ----------
    on
        The date: only what counts on it is seen.
    about
        The id of what must be decided: a problem, solution, barrier or asset. None: ``end`` says whom to reach.
    start
        The id of the person or association that the ask starts with. None: anybody who is a member of one of our own
        organisations.
    end
        The id of the person to reach. None: whoever can decide ``about``.
    k
        How many ways, 1 to ``MOST_WAYS``.
    steps
        The most ties of a way, 1 to ``MOST_STEPS``. Through an association it takes two: into it and out of it.
    avoid
        Ids of people and associations that no way may pass.

    Raises
    ------
    DataError
        Where one of them cannot be.
    """

    on: date
    about: str | None = None
    start: str | None = None
    end: str | None = None
    k: int = 3
    steps: int = 6
    avoid: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.about is None and self.end is None:
            raise DataError("A way up needs an end: say what must be decided, or whom to reach.")
        if not 1 <= self.k <= MOST_WAYS:
            raise DataError(f"{self.k} ways cannot be shown. Ask for 1 to {MOST_WAYS}.")
        if not 1 <= self.steps <= MOST_STEPS:
            raise DataError(f"A way of at most {self.steps} steps cannot be looked for. Ask for 1 to {MOST_STEPS}.")
        for ends in (self.start, self.end):
            if ends is not None and ends in self.avoid:
                raise DataError(f"The ask cannot start or end with {ends!r} and avoid it too. Leave it out of one.")


@dataclass(frozen=True, slots=True)
class Way:
    """One way up.

    Attributes
    ----------
    reliability
        The chance that the ask arrives: the product of the strengths of its ties, each passing it on or not.
    level
        The level its end decides at, such as ``regional``; None where the end cannot decide what was asked about.
    ties
        How many ties it has; a step through an association has two or more.
    steps
        Who asks whom, from the start to the end. Empty where the one it starts with can decide.
    """

    reliability: float
    level: str | None
    start: str
    start_name: str
    end: str
    end_name: str
    ties: int
    steps: tuple[Step, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways up that were found.

    Attributes
    ----------
    version
        The version of the network they were looked for in.
    paths
        The most reliable ways to the lowest level that can decide, best first; then the best way to each higher level.
    weaker
        Sentences that name the lower levels that could decide, but that no way worth asking leads to.
    missing
        Sentences that say what the network has to hold before there is a way; empty where nothing is missing.
    truncated
        Whether the search was cut: the ways shown are the best there are, but there may be more.
    worth_asking
        The reliability a way needs for its level to come first.
    """

    version: int
    question: WayQuestion
    paths: tuple[Way, ...]
    weaker: tuple[str, ...]
    missing: tuple[str, ...]
    truncated: bool
    worth_asking: float


def ways_up(network: Network, question: WayQuestion, *, worth_asking: float = WORTH_ASKING) -> Ways:
    """The most reliable ways from where an ask starts to somebody who can decide.

    An ask is passed on along a tie with the chance that is the tie's strength (the schema's ``Carries`` says which tie
    types pass it on, which way, and how strongly where the tie states nothing). Of several ties that lead from one to
    the other the best is used; they are not combined. An association passes an ask on only to members who are managers
    or higher and above whoever brought it in, at that person's highest level in the association where it came in, also
    after it has gone on to the association that one is part of; an ask that starts with an association is passed on as
    if brought in at local level. No way passes anybody, or any association, twice.

    Where ``about`` is given, the k best ways to the lowest level that can decide come first, provided that the best of
    them is at least ``worth_asking``; where no level has such a way, the level that is reached most reliably comes
    first. A person decides at the level of the tie, or, as a member of an association that can decide, at their own.

    Parameters
    ----------
    network
        The network, at one version.
    question
        Where the ask starts, what it is for, and how far to look.
    worth_asking
        The reliability a way needs for its level to come first.

    Raises
    ------
    NotFound
        Where nothing has an id that the question names.
    DataError
        Where what it names is of a type that does not fit, or does not count on the date.

    Notes
    -----
    O(steps times ties) for the bounds, then a few beginnings for each way; at most
    ``analytics.ways.MOST_BEGINNINGS`` are followed for each level.

    Examples
    --------
    >>> people = [(NodeType.STAKEHOLDER, name.lower(), {"name": name}) for name in ("Ana", "Ben", "Cat")]
    >>> ties = [(TieType.KNOWS, "ana", "ben", {"strength": 0.9}), (TieType.REPORTS_TO, "ben", "cat", {})]
    >>> answer = ways_up(Network.of(1, people, ties), WayQuestion(date(2026, 1, 1), start="ana", end="cat"))
    >>> answer.paths[0].reliability, [step.sentence for step in answer.paths[0].steps]
    (0.72, ['Ana knows Ben.', 'Ben reports to Cat.'])
    """
    return _Asking(network, question, worth_asking).answer()


class _Asking:
    """One question being answered: what it names, and the graph it is asked of."""

    def __init__(self, network: Network, question: WayQuestion, worth_asking: float) -> None:
        self.network = network
        self.question = question
        self.worth_asking = worth_asking
        self.names = network.nodes.name.list
        self.about = self._row(question.about, _DECIDABLE, "That is nothing somebody decides")
        self.end = self._row(question.end, (NodeType.STAKEHOLDER,), "A way up ends with a person")
        self.start = self._row(question.start, _PASSED, "A way up starts with a person or an association")
        purpose = "A way up passes people and associations only"
        avoid = [look_up(network, one, question.on, _PASSED, purpose) for one in sorted(question.avoid)]
        self.graph: AskGraph = ask_graph(network, question.on, np.array(avoid, dtype=np.int64))
        self.deciders = deciders_of(network, question.on, self.about) if self.about is not None else None

    def answer(self) -> Ways:
        """Search for each level that can decide, then say which come first and what is missing."""
        steps, k = self.question.steps, self.question.k
        starts, missing = self._starts()
        wanted, no_end = self._ends()
        missing += no_end
        best = {level: best_ways(self.graph, starts, ends, 1, steps) for level, ends in wanted.items()}
        reached = {level: self._reliability(search.ways[0]) for level, search in best.items() if search.ways}
        first = self._first(reached)
        shown = {level: best[level] for level in reached if level >= first}
        if first in reached and k > 1:
            shown[first] = best_ways(self.graph, starts, wanted[first], k, steps)
        if len(starts):
            missing += [self._unreached(level, starts, wanted[level]) for level in wanted if level not in reached]
        return Ways(
            version=self.network.version,
            question=self.question,
            paths=tuple(self._way(states, level) for level, search in shown.items() for states in search.ways),
            weaker=tuple(self._weaker(level, chance) for level, chance in reached.items() if level < first),
            missing=tuple(missing),
            truncated=any(search.truncated for search in (*best.values(), *shown.values())),
            worth_asking=self.worth_asking,
        )

    def _first(self, reached: dict[int, float]) -> int:
        """The lowest level worth asking; where none is, the one that is reached most reliably."""
        worth = [level for level, chance in reached.items() if chance >= self.worth_asking]
        return min(worth) if worth else max(reached, key=lambda level: reached[level], default=_NO_LEVEL)

    def _starts(self) -> tuple[NDArray[np.int64], list[str]]:
        """The states an ask may start in, and what is missing where there is none."""
        network, graph = self.network, self.graph
        if self.start is not None:
            return np.array([graph.start_at(self.start)]), []
        own = network.nodes_on(self.question.on) & (network.nodes.own == 1)
        own &= network.nodes.kind == node_kind(NodeType.ASSOCIATION)
        if not own.any():
            return _NOWHERE, [
                "None of our own organisations is marked. Mark an association as our own, or say where the ask starts."
            ]
        memberships = network.ties_on(self.question.on) & (network.ties.type == tie_code(TieType.MEMBER_OF))
        ours = np.unique(network.ties.start[memberships & own[network.ties.end]])
        starts = graph.states_of_people(ours)
        if len(starts):
            return starts, []
        if len(ours):
            return starts, ["All members of our own organisations are to be avoided."]
        names = listed([self.names[row] for row in np.flatnonzero(own).tolist()][:_MOST_NAMES])
        return starts, [f"Nobody is mapped who belongs to {names}: the ask has nobody to start with."]

    def _ends(self) -> tuple[dict[int, NDArray[np.int64]], list[str]]:
        """The states that end a way, by the level that decides there, lowest first; and what is missing."""
        deciders, thing = self.deciders, self._about_name()
        if self.end is not None:
            level = _NO_LEVEL if deciders is None else deciders.levels.get(self.end, _NO_LEVEL)
            lacks = deciders is not None and level == _NO_LEVEL
            problem = [f"{self.names[self.end]} is not mapped as somebody who can decide {thing}."] if lacks else []
            return {int(level): self.graph.states_of_people(np.array([self.end]))}, problem
        assert deciders is not None  # noqa: S101 - a question has at least one of the two
        missing = [
            f"{self.names[row]} can decide {thing} at {level.word} level, but nobody at that level or above is mapped."
            for row, level in deciders.unmapped
        ]
        if not deciders.levels and not deciders.unmapped:
            missing.append(f"Nobody is mapped who can decide {thing}.")
        ends = {int(level): self.graph.states_of_people(np.array(rows)) for level, rows in deciders.by_level()}
        ends = {level: states for level, states in ends.items() if len(states)}
        if deciders.levels and not ends:
            missing.append(f"Everybody mapped who can decide {thing} is to be avoided.")
        return ends, missing

    def _unreached(self, level: int, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> str:
        """Who is not reached by whom, and by how many steps more they would be."""
        people = [int(row) for row in self.graph.rows[ends]]
        if self.end is None and self.deciders is not None:
            people = sorted({holder for row in people for holder in self.deciders.through[row]})
        names = [self.names[row] for row in people]
        if len(names) > _MOST_NAMES:
            names = [*names[: _MOST_NAMES - 1], f"{len(names) - _MOST_NAMES + 1:,} others"]
        who = "Nobody of ours reaches" if self.start is None else f"{self.names[self.start]} does not reach"
        steps = self.question.steps
        says = f"{who} {_either(names)} in {counted(steps, 'step', 'steps')}{' or fewer' if steps > 1 else ''}"
        if self.question.avoid:
            says += " without those to be avoided"
        if level != _NO_LEVEL and self.end is None:
            says += f", for a decision at {Level(level).word} level"
        needed = self._fewest_steps(starts, ends)
        return f"{says}: it takes {needed}." if needed else f"{says}."

    def _fewest_steps(self, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> int | None:
        """How many ties the shortest way has; None where ``MOST_STEPS`` are not enough."""
        graph = self.graph
        marks = np.zeros(len(graph.rows), dtype=np.bool_)
        nowhere = marks.copy()
        marks[ends] = True
        best = best_onward(graph.indptr, graph.indices, graph.strengths, marks, nowhere, MOST_STEPS)
        ties = np.flatnonzero(best[:, starts].any(axis=1))
        return int(ties[0]) if len(ties) else None

    def _weaker(self, level: int, chance: float) -> str:
        at = f"{self._about_name()} could be decided at {Level(level).word} level already"
        return f"{at}, but an ask would arrive there {_in_words(chance)}."

    def _way(self, states: tuple[int, ...], level: int) -> Way:
        """One way, with everything said."""
        network = self.network
        start, end = int(self.graph.rows[states[0]]), int(self.graph.rows[states[-1]])
        chance = self._reliability(states)
        steps = tuple(steps_of(self.graph, states))
        decides = "" if level == _NO_LEVEL else f" can decide {self._about_name()} at {Level(level).word} level"
        if not steps:
            sentence = f"{self.names[end]}{decides or ' is where the ask starts'}: nobody else has to be asked."
        else:
            who = f", who{decides}," if decides else ""
            sentence = (
                f"{self.names[start]} reaches {self.names[end]}{who} in {counted(len(states) - 1, 'step', 'steps')}; "
                f"an ask would arrive {_in_words(chance)}."
            )
        return Way(
            reliability=chance,
            level=None if level == _NO_LEVEL else Level(level).word,
            start=network.nodes.id[start],
            start_name=self.names[start],
            end=network.nodes.id[end],
            end_name=self.names[end],
            ties=len(states) - 1,
            steps=steps,
            sentence=sentence,
        )

    def _reliability(self, states: tuple[int, ...]) -> float:
        return reliability([float(self.graph.strengths[self.graph.edge(*pair)]) for pair in pairwise(states)])

    def _about_name(self) -> str:
        return "it" if self.about is None else self.names[self.about]

    def _row(self, node_id: str | None, kinds: tuple[NodeType, ...], purpose: str) -> int | None:
        return None if node_id is None else look_up(self.network, node_id, self.question.on, kinds, purpose)


def _either(names: list[str]) -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _in_words(chance: float) -> str:
    """A chance as people say it: ``about 34 times in 100``."""
    if chance < 0.005:
        return "less than once in 200 times"
    if chance >= 0.995:
        return "every time" if chance == 1 else "almost every time"
    return f"about {counted(round(chance * 100), 'time', 'times')} in 100"
