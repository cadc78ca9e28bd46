"""Looking at the network: ``people``, ``show``, ``map``, ``schema``, ``check``."""

from pathlib import Path
from typing import Annotated

import typer

from cli.common import AsJson, Data, On, day, opened, print_json, print_table, say
from graph_model.errors import DataError

__all__ = ["check", "map_", "people", "schema", "show"]


def people(
    text: Annotated[str, typer.Argument(help="A name, or its beginning; slips and accents are forgiven.")] = "",
    *,
    limit: Annotated[int, typer.Option(help="How many to list.")] = 20,
    everything: Annotated[bool, typer.Option("--all", help="Look among all records, not only people.")] = False,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Find people by name."""
    from analytics.plain import found_plain
    from analytics.search import find
    from graph_model.schema import NodeType

    kinds = None if everything else frozenset({NodeType.STAKEHOLDER})
    with opened(data) as store:
        plain = found_plain(find(store.network(), text, kinds=kinds, limit=limit))
    if as_json:
        print_json(plain)
        return
    if not plain["rows"]:
        say(f'Nobody is called anything like "{text}".' if text else "Nobody is in the network yet: kith import FOLDER")
        return
    print_table(("Id", "Name", "What"), [(row["id"], row["name"], row["sort"] or row["type"]) for row in plain["rows"]])
    if plain["truncated"]:
        say(f"{plain['total']:,} fit; the first {len(plain['rows'])} are shown.")


def show(
    node_id: Annotated[str, typer.Argument(metavar="ID", help="The id of a person, association, problem, ...")],
    *,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Show one record: its fields, and its ties in words."""
    from analytics.plain import node_plain

    with opened(data) as store:
        plain = node_plain(store.node(node_id), store.ties_of(node_id))
    if as_json:
        print_json(plain)
        return
    say(f"{plain['name']} ({plain['type']}, {plain['id']})")
    fields = [(name, value) for name, value in plain["fields"].items() if name != "name"]
    if fields:
        print_table(
            ("", ""), [(name, "; ".join(value) if isinstance(value, list) else value) for name, value in fields]
        )
    say("")
    for tie in plain["ties"]:
        say(tie["sentence"])
    if not plain["ties"]:
        say("No ties are recorded.")


def map_(
    out: Annotated[Path, typer.Argument(metavar="OUT.html", help="The file to write.")],
    *,
    around: Annotated[str | None, typer.Option(metavar="ID", help="Draw only what is around this record.")] = None,
    hops: Annotated[int, typer.Option(help="How far around it.")] = 2,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    on: On = None,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Draw a map of the network: one file that opens in any browser, offline."""
    from analytics.maps import MapQuestion, draw, map_html

    if out.exists() and not force:
        raise DataError(f"{out} is there already. Name a new file, or add --force.")
    if not out.parent.is_dir():
        raise DataError(f"{out.parent} is not a folder.")
    with opened(data) as store:
        picture = draw(store.network(), MapQuestion(on=day(on), around=around, hops=hops))
    out.write_text(map_html(picture), encoding="utf-8")
    if as_json:
        print_json(
            {"file": str(out), "version": picture.version, "nodes": len(picture.dots), "lines": len(picture.lines)}
        )
        return
    say(f"{out}: {len(picture.dots):,} records and {len(picture.lines):,} ties.")
    if picture.truncated:
        say(picture.left_out)


def schema(
    *,
    markdown: Annotated[bool, typer.Option("--markdown", help="As docs/reference/schema.md has it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print what the network can hold: node types, tie types, fields."""
    from analytics.plain import schema_plain
    from graph_model.schema_doc import schema_markdown

    if as_json:
        print_json(schema_plain())
        return
    if markdown:
        typer.echo(schema_markdown(), nl=False)
        return
    plain = schema_plain()
    print_table(("Node", "Sheet", "What it is"), [(n["type"], n["sheet"], n["meaning"]) for n in plain["nodes"]])
    say("")
    print_table(
        ("Tie", "From and to", "What it means"),
        [(t["type"], "; ".join(f"{a} to {b}" for a, b in t["ends"]), t["meaning"]) for t in plain["ties"]],
    )
    say("\nFields of each: kith schema --markdown")


def check(
    *,
    on: On = None,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Find what is wrong, doubtful or missing in the data."""
    from analytics.checks import check as check_network
    from analytics.plain import checked_plain

    with opened(data) as store:
        plain = checked_plain(check_network(store.network(), day(on)))
    if as_json:
        print_json(plain)
        return
    if not plain["findings"]:
        say("Nothing was found to be wrong, doubtful or missing.")
    for finding in plain["findings"]:
        say(f"{finding['count']:,}{'+' if finding['at_least'] else ''} {finding['weight']}: {finding['sentence']}")
        for case in finding["cases"][:10]:
            say(f"   {case['words']}")
        if finding["count"] > 10:
            say(f"   ... and {finding['count'] - 10:,} more (--json lists up to 100)")
        say(f"   What to do: {finding['remedy']}\n")
