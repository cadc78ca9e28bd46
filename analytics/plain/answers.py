"""The answers to questions as plain data."""

from __future__ import annotations

from dataclasses import asdict
from math import floor
from typing import TYPE_CHECKING, Any

from analytics.words import counted, too_large

if TYPE_CHECKING:  # what makes an answer is heavy to load, and whoever has one has loaded it
    from analytics.checks import Checked
    from analytics.connectors import Connectors
    from analytics.escalation import Ways
    from analytics.groups import WorkingGroup
    from analytics.projection import LeftOut
    from analytics.search import Found

__all__ = ["checked_plain", "connectors_plain", "found_plain", "group_plain", "ways_plain"]

Plain = dict[str, Any]


def connectors_plain(answer: Connectors) -> Plain:
    """Highly connected people."""
    question = answer.question
    return {
        "version": answer.version,
        "on": question.on.isoformat(),
        "measure": question.measure.value,
        "top": question.top,
        "tie_types": _types(question.tie_types),
        "scope": question.scope,
        "people": answer.people,
        "tied_at_cut": answer.tied_at_cut,
        "sampled": None if answer.sampled is None else asdict(answer.sampled),
        "threshold": answer.threshold,
        "left_out": _left_out(answer.left_out),
        "rows": [asdict(row) for row in answer.rows],
        "notes": _connectors_notes(answer),
    }


def _connectors_notes(answer: Connectors) -> list[str]:
    notes = too_large([each.name for each in answer.left_out])
    if answer.tied_at_cut:
        notes.append(
            f"{counted(answer.tied_at_cut, 'person shares', 'people share')} the last rank of the list; "
            "not all of them are on it."
        )
    if answer.sampled is not None:
        of_all = f"{answer.sampled.confidence:.0%}"
        notes.append(
            f"The scores are estimates from {answer.sampled.samples:,} samples, at most "
            f"{answer.sampled.half_width:.2g} off with {of_all} confidence."
        )
    return notes


def _left_out(associations: tuple[LeftOut, ...]) -> list[Plain]:
    return [each._asdict() for each in associations]


def group_plain(answer: WorkingGroup) -> Plain:
    """A working group."""
    question = answer.question
    return {
        "version": answer.version,
        "on": question.on.isoformat(),
        "size": question.size,
        "hops": question.hops,
        "weighted": question.weighted,
        "tie_types": _types(question.tie_types),
        "must_include": sorted(question.must_include),
        "exclude": sorted(question.exclude),
        "problem": question.problem,
        "members": [asdict(member) for member in answer.members],
        "reach": answer.reach,
        "possible_at_most": answer.possible_at_most,
        "share": answer.share,
        "people": answer.people,
        "threshold": answer.threshold,
        "left_out": _left_out(answer.left_out),
        "sentence": _group_says(answer),
        "notes": too_large([each.name for each in answer.left_out]),
    }


def _group_says(answer: WorkingGroup) -> str:
    question = answer.question
    who = "affected people" if question.problem is not None else "people"
    within = counted(question.hops, "tie", "ties")
    if question.weighted:
        counting = f"counting each of {answer.people:,} {who} by how surely they are reached"
        says = f"Their reach is {answer.reach:,.1f}, {counting}"
    else:
        says = f"They reach {answer.reach:,.0f} of {answer.people:,} {who} within {within}"
    share = floor(100 * answer.share * (1 + 1e-12))  # "at least" is never rounded up
    return f"{says}: at least {share} % of the best any {counted(question.size, 'person', 'people')} could do."


def ways_plain(answer: Ways) -> Plain:
    """Ways up to a decision-maker."""
    question = answer.question
    notes = list(answer.weaker)
    if answer.truncated:
        notes.append("The search was cut: these are the best ways there are, but there may be more.")
    return {
        "version": answer.version,
        "on": question.on.isoformat(),
        "about": question.about,
        "from": question.start,
        "to": question.end,
        "k": question.k,
        "max_steps": question.steps,
        "avoid": sorted(question.avoid),
        "worth_asking": answer.worth_asking,
        "paths": [
            {
                "reliability": way.reliability,
                "level": way.level,
                "ties": way.ties,
                "from": way.start,
                "from_name": way.start_name,
                "to": way.end,
                "to_name": way.end_name,
                "sentence": way.sentence,
                "steps": [
                    {
                        "from": step.start,
                        "from_name": step.start_name,
                        "to": step.end,
                        "to_name": step.end_name,
                        "through": step.through,
                        "through_name": step.through_name,
                        "passed": [{"id": passed.id, "name": passed.name} for passed in step.passed],
                        "tie": step.tie,
                        "ties": step.ties,
                        "strength": step.strength,
                        "also": list(step.also),
                        "sentence": step.sentence,
                    }
                    for step in way.steps
                ],
            }
            for way in answer.paths
        ],
        "weaker": list(answer.weaker),
        "missing": list(answer.missing),
        "truncated": answer.truncated,
        "notes": notes,
    }


def found_plain(found: Found) -> Plain:
    """What a search found."""
    return {
        "version": found.version,
        "text": found.text,
        "total": found.total,
        "truncated": found.truncated,
        "rows": [
            {
                "id": hit.id,
                "type": hit.kind.value,
                "name": hit.name,
                "matched": hit.matched,
                "sort": hit.sort,
                "score": hit.score,
            }
            for hit in found.rows
        ],
    }


def checked_plain(checked: Checked) -> Plain:
    """What is wrong, doubtful or missing in the data."""
    return {
        "version": checked.version,
        "on": checked.on.isoformat(),
        "findings": [
            {
                "code": finding.code,
                "weight": finding.weight.value,
                "count": finding.count,
                "at_least": finding.at_least,
                "truncated": finding.truncated,
                "sentence": finding.sentence,
                "remedy": finding.remedy,
                "cases": [{"ids": list(case.ids), "words": case.words} for case in finding.cases],
            }
            for finding in checked.findings
        ],
    }


def _types(tie_types: frozenset[Any] | None) -> list[str] | None:
    return None if tie_types is None else sorted(tie.value for tie in tie_types)
