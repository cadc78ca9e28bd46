"""A Picture as one HTML file that opens without a network, and asks none for anything.

pyvis hands nodes, ties and options to a template. The template is ours, because pyvis's own loads from other hosts,
escapes nothing and leaves files in the working directory. Here every text passes through Jinja's escaping, positions
are given, and the page's own content security policy forbids it to load, send or run anything but what is in it.
"""

from base64 import b64encode
from collections import Counter
from dataclasses import asdict
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from analytics.maps.look import NODE_LOOKS, TIE_LOOKS
from analytics.maps.picture import Dot, Picture
from analytics.words import counted, listed, noun, verb
from graph_model.errors import SetUpError
from graph_model.schema import TIE_TYPES, NodeType, TieType

__all__ = ["BROWSER_FILES", "map_html"]

BROWSER_FILES: Final = Path(__file__).resolve().parents[2] / "explorer" / "dist"
"""Where ``make setup`` builds what a browser needs."""
_LIBRARY: Final = "vis-network.min.js"
_OPENED_UP_TO: Final = 200
_MANY_LINES: Final = 1_000


def map_html(picture: Picture, *, nonce: str | None = None, browser_files: Path = BROWSER_FILES) -> str:
    """The file: the map, what its shapes and lines mean, and tables of the same for who does not see it.

    Parameters
    ----------
    picture
        What ``analytics.maps.draw`` made.
    nonce
        Put on its style and scripts, for a page that is served under a policy with this nonce. The file has no other
        style and script, no event handlers and no style attributes.
    browser_files
        Where the map library is.

    Raises
    ------
    SetUpError
        Where the map library was not built.
    """
    library = _library(browser_files / _LIBRARY)
    script, style = _own("map.js"), _own("map.css")
    from pyvis.network import Network as Drawing

    drawing = Drawing(cdn_resources="in_line", heading=picture.heading)
    drawing.nodes = [_node(at, dot) for at, dot in enumerate(picture.dots)]
    # its add_edge looks through all ties for each tie
    drawing.edges = [
        {"from": line.start, "to": line.end, "type": line.type.value, "title": line.says, "bend": line.bend}
        for line in picture.lines
    ]
    drawing.options = _options(len(picture.lines))
    drawing.path = "map.html"
    drawing.templateEnv = Environment(
        loader=PackageLoader("analytics.maps"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    drawing.templateEnv.filters["noun"] = noun
    drawing.templateEnv.globals.update(
        picture=picture,
        summary=_summary(picture),
        nonce=nonce,
        library=Markup(library),  # noqa: S704 - holds nobody's text
        script=Markup(script),  # noqa: S704 - nor does this
        style=Markup(style),  # noqa: S704 - nor does this
        policy=_policy((library, script), style),
        node_looks={kind: NODE_LOOKS[kind] for kind in NodeType if any(dot.kind is kind for dot in picture.dots)},
        tie_looks={tie: TIE_LOOKS[tie] for tie in TieType if any(line.type is tie for line in picture.lines)},
        looks=_looks(),
        meaning=_meaning,
        opened=max(len(picture.dots), len(picture.lines)) <= _OPENED_UP_TO,
    )
    html: str = drawing.generate_html()
    return html


def _node(at: int, dot: Dot) -> dict[str, Any]:
    what = f"{noun(dot.kind)}, {dot.sort}" if dot.sort else noun(dot.kind)
    title = f"{dot.name} ({what}), {counted(dot.ties, 'tie', 'ties')} on this map"
    size = 7 + min(dot.ties, 40) ** 0.5 * 2
    return {"id": at, "kind": dot.kind.value, "name": dot.name, "title": title, "x": dot.x, "y": dot.y, "size": size}


def _summary(picture: Picture) -> str:
    """What is on the map, as a sentence."""
    kinds = Counter(dot.kind for dot in picture.dots)
    nodes = [counted(kinds[kind], noun(kind), noun(kind, many=True)) for kind in NodeType if kinds[kind]]
    question = picture.question
    within = ""
    if question.around is not None:
        within = f" within {counted(question.hops, 'tie', 'ties')} of {picture.dots[0].name}"
    on = f"{question.on.day} {question.on:%B %Y}"
    ties = counted(len(picture.lines), "tie", "ties")
    return f"{listed(nodes) or 'Nothing'}{within}, and {ties} between them, as they stood on {on}."


def _options(lines: int) -> dict[str, Any]:
    """What the map library is told: nothing moves by itself."""
    return {
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False},
        "interaction": {
            "dragNodes": False,
            "hover": True,
            "keyboard": {"enabled": True, "bindToWindow": False, "autoFocus": False},
            "tooltipDelay": 100,
            "hideEdgesOnDrag": lines > _MANY_LINES,
            "hideEdgesOnZoom": lines > _MANY_LINES,
        },
    }


@cache
def _meaning(tie: TieType) -> str:
    """What a line says, and of what where several say the same: ``knows``, ``is in a place``."""
    alike = sum(verb(other) == verb(tie) for other in TieType) > 1
    return f"{verb(tie)} a {noun(TIE_TYPES[tie].ends[0][1])}" if alike else verb(tie)


@cache
def _looks() -> dict[str, dict[str, dict[str, Any]]]:
    return {
        "nodes": {kind.value: asdict(look) for kind, look in NODE_LOOKS.items()},
        "ties": {tie.value: asdict(look) for tie, look in TIE_LOOKS.items()},
    }


@cache
def _own(name: str) -> str:
    return (Path(__file__).parent / "templates" / name).read_text(encoding="utf-8")


def _library(file: Path) -> str:
    try:
        return _read(file, file.stat().st_mtime_ns)
    except OSError:
        raise SetUpError(f"The map library is not in {file}. Run `make setup`, which builds it.") from None


@lru_cache(maxsize=1)
def _read(file: Path, modified: int) -> str:  # noqa: ARG001 - says when to read again
    # inside a script element these three letters would end it
    return file.read_text(encoding="utf-8").replace("</script", "<\\/script")


def _policy(scripts: tuple[str, ...], style: str) -> str:
    """The content security policy of the file: only what is in it runs, and nothing is loaded."""
    allowed = " ".join(_hash(script) for script in scripts)
    return f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; base-uri 'none'; form-action 'none'"


@lru_cache(maxsize=8)
def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
