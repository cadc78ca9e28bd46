"""Maps: what is chosen and where it stands, what the file holds, and what it shows and does in a browser."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, Route

from analytics.maps import MapQuestion, Picture, draw, map_html
from analytics.maps.layout import SPACING, layout
from analytics.maps.look import NODE_LOOKS, TIE_LOOKS
from graph_model.errors import DataError, NotFound, SetUpError
from graph_model.network import Network, NodeRow, TieRow
from graph_model.schema import TIE_TYPES, NodeType, TieType
from tests.analytics.strategies import TODAY, network_rows
from tests.browser import WIDTHS, chromium, picture

PERSON = NodeType.STAKEHOLDER
LATER = (TODAY + timedelta(days=1)).isoformat()
HOSTILE = ["</script><script>alert(1)</script>", '"><img src=x onerror=alert(2)>', "{{ 7 * 7 }}<!--", "'&amp;`${1}"]


def club() -> Network:
    """Zachary's karate club, everybody under an invented name."""
    graph = nx.karate_club_graph()
    nodes: list[NodeRow] = [(PERSON, f"p{node:02}", {"name": f"Member {node}"}) for node in graph]
    nodes.append((NodeType.ASSOCIATION, "club", {"name": "The Club", "kind": "club"}))
    ties: list[TieRow] = [(TieType.KNOWS, f"p{one:02}", f"p{other:02}", {}) for one, other in graph.edges]
    ties += [(TieType.MEMBER_OF, f"p{node:02}", "club", {"role": "chair" if node == 0 else None}) for node in range(3)]
    return Network.of(5, nodes, ties)


def everything() -> Network:
    """One node of each type and one tie of each type that these allow."""
    nodes: list[NodeRow] = [(kind, f"{kind.value}-1", {"name": f"A {kind.value}"}) for kind in NodeType]
    nodes += [(kind, f"{kind.value}-2", {"name": f"Another {kind.value}"}) for kind in NodeType]
    ties: list[TieRow] = [
        (tie, f"{spec.ends[0][0].value}-1", f"{spec.ends[0][1].value}-2", {}) for tie, spec in TIE_TYPES.items()
    ]
    return Network.of(2, nodes, ties)


def whole(network: Network, **question: Any) -> Picture:
    return draw(network, MapQuestion(TODAY, **question))


# What is chosen


@given(network_rows())
def test_a_whole_map_holds_what_counts_on_the_date(rows: tuple[list[NodeRow], list[TieRow]]) -> None:
    network = Network.of(1, *rows)
    drawn = whole(network)
    ids = network.nodes.id.list
    assert {dot.id for dot in drawn.dots} == {ids[row] for row in np.flatnonzero(network.nodes_on(TODAY))}
    counts = np.flatnonzero(network.ties_on(TODAY))
    expected = [(ids[network.ties.start[tie]], ids[network.ties.end[tie]]) for tie in counts]
    assert [(drawn.dots[line.start].id, drawn.dots[line.end].id) for line in drawn.lines] == expected
    assert not drawn.truncated
    assert drawn.left_out == ""


@given(network_rows(), st.integers(0, 4))
def test_a_neighbourhood_is_what_is_within_some_ties(rows: tuple[list[NodeRow], list[TieRow]], hops: int) -> None:
    network = Network.of(1, *rows)
    ids = network.nodes.id.list
    graph = nx.Graph()
    graph.add_nodes_from(ids)
    for tie in np.flatnonzero(network.ties_on(TODAY)):
        graph.add_edge(ids[network.ties.start[tie]], ids[network.ties.end[tie]])
    for middle in ids:
        near = nx.single_source_shortest_path_length(graph, middle, cutoff=hops)
        drawn = whole(network, around=middle, hops=hops)
        assert {dot.id for dot in drawn.dots} == set(near)
        assert drawn.dots[0].id == middle
        distances = [near[dot.id] for dot in drawn.dots]
        assert distances == sorted(distances)


