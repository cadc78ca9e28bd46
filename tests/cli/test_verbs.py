"""Every verb, asked as the README asks it."""

import csv
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import LARKFIELD, Kith

VERBS = (
    "serve import connectors group escalate map people show schema history undo check export".split()  # noqa: SIM905
)


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_explains_itself_and_its_options(kith: Kith, verb: str) -> None:
    told = kith(verb, "--help")
    assert told.code == 0
    if verb != "schema":
        assert "--data" in told.out
    if verb != "serve":
        assert "--json" in told.out


def test_the_first_help_names_every_verb(kith: Kith) -> None:
    told = kith("--help").out
    assert all(f" {verb} " in told for verb in VERBS)


def test_connectors_as_json(kith: Kith, town: Path) -> None:
    answer = kith("connectors", "--measure", "betweenness", "--top", 20, "--json", "--data", town).json
    assert answer["version"] == 1
    assert answer["measure"] == "betweenness"
    assert len(answer["rows"]) == 20
    first = answer["rows"][0]
    assert first["id"] == "p-amira-khan"
    assert first["rank"] == 1
    assert first["visible_leader"] is False
    assert first["sentence"].startswith("Amira Khan links 3 groups that otherwise have no contact")
    assert set(first) >= {"id", "name", "score", "rank", "visible_leader", "sentence"}


def test_connectors_as_a_table(kith: Kith, town: Path) -> None:
    told = kith("connectors", "--top", 3, "--data", town)
    assert told.code == 0
    assert "Amira Khan" in told.out
    assert "links 3 groups" in " ".join(told.out.split())


def test_group_as_json(kith: Kith, town: Path) -> None:
    answer = kith("group", "--size", 8, "--json", "--data", town).json
    assert set(answer) >= {"version", "members", "reach", "possible_at_most", "people"}
    assert len(answer["members"]) == 8
    assert set(answer["members"][0]) >= {"id", "name", "alone", "sentence"}
    assert "p-amira-khan" in {member["id"] for member in answer["members"]}
    assert answer["reach"] <= answer["possible_at_most"] <= answer["people"] == 150


def test_group_with_demands(kith: Kith, town: Path) -> None:
    demands = ("--include", "p-desmond-hartley", "--exclude", "p-amira-khan", "--problem", "problem-stairwell-c")
    answer = kith("group", "--size", 3, *demands, "--json", "--data", town).json
    members = {member["id"] for member in answer["members"]}
    assert "p-desmond-hartley" in members
    assert "p-amira-khan" not in members


def test_a_group_that_contradicts_itself_is_refused_in_a_sentence(kith: Kith, town: Path) -> None:
    told = kith("group", "--include", "p-amira-khan", "--exclude", "p-amira-khan", "--data", town)
    assert told.code == 1
    assert "Amira" in told.err or "p-amira-khan" in told.err
    assert "Traceback" not in told.err


def test_escalate_as_json(kith: Kith, town: Path) -> None:
    asked = ("--about", "barrier-guarding-budget", "--from", "p-leah-whitcombe")
    answer = kith("escalate", *asked, "--json", "--data", town).json
    assert answer["missing"] == []
    best = answer["paths"][0]
    assert best["reliability"] == pytest.approx(0.6561)
    assert set(best["steps"][0]) >= {"from", "to", "through", "tie", "strength", "sentence"}
    assert best["steps"][0]["from"] == "p-leah-whitcombe"
    assert best["steps"][-1]["to"] == "p-priya-shah"
    around = kith("escalate", *asked, "--avoid", "p-danuta-wolska", "--json", "--data", town).json
    assert all("p-danuta-wolska" not in str(way) for way in around["paths"])


def test_escalate_says_what_is_missing(kith: Kith, town: Path) -> None:
    answer = kith("escalate", "--about", "barrier-nobody-owns-the-yard", "--json", "--data", town).json
    assert answer["paths"] == []
    assert answer["missing"]


def test_people_forgives_slips(kith: Kith, town: Path) -> None:
    found = kith("people", "amria kahn", "--json", "--data", town).json
    assert found["rows"][0]["id"] == "p-amira-khan"
    assert "Nobody is called" in kith("people", "qqqqqq", "--data", town).out


def test_show_tells_the_ties_in_words(kith: Kith, town: Path) -> None:
    told = kith("show", "p-amira-khan", "--data", town).out
    assert "Amira Khan knows Danuta Wolska" in told
    unknown = kith("show", "p-nobody", "--data", town)
    assert unknown.code == 1
    assert '"p-nobody"' in unknown.err


