"""The three questions: ``kith connectors``, ``kith group``, ``kith escalate``."""

from typing import Annotated

import typer

from cli.common import AsJson, Data, On, Types, day, opened, print_json, print_table, say, tie_types

__all__ = ["connectors", "escalate", "group"]


def connectors(
    *,
    measure: Annotated[
        str, typer.Option(help="What counts: degree, strength, betweenness, harmonic_closeness, pagerank, core_number.")
    ] = "betweenness",
    top: Annotated[int, typer.Option(help="How many people to list.")] = 20,
    within: Annotated[
        str | None,
        typer.Option(
            "--in", metavar="ID", help="List only those in this place or association, or affected by this problem."
        ),
    ] = None,
    types: Types = None,
    on: On = None,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Who are the highly connected people?"""
    from analytics.connectors import ConnectorsQuestion, Measure, highly_connected
    from analytics.plain import connectors_plain
    from graph_model.errors import DataError

    if measure not in list(Measure):
        raise DataError(f"{measure} is not a measure. Known are {', '.join(Measure)}.")
    question = ConnectorsQuestion(
        on=day(on), measure=Measure(measure), top=top, tie_types=tie_types(types), scope=within
    )
    with opened(data) as store:
        answer = highly_connected(store.network(), question)
    plain = connectors_plain(answer)
    if as_json:
        print_json(plain)
        return
    rows = plain["rows"]
    if not rows:
        say("Nobody is in the network yet. Bring in a folder of sheets with: kith import FOLDER")
        return
    print_table(
        ("Rank", "Name", measure, "Visible leader", "Why"),
        [
            (row["rank"], row["name"], f"{row['score']:.4g}", "yes" if row["visible_leader"] else "", row["sentence"])
            for row in rows
        ],
        right=("Rank", measure),
    )
    for note in plain["notes"]:
        say(note)


def group(
    *,
    size: Annotated[int, typer.Option(help="How many people.")] = 8,
    hops: Annotated[int, typer.Option(help="How many ties an ask may travel, 1 to 4.")] = 2,
    unweighted: Annotated[bool, typer.Option("--unweighted", help="Count everybody within the hops alike.")] = False,
    include: Annotated[
        list[str] | None,
        typer.Option("--include", metavar="ID", help="Somebody who must be in it. May be given several times."),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option("--exclude", metavar="ID", help="Somebody who must not. May be given several times."),
    ] = None,
    problem: Annotated[
        str | None, typer.Option(metavar="ID", help="Count only those affected by this problem.")
    ] = None,
    types: Types = None,
    on: On = None,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Whom should a working group be made of, to reach as many as possible?"""
    from analytics.groups import GroupQuestion, working_group
    from analytics.plain import group_plain

    question = GroupQuestion(
        on=day(on),
        size=size,
        hops=hops,
        weighted=not unweighted,
        tie_types=tie_types(types),
        must_include=frozenset(include or ()),
        exclude=frozenset(exclude or ()),
        problem=problem,
    )
    with opened(data) as store:
        answer = working_group(store.network(), question)
    plain = group_plain(answer)
    if as_json:
        print_json(plain)
        return
    print_table(
        ("Name", "Alone", "Self-interest", "Why"),
        [
            (row["name"], f"{row['alone']:.1f}", row["self_interest"] or "not yet asked", row["sentence"])
            for row in plain["members"]
        ],
        right=("Alone",),
    )
    say("")
    for sentence in (plain["sentence"], *plain["notes"]):
        say(sentence)


def escalate(
    *,
    about: Annotated[
        str | None, typer.Option(metavar="ID", help="What must be decided: a barrier, problem, solution or asset.")
    ] = None,
    start: Annotated[
        str | None, typer.Option("--from", metavar="ID", help="Who asks. Default: anybody of our own organisations.")
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", metavar="ID", help="Whom to reach. Default: whoever can decide it.")
    ] = None,
    k: Annotated[int, typer.Option("-k", help="How many ways to show.")] = 3,
    steps: Annotated[int, typer.Option(help="How many ties a way may have, at most 12.")] = 6,
    avoid: Annotated[
        list[str] | None,
        typer.Option("--avoid", metavar="ID", help="A person or association to go round. May be given several times."),
    ] = None,
    on: On = None,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """By what way does an ask reach somebody who can decide?"""
    from analytics.escalation import WayQuestion, ways_up
    from analytics.plain import ways_plain

    question = WayQuestion(
        on=day(on), about=about, start=start, end=end, k=k, steps=steps, avoid=frozenset(avoid or ())
    )
    with opened(data) as store:
        answer = ways_up(store.network(), question)
    plain = ways_plain(answer)
    if as_json:
        print_json(plain)
        return
    for number, way in enumerate(plain["paths"], 1):
        say(f"{number}. {way['sentence']}")
        for step in way["steps"]:
            say(f"   {step['sentence']} ({step['strength']:.0%})")
    for sentence in (*plain["missing"], *plain["notes"]):
        say(sentence)