def test_a_map_that_was_cut_says_so_and_keeps_the_nearest() -> None:
    drawn = whole(club(), limit=10)
    assert (len(drawn.dots), drawn.nodes, drawn.truncated) == (10, 35, True)
    ties = np.zeros(35, dtype=int)
    np.add.at(ties, club().ties.start, 1)
    np.add.at(ties, club().ties.end, 1)
    most = sorted(range(35), key=lambda row: (-ties[row], row))[:10]
    assert {dot.id for dot in drawn.dots} == {club().nodes.id[row] for row in most}
    assert drawn.left_out == "Not everything is on this map: it shows 10 nodes of 35, those with most ties."
    assert drawn.left_out in map_html(drawn)
    near = whole(club(), around="p16", hops=3, limit=4)
    assert {dot.id for dot in near.dots} > {"p16", "p05", "p06"}
    assert "the nearest, then" in near.left_out


def test_too_many_ties_are_cut_from_the_thick_of_it() -> None:
    nodes: list[NodeRow] = [(PERSON, node, {"name": node}) for node in "ab"]
    nodes.append((NodeType.ASSOCIATION, "club", {"name": "The Club"}))
    ties: list[TieRow] = [(TieType.REPORTS_TO, "a", "b", {"valid_from": f"2020-01-{day:02}"}) for day in range(1, 31)]
    drawn = whole(Network.of(1, nodes, [*ties, (TieType.MEMBER_OF, "b", "club", {})]), limit=3)
    assert (len(drawn.lines), drawn.ties) == (15, 31)
    assert any(line.type is TieType.MEMBER_OF for line in drawn.lines)
    assert "Of the 31 ties between them it shows 15" in drawn.left_out


def test_a_line_says_its_tie_and_parallel_ones_bend() -> None:
    nodes: list[NodeRow] = [(PERSON, "a", {"name": "Amira"}), (PERSON, "b", {"name": "Sam {start}"})]
    ties: list[TieRow] = [(TieType.KNOWS, "a", "b", {}), (TieType.REPORTS_TO, "b", "a", {})]
    lines = whole(Network.of(1, nodes, ties)).lines
    assert [(line.says, line.bend) for line in lines] == [
        ("Amira knows Sam {start}", 0),
        ("Sam {start} reports to Amira", 1),
    ]
    assert "Member 0 belongs to The Club, as chair" in [line.says for line in whole(club()).lines]


def test_somebody_who_does_not_count_yet_stands_alone() -> None:
    nodes: list[NodeRow] = [(PERSON, "a", {"name": "A", "valid_from": LATER}), (PERSON, "b", {"name": "B"})]
    network = Network.of(1, nodes, [(TieType.KNOWS, "a", "b", {})])
    assert [dot.id for dot in whole(network, around="a").dots] == ["a"]
    assert [dot.id for dot in whole(network).dots] == ["b"]


def test_bounds() -> None:
    with pytest.raises(NotFound, match="nobody"):
        whole(club(), around="nobody")
    for wrong in ({"hops": -1}, {"hops": 7}, {"limit": 0}, {"limit": 5001}):
        with pytest.raises(DataError, match="map cannot"):
            MapQuestion(TODAY, **wrong)


# Where it stands


@given(network_rows())
@settings(max_examples=30)
def test_places_are_finite_and_the_same_each_time(rows: tuple[list[NodeRow], list[TieRow]]) -> None:
    drawn = whole(Network.of(1, *rows))
    assert drawn == whole(Network.of(1, *rows))
    assert np.isfinite([(dot.x, dot.y) for dot in drawn.dots]).all()


@pytest.mark.parametrize(
    "graph",
    [
        nx.karate_club_graph(),
        nx.path_graph(60),
        nx.star_graph(80),
        nx.complete_graph(30),
        nx.grid_2d_graph(8, 8),
        nx.disjoint_union_all([nx.cycle_graph(n) for n in range(3, 12)] + [nx.empty_graph(20)]),
    ],
    ids=["club", "path", "star", "complete", "grid", "parts"],
)
def test_no_two_nodes_cover_each_other_and_ties_are_short(graph: "nx.Graph[Any]") -> None:
    graph = nx.convert_node_labels_to_integers(graph)
    ends = np.array(graph.edges)
    spots = layout(len(graph), ends[:, 0], ends[:, 1])
    gaps = np.sqrt(((spots[:, None] - spots[None]) ** 2).sum(axis=2))
    np.fill_diagonal(gaps, np.inf)
    assert gaps.min() > SPACING / 6
    tied = gaps[ends[:, 0], ends[:, 1]].mean()
    assert tied <= gaps[np.isfinite(gaps)].mean() * (1 + 1e-9)