def test_map_is_one_file_and_never_writes_over_another(kith: Kith, town: Path, tmp_path: Path) -> None:
    out = tmp_path / "map.html"
    assert kith("map", out, "--around", "p-amira-khan", "--hops", 1, "--data", town).code == 0
    assert "Amira Khan" in out.read_text(encoding="utf-8")
    again = kith("map", out, "--data", town)
    assert again.code == 1
    assert "--force" in again.err


def test_schema_is_printed(kith: Kith) -> None:
    told = kith("schema", "--json").json
    assert {node["type"] for node in told["nodes"]} >= {"Stakeholder", "Barrier"}
    assert "MEMBER_OF" in kith("schema").out
    assert kith("schema", "--markdown").out.startswith("#")


def test_check_finds_the_barrier_nobody_can_lift(kith: Kith, town: Path) -> None:
    findings = kith("check", "--json", "--data", town).json["findings"]
    assert any("barrier" in finding["sentence"] for finding in findings)


def test_history_and_undo(kith: Kith, town: Path, tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text("id,name\nplace-new,New Corner\n", encoding="utf-8")
    done = kith("import", tmp_path, "--why", "a new corner", "--json", "--data", town).json
    number = done["change"]["number"]
    assert "a new corner" in kith("history", "--data", town).out
    assert kith("undo", number, "--json", "--data", town).json["change"]["undoes"] == number
    assert kith("show", "place-new", "--data", town).code == 1
    assert kith("undo", 99_999, "--data", town).code == 1


def test_a_bad_folder_is_refused_row_by_row(kith: Kith, town: Path, tmp_path: Path) -> None:
    with (tmp_path / "places.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "name", "latitude"], *([f"x{n}", "A Place", "far"] for n in range(130))])
    told = kith("import", tmp_path, "--data", town)
    assert told.code == 1
    assert "130 things are wrong" in told.err
    assert "places.csv, row 2, latitude" in told.err
    assert "30 more" in told.err
    assert len(kith("import", tmp_path, "--json", "--data", town).json["problems"]) == 100
    assert kith("show", "x0", "--data", town).code == 1


def test_a_dry_run_writes_nothing(kith: Kith, town: Path, tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text("id,name\nplace-dry,Dry Corner\n", encoding="utf-8")
    assert kith("import", tmp_path, "--dry-run", "--json", "--data", town).json["nodes"]["added"] == 1
    assert kith("show", "place-dry", "--data", town).code == 1


def test_an_export_is_the_same_network(kith: Kith, town: Path, tmp_path: Path) -> None:
    assert kith("export", tmp_path / "copy", "--data", town).code == 0
    again = kith("import", tmp_path / "copy", "--json", "--data", town).json
    assert again["nodes"] == again["ties"] == {"added": 0, "changed": 0, "removed": 0}
    assert kith("export", tmp_path / "copy", "--data", town).code == 1
    assert kith("export", tmp_path / "town.graphml", "--format", "graphml", "--data", town).code == 0
    assert b"graphml" in (tmp_path / "town.graphml").read_bytes()


def test_words_that_are_not_known_name_those_that_are(kith: Kith, town: Path) -> None:
    assert "betweenness" in kith("connectors", "--measure", "fame", "--data", town).err
    assert "KNOWS" in kith("connectors", "--type", "LIKES", "--data", town).err
    assert "graphml" in kith("export", "x", "--format", "xls", "--data", town).err


def test_a_data_folder_that_is_a_file_is_one_sentence_and_exit_code_2(kith: Kith, tmp_path: Path) -> None:
    data = tmp_path / "file"
    data.write_text("not a folder")
    told = kith("history", "--data", data)
    assert told.code == 2
    assert "Traceback" not in told.err
    assert str(data) in told.err.replace("\n", "")


def test_a_neo4j_that_is_not_there_is_one_sentence_and_exit_code_2(kith: Kith, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:1")
    monkeypatch.setenv("NEO4J_PASSWORD", "not-the-one")
    told = kith("history")
    assert told.code == 2
    assert "bolt://127.0.0.1:1" in told.err
    assert "not-the-one" not in told.err
    assert len(told.err.strip().splitlines()) <= 2


def test_an_empty_network_says_what_to_do(kith: Kith, tmp_path: Path) -> None:
    assert "kith import" in kith("connectors", "--data", tmp_path).out
    assert "Nothing was ever written" in kith("history", "--data", tmp_path).out
    shutil.copytree(LARKFIELD, tmp_path / "sheets")
    assert "that is change 1" in kith("import", tmp_path / "sheets", "--data", tmp_path).out