def test_groups_stand_apart() -> None:
    graph = nx.connected_caveman_graph(6, 8)
    ends = np.array(graph.edges)
    spots = layout(48, ends[:, 0], ends[:, 1]).reshape(6, 8, 2)
    middles = spots.mean(axis=1)
    spread = np.sqrt(((spots - middles[:, None]) ** 2).sum(axis=2)).mean()
    apart = np.sqrt(((middles[:, None] - middles[None]) ** 2).sum(axis=2))
    assert apart[~np.eye(6, dtype=bool)].min() > 1.5 * spread


def test_parts_do_not_overlap() -> None:
    graph = nx.disjoint_union_all([nx.karate_club_graph(), nx.cycle_graph(9), nx.star_graph(12), nx.path_graph(4)])
    ends = np.array(graph.edges)
    spots = layout(len(graph), ends[:, 0], ends[:, 1])
    boxes = [(spots[list(part)].min(axis=0), spots[list(part)].max(axis=0)) for part in nx.connected_components(graph)]
    for place, (low, high) in enumerate(boxes):
        for other_low, other_high in boxes[place + 1 :]:
            assert (high < other_low).any() or (other_high < low).any()


def test_nothing_to_place() -> None:
    none = np.empty(0, dtype=np.int64)
    assert layout(0, none, none).shape == (0, 2)
    assert layout(1, np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64)).tolist() == [[0, 0]]


# How it looks


def test_every_type_has_a_look_of_its_own() -> None:
    assert set(NODE_LOOKS) == set(NodeType)
    assert len({look.path for look in NODE_LOOKS.values()}) == len(NODE_LOOKS)
    assert set(TIE_LOOKS) == set(TieType)
    assert len({(look.colour, look.dashes, look.width) for look in TIE_LOOKS.values()}) == len(TIE_LOOKS)


# What the file holds


class _Texts(HTMLParser):
    """The elements of a page, and the text of each table row, as a program without JavaScript reads them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[str] = []
        self.in_row = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append("")
            self.in_row = True
        elif tag in ("td", "th"):
            self.rows[-1] += "|"

    def handle_endtag(self, tag: str) -> None:
        if tag == "tr":
            self.in_row = False

    def handle_data(self, data: str) -> None:
        if self.in_row:
            self.rows[-1] += data.strip()


def test_the_tables_say_what_the_picture_shows() -> None:
    drawn = whole(club())
    page = _Texts(map_html(drawn))
    for dot in drawn.dots:
        kind = "person" if dot.kind is PERSON else "association, club"
        assert f"|{dot.name}|{kind}|{dot.ties}" in page.rows
    for line in drawn.lines:
        assert f"|{line.says}" in page.rows


def test_the_legend_names_what_is_in_the_picture() -> None:
    legend = map_html(whole(everything())).split("<aside")[1].split("</aside>")[0]
    named = {re.sub(r"<.*?>", "", item).strip() for item in re.findall(r"<li>(.*?)</li>", legend)}
    assert {"person", "working group", "knows", "reports to", "is in a place", "is in a team"} < named
    assert len(named) == len(NodeType) + len(TieType)
    assert "barrier" not in map_html(whole(club())).split("<aside")[1].split("</aside>")[0]


def test_no_style_and_no_handler_stands_on_an_element() -> None:
    page = _Texts(map_html(whole(everything()), nonce="n0nce"))
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name == "style" or name.startswith("on")]
        assert not {"src", "srcset", "action"} & set(attributes)
        assert attributes.get("href", "#").startswith("#")
        if tag == "style" or (tag == "script" and attributes.get("type") is None):
            assert attributes["nonce"] == "n0nce"


def test_nothing_is_written_to_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    map_html(whole(club()))
    assert list(tmp_path.iterdir()) == []


def test_a_library_that_was_not_built(tmp_path: Path) -> None:
    with pytest.raises(SetUpError, match="make setup"):
        map_html(whole(club()), browser_files=tmp_path)


def test_nothing_at_all_is_a_map_too() -> None:
    html = map_html(whole(Network.of(0, [], [])))
    assert "Nothing, and 0 ties between them, as they stood on 15 June 2026." in html


# In a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


class Opened:
    """A page that was opened, and whatever it asked for, said or failed with."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.wrong: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        self.refused: list[str] = []
        page.on("requestfailed", lambda request: self.refused.append(str(request.failure)))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("dialog", lambda dialog: self.wrong.append(dialog.message))
        page.on("console", lambda message: self.wrong.append(message.text) if message.type == "error" else None)


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    yield Opened(context.new_page())
    context.close()


def file_of(html: str, folder: Path) -> str:
    file = folder / "map.html"
    file.write_text(html, encoding="utf-8")
    return file.as_uri()


def inked(page: Page, condition: str = "opaque > 0") -> int:
    """How many pixels of the map are drawn on, or meet a condition on red, green, blue and opaque."""
    count: int = page.evaluate(
        """condition => {
            const meets = new Function("red", "green", "blue", "opaque", `return ${condition}`);
            const canvas = document.querySelector("#canvas canvas");
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            let count = 0;
            for (let at = 0; at < data.length; at += 4) if (meets(...data.slice(at, at + 4))) count += 1;
            return count;
        }""",
        condition,
    )
    return count


def test_it_opens_offline_and_asks_for_nothing(opened: Opened, tmp_path: Path) -> None:
    address = file_of(map_html(whole(club())), tmp_path)
    opened.page.goto(address)
    opened.page.wait_for_timeout(200)
    assert opened.asked == [address]
    assert opened.wrong == []
    assert inked(opened.page) > 2_000
    assert not opened.page.get_by_text("The picture needs JavaScript.").is_visible()
    picture(opened.page, "map-club")


def test_who_is_in_the_middle_is_marked(opened: Opened, tmp_path: Path) -> None:
    for around, marked in ((None, False), ("p00", True)):
        opened.page.goto(file_of(map_html(whole(club(), around=around)), tmp_path))
        opened.page.wait_for_timeout(200)
        assert (inked(opened.page, "red === 255 && green === 221 && blue === 0") > 0) is marked


def test_nothing_that_gets_into_the_file_may_run_or_load(opened: Opened, tmp_path: Path) -> None:
    html = map_html(whole(club())).replace(
        "</main>", "<script>window.ran = 1</script><img src=http://kith.example/></main>"
    )
    address = file_of(html, tmp_path)
    opened.page.goto(address)
    opened.page.wait_for_timeout(200)
    assert opened.page.evaluate("window.ran") is None
    assert opened.asked == [address, "http://kith.example/"]
    assert opened.refused == ["csp"]
    assert inked(opened.page) > 2_000


@pytest.mark.parametrize("place", ["name", "sort", "role"])
def test_hostile_texts_come_out_as_text(opened: Opened, tmp_path: Path, place: str) -> None:
    fields = [
        {"name": f"Person {number}", **({place: text} if place != "role" else {})}
        for number, text in enumerate(HOSTILE)
    ]
    nodes: list[NodeRow] = [
        (PERSON, f"p{number}", {"name": field["name"], "kind": field.get("sort")})
        for number, field in enumerate(fields)
    ]
    nodes.append((NodeType.ASSOCIATION, "a", {"name": HOSTILE[0]}))
    role = {"role": HOSTILE[1] if place == "role" else None}
    network = Network.of(1, nodes, [(TieType.MEMBER_OF, "p0", "a", role)])
    opened.page.goto(file_of(map_html(whole(network, around="p0" if place == "name" else None)), tmp_path))
    shown = opened.page.locator("main").text_content() or ""
    expected = {"name": HOSTILE[:1], "sort": HOSTILE, "role": HOSTILE[1:2]}[place]
    assert all(text in shown for text in [*expected, HOSTILE[0]])
    opened.page.get_by_role("link", name=fields[0]["name"]).first.click()
    assert HOSTILE[0] in (opened.page.locator("#said").text_content() or "")
    assert opened.page.locator("img").count() == 0
    assert opened.wrong == []


def test_a_node_and_a_line_say_what_they_are(opened: Opened, tmp_path: Path) -> None:
    nodes: list[NodeRow] = [(PERSON, "a", {"name": "Amira Khan"}), (PERSON, "b", {"name": "Sam Okafor"})]
    opened.page.goto(file_of(map_html(whole(Network.of(1, nodes, [(TieType.KNOWS, "a", "b", {})]))), tmp_path))
    box = opened.page.locator("#canvas").bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    opened.page.mouse.move(*middle)
    opened.page.wait_for_timeout(400)
    assert opened.page.locator(".vis-tooltip").inner_text() == "Amira Khan knows Sam Okafor"
    opened.page.mouse.click(*middle)
    said = opened.page.locator("#said")
    said.get_by_text("Amira Khan knows Sam Okafor").wait_for()
    opened.page.get_by_role("link", name="Sam Okafor").click()
    said.get_by_text("Sam Okafor (person), 1 tie on this map").wait_for()
    assert opened.wrong == []


def test_buttons_and_keys_zoom_and_move(opened: Opened, tmp_path: Path) -> None:
    page = opened.page
    page.goto(file_of(map_html(whole(club())), tmp_path))
    canvas = page.locator("#canvas canvas")
    before, whole_map = canvas.screenshot(), inked(page)
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_timeout(100)
    assert canvas.screenshot() != before
    page.get_by_role("button", name="Zoom out").press("Enter")
    page.get_by_role("button", name="Zoom out").press("Enter")
    page.wait_for_timeout(100)
    assert inked(page) < 0.9 * whole_map
    page.get_by_role("button", name="Whole map").press("Enter")
    page.wait_for_timeout(100)
    assert inked(page) == pytest.approx(whole_map, rel=0.05)
    before = canvas.screenshot()
    page.keyboard.press("ArrowLeft")  # on the button: nothing of the map's
    page.wait_for_timeout(100)
    assert canvas.screenshot() == before
    page.keyboard.press("Tab")  # from the last button onto the map
    before = canvas.screenshot()
    page.keyboard.down("ArrowLeft")
    page.wait_for_timeout(200)
    page.keyboard.up("ArrowLeft")
    page.wait_for_timeout(100)
    assert canvas.screenshot() != before


@pytest.mark.parametrize("width", WIDTHS)
def test_it_fits_its_window(browser: Browser, tmp_path: Path, width: str) -> None:
    across, down = WIDTHS[width]
    page = browser.new_page(viewport={"width": across, "height": down})
    page.goto(file_of(map_html(whole(everything())), tmp_path))
    assert page.evaluate("document.documentElement.scrollWidth") <= across
    picture(page, f"map-{width}")
    page.close()


def test_without_javascript_the_tables_are_there(browser: Browser, tmp_path: Path) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(file_of(map_html(whole(club())), tmp_path))
    assert page.get_by_text("The picture needs JavaScript.").is_visible()
    assert page.get_by_role("cell", name="Member 0 belongs to The Club, as chair").is_visible()
    assert not page.locator("#map").is_visible()
    page.context.close()


def test_it_runs_in_a_sandboxed_frame_under_a_strict_policy(browser: Browser) -> None:
    """As a page shows it: own policy by nonce, an origin of its own, nothing else allowed."""
    html = map_html(whole(club(), around="p00"), nonce="n0nce")
    policy = "default-src 'none'; script-src 'nonce-n0nce'; style-src 'nonce-n0nce'; frame-ancestors 'self'"
    frame = '<iframe sandbox="allow-scripts" src="/map" title="Map" width="800" height="600"></iframe>'

    def answer(route: Route) -> None:
        if route.request.url.endswith("/map"):
            headers = {"Content-Security-Policy": policy, "Content-Type": "text/html; charset=utf-8"}
            route.fulfill(body=html, headers=headers)
        else:
            route.fulfill(body=f"<!doctype html><title>A person</title>{frame}", content_type="text/html")

    context = browser.new_context()
    context.route("**/*", answer)
    page = Opened(context.new_page())
    page.page.goto("http://kith.example/person")
    page.page.frame_locator("iframe").get_by_role("button", name="Whole map").click()
    assert page.wrong == []
    assert page.page.frame_locator("iframe").locator("#canvas canvas").count() == 1
    context.close()
