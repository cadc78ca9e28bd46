"""Importing a folder: what is read, what is refused with where it stands, and what it leaves alone."""

import zipfile
from pathlib import Path

import pytest

from graph_model.changes import ChangeKind, Counts
from graph_model.errors import DataError
from graph_model.importing import PROBLEMS_SHOWN, Imported, ImportRefused, import_folder
from graph_model.schema import NodeType, TieType
from graph_model.store import Store
from tests.graph_model.acts import act, drop, knows, person, put, state

PEOPLE = "id,name,notes\namira,Amira Khan,quiet\nsam,Sam Okafor,\n"
TIES = "from,type,to,strength\nsam,KNOWS,amira,strong\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "sheets", stakeholders=PEOPLE, ties=TIES)
    return tmp_path / "sheets"


def write(folder: Path, /, **sheets: str | bytes) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in sheets.items():
        (folder / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def run(store: Store, folder: Path, **options: bool) -> Imported:
    return import_folder(store, folder, by="leah", **options)


def problems(store: Store, folder: Path) -> list[str]:
    """What an import is refused for; that nothing was written is checked."""
    before, version = state(store), store.version()
    with pytest.raises(ImportRefused) as caught:
        run(store, folder)
    assert (state(store), store.version()) == (before, version)
    assert str(caught.value).startswith("Nothing was imported: ")
    return [str(problem) for problem in caught.value.problems]


def test_a_folder_lands_as_one_change(store: Store, folder: Path) -> None:
    told: list[tuple[str, int, int | None]] = []
    done = import_folder(store, folder, by="leah", stage=lambda *stage: told.append(stage))
    assert (done.rows, done.nodes, done.ties, done.unchanged) == (3, Counts(added=2), Counts(added=1), 0)
    assert done.entry is not None
    assert (done.entry.kind, done.entry.why) == (ChangeKind.IMPORT, "Import of sheets")
    assert store.version() == 1
    nodes, ties = state(store)
    assert nodes["amira"] == (NodeType.STAKEHOLDER, {"name": "Amira Khan", "notes": "quiet"})
    assert [(key.start, key.end, fields) for key, fields in ties.items()] == [("amira", "sam", {"strength": 0.9})]
    assert told[0][0] == "Checking"
    assert told[-1] == ("Writing", 3, 3)


def test_the_same_folder_twice_changes_nothing(store: Store, folder: Path) -> None:
    run(store, folder)
    again = run(store, folder)
    assert (again.entry, again.nodes, again.ties, again.unchanged) == (None, Counts(), Counts(), 3)
    assert store.version() == 1


def test_a_tie_written_down_from_both_ends_is_one_and_twice_changes_nothing(store: Store, folder: Path) -> None:
    write(folder, ties="from,type,to,strength\nsam,KNOWS,amira,weak\namira,KNOWS,sam,strong\n")
    run(store, folder)
    assert list(state(store)[1].values()) == [{"strength": 0.9}]
    assert run(store, folder).entry is None


def test_a_dry_run_writes_nothing_and_tells_all(store: Store, folder: Path) -> None:
    run(store, folder)
    write(folder, stakeholders="id,name\namira,Amira K\nsam,Sam Okafor\nlee,Lee\n")
    before = state(store)
    would = run(store, folder, dry_run=True)
    assert (would.nodes, would.ties, would.unchanged, would.entry) == (Counts(1, 1), Counts(), 2, None)
    assert (state(store), store.version()) == (before, 1)
    did = run(store, folder)
    assert (did.nodes, did.ties, did.unchanged) == (would.nodes, would.ties, would.unchanged)


def test_absent_column_empty_cell_missing_row(store: Store, folder: Path) -> None:
    run(store, folder)
    write(folder, stakeholders="id,notes\namira,\n", ties="from,type,to\namira,KNOWS,sam\n")
    run(store, folder)
    nodes, ties = state(store)
    assert nodes["amira"][1] == {"name": "Amira Khan"}
    assert nodes["sam"][1] == {"name": "Sam Okafor"}
    assert next(iter(ties.values())) == {"strength": 0.9}


def test_what_was_edited_in_kith_is_left_and_told(store: Store, folder: Path) -> None:
    run(store, folder)
    act(store, put("amira", notes="louder", visible_leader=True), knows("amira", "sam", strength=0.3))
    write(folder, stakeholders=PEOPLE.replace("quiet", "calm"))
    done = run(store, folder)
    assert [str(conflict) for conflict in done.conflicts] == [
        "stakeholders.csv, row 2, notes: amira was edited in Kith since the last import. "
        'Kept "louder", the sheet says "calm".',
        "ties.csv, row 2, strength: amira KNOWS sam was edited in Kith since the last import. "
        'Kept "0.3", the sheet says "0.9".',
    ]
    assert done.entry is None
    assert state(store)[0]["amira"][1]["notes"] == "louder"
    forced = run(store, folder, overwrite=True)
    assert (forced.nodes, forced.ties, forced.conflicts) == (Counts(changed=1), Counts(changed=1), ())
    assert state(store)[0]["amira"][1] == {"name": "Amira Khan", "notes": "calm", "visible_leader": True}
    write(folder, stakeholders=PEOPLE.replace("quiet", "calmer"))
    assert run(store, folder).conflicts == (), "since the last import nobody edited it"


def test_what_was_made_in_kith_is_not_overwritten_but_added_to(store: Store, folder: Path) -> None:
    act(store, person("amira"))
    done = run(store, folder)
    assert [(conflict.column, conflict.kept) for conflict in done.conflicts] == [("name", "Amira")]
    assert state(store)[0]["amira"][1] == {"name": "Amira", "notes": "quiet"}


def test_a_record_removed_in_kith_comes_back_with_its_row(store: Store, folder: Path) -> None:
    run(store, folder)
    act(store, drop("amira"))
    done = run(store, folder)
    assert (done.nodes, done.ties) == (Counts(added=1), Counts(added=1))


def test_undo_takes_the_import_away(store: Store, folder: Path) -> None:
    act(store, person("kim"))
    run(store, folder)
    store.undo(2, "leah")
    assert set(state(store)[0]) == {"kim"}
    run(store, folder)
    assert set(state(store)[0]) == {"kim", "amira", "sam"}


NAMES = "id,name\nzoe,Zoë “Zo” Müller\n"


@pytest.mark.parametrize(
    ("raw", "note"),
    [
        (b"\xef\xbb\xbf" + NAMES.encode(), ""),
        (NAMES.replace("\n", "\r\n").encode(), ""),
        (NAMES.replace("\n", "\r").encode(), ""),
        (NAMES.encode("cp1252"), "stakeholders.csv is not in UTF-8; it was read as latin-1"),
        (NAMES.encode("utf-16"), "stakeholders.csv is in UTF-16"),
        (b"\xfe\xff" + NAMES.encode("utf-16-be"), "stakeholders.csv is in UTF-16"),
        (NAMES.replace("id,name", " ID , Name ").encode(), ""),
        (NAMES.replace("\n", "\n\n , \n").encode(), ""),
    ],
)
def test_sheets_as_people_save_them(store: Store, tmp_path: Path, raw: bytes, note: str) -> None:
    done = run(store, write(tmp_path, stakeholders=raw))
    assert state(store)[0]["zoe"][1] == {"name": "Zoë “Zo” Müller"}
    assert len(done.notes) == bool(note)
    assert not note or done.notes[0].startswith(note)


def test_latin_1_that_windows_does_not_know(store: Store, tmp_path: Path) -> None:
    run(store, write(tmp_path, stakeholders=b"id,name\nzoe,Zo\xeb \x81\n"))
    assert state(store)[0]["zoe"][1]["name"] == "Zoë \x81"


def test_quoted_line_ends_commas_and_quotes(store: Store, tmp_path: Path) -> None:
    text = 'id,name,notes\nzoe,"Müller, ""Zo""","one\r\ntwo\n\nthree"\nlee,Lee,\n'
    run(store, write(tmp_path, stakeholders=text))
    assert state(store)[0]["zoe"][1] == {"name": 'Müller, "Zo"', "notes": "one\r\ntwo\n\nthree"}
    refused = write(tmp_path, stakeholders=text + "bad,Bad,fine\nworse,,x\n")
    assert problems(store, refused) == ["stakeholders.csv, row 5, name: is empty. It is needed."], "rows, not lines"


def test_a_megabyte_in_one_cell(store: Store, tmp_path: Path) -> None:
    large = "x" * 1_000_000
    run(store, write(tmp_path, stakeholders=f"id,name,notes\nzoe,Zoe,{large}\n"))
    assert state(store)[0]["zoe"][1]["notes"] == large
    write(tmp_path, stakeholders=f"id,name,notes\nzoe,{large},{large}x\n")
    assert problems(store, tmp_path) == [
        "stakeholders.csv, row 2, name: is 1,000,000 characters long. At most 500 are kept.",
        "stakeholders.csv, row 2, notes: is 1,000,001 characters long. At most 1,000,000 are kept.",
    ]


PLACES = {"places": "id,name\nlarkfield,Larkfield\n"}


@pytest.mark.parametrize(
    ("sheets", "expected"),
    [
        (
            {"stakeholders": "id,name\namira,Amira\namira,Other\n"},
            ['stakeholders.csv, row 3, id: "amira" is used twice. It stands in stakeholders.csv, row 2 already'],
        ),
        (
            {"stakeholders": "id,name\nlarkfield,Amira\n", **PLACES},
            ['places.csv, row 2, id: "larkfield" is used twice. It stands in stakeholders.csv, row 2 already'],
        ),
        (
            {"stakeholders": PEOPLE, "ties": "from,type,to\namira,KNOWS,nobody\nnone,KNOWS,sam\n"},
            [
                'ties.csv, row 2, to: nothing has the id "nobody". Add it first, or correct the id.',
                'ties.csv, row 3, from: nothing has the id "none".',
            ],
        ),
        (
            {"stakeholders": "id,name,asked_on\namira,Amira,soon\nsam,Sam,\n", "ties": TIES},
            ['stakeholders.csv, row 2, asked_on: "soon" is not a date. Write year-month-day, such as 2026-03-31.'],
        ),
        (
            {"stakeholders": "id,name\nsam,Sam\namira,Amira,Khan\n", "ties": TIES},
            ["stakeholders.csv, row 3: has 3 cells, the header has 2. Put a cell that holds a comma in double quotes"],
        ),
        (
            {"stakeholders": PEOPLE, "ties": "from,type,to\namira,KNOWS\namira,KNOWS,sam\n"},
            ["ties.csv, row 2: has 2 cells, the header has 3."],
        ),
        ({"stakeholders": ""}, ["stakeholders.csv: is empty. Its first row must name the columns: id, ..."]),
        ({"stakeholders": "\n\n"}, ["stakeholders.csv: is empty."]),
        ({"stakeholders": "", "ties": TIES}, ["stakeholders.csv: is empty."]),
        ({"stakeholder": PEOPLE, "ties": TIES}, ["stakeholder.csv: is not a sheet that Kith knows. Did you mean st"]),
        ({"recipes": "a,b\n", **PLACES}, ["recipes.csv: is not a sheet that Kith knows. Known are stakeholders.csv,"]),
        (
            {"stakeholders": "id,nmae\namira,Amira\n", "ties": TIES},
            ["stakeholders.csv, row 1, nmae: is not a field of Stakeholder. Did you mean name?"],
        ),
        ({"stakeholders": "name\nAmira\n"}, ["stakeholders.csv, row 1, id: is not among the columns."]),
        ({"stakeholders": "id,name,name\na,b,c\n"}, ["stakeholders.csv, row 1, name: stands twice in the header."]),
        ({"stakeholders": "id,name,\na,b,c\n"}, ["stakeholders.csv, row 1: has a column without a name."]),
        ({"stakeholders": "id;name\na;b\n"}, ["stakeholders.csv, row 1: Its cells are separated by ;, not by commas."]),
        ({"stakeholders": "id\tname\na\tb\n"}, ["stakeholders.csv, row 1: Its cells are separated by a tab, not by"]),
        (
            {"stakeholders": 'id,name\nsam,Sam\nlee,Lee\namira,"Amira\nkim,Kim\n', "ties": TIES},
            ["stakeholders.csv, row 4: cannot be read as CSV (unexpected end of data). Look for a double quote"],
        ),
        (
            {"stakeholders": PEOPLE, "ties": "from,typ,to\na,KNOWS,b\n"},
            ["ties.csv, row 1, type: is not among", "ties.csv, row 1, typ: is not a column of ties.csv. Did you mean"],
        ),
        (
            {"stakeholders": PEOPLE, "ties": "from,type,to\namira,KNOW,sam\nsam,LIKES_A_LOT,sam\n"},
            [
                'ties.csv, row 2, type: "KNOW" is not a type of tie. Did you mean KNOWS?',
                'ties.csv, row 3, type: "LIKES_A_LOT" is not a type of tie. Known are KNOWS, REPORTS_TO,',
            ],
        ),
        (
            {"stakeholders": PEOPLE, **PLACES, "ties": "from,type,to,strength\namira,LOCATED_IN,larkfield,weak\n"},
            ["ties.csv, row 2, strength: is not a field of LOCATED_IN. Only KNOWS and REPORTS_TO state one."],
        ),
        (
            {"stakeholders": PEOPLE, **PLACES, "ties": "from,type,to\namira,KNOWS,larkfield\n"},
            ["ties.csv, row 2, type: KNOWS cannot join Stakeholder to Place. It joins Stakeholder to Stakeholder."],
        ),
        (
            {"stakeholders": "id,name\n,Amira\n"},
            ["stakeholders.csv, row 2, id: is empty. Every row needs one, such as p-014."],
        ),
        (
            {"stakeholders": b"\xff\xfei\x00d\x00,"},
            ["stakeholders.csv: is damaged: it begins as UTF-16 and does not go on so."],
        ),
    ],
)
def test_what_is_wrong_is_told_with_where_it_stands(
    store: Store, tmp_path: Path, sheets: dict[str, str | bytes], expected: list[str]
) -> None:
    found = problems(store, write(tmp_path / "in", **sheets))
    assert len(found) == len(expected), found
    for problem, begin in zip(found, expected, strict=True):
        assert problem.startswith(begin)


def test_a_header_without_rows_is_no_error(store: Store, tmp_path: Path) -> None:
    done = run(store, write(tmp_path, stakeholders="id,name\n", ties="from,type,to\n"))
    assert (done.rows, done.entry) == (0, None)


def test_an_id_that_something_else_in_the_network_has(store: Store, folder: Path) -> None:
    act(store, put("sam", NodeType.PLACE, name="Sam's yard"))
    assert problems(store, folder) == [
        'stakeholders.csv, row 3, id: "sam" is the id of the Place Sam\'s yard already. '
        "Ids are one space over all types: give this one another.",
        "ties.csv, row 2, type: KNOWS cannot join Place to Stakeholder. It joins Stakeholder to Stakeholder.",
    ]


def test_the_first_hundred_are_shown_and_all_are_counted(store: Store, tmp_path: Path) -> None:
    sheet = "id,name,asked_on\n" + "".join(f"p{n},Name,soon\n" for n in range(250))
    with pytest.raises(ImportRefused) as caught:
        run(store, write(tmp_path, stakeholders=sheet))
    lines = str(caught.value).splitlines()
    assert lines[0] == "Nothing was imported: 250 things are wrong."
    assert len(lines) == 1 + PROBLEMS_SHOWN + 1
    assert lines[1].startswith("stakeholders.csv, row 2, asked_on")
    assert lines[-1] == "... and 150 more."
    assert len(caught.value.problems) == 250
    assert store.version() == 0


def test_everything_wrong_is_told_at_once_in_the_order_of_the_sheets(store: Store, tmp_path: Path) -> None:
    write(
        tmp_path,
        ties="from,type,to\nsam,KNOWS,nobody\nsam,HUGS,sam\n",
        places="id,name,latitude\nhere,Here,100\n",
        stakeholders="id,name\nsam,Sam\nlee,\n",
    )
    assert [line.split(":")[0] for line in problems(store, tmp_path)] == [
        "stakeholders.csv, row 3, name",
        "places.csv, row 2, latitude",
        "ties.csv, row 2, to",
        "ties.csv, row 3, type",
    ]


def test_folders_that_cannot_be_read(store: Store, tmp_path: Path) -> None:
    for folder, words in [
        (tmp_path / "none", "is not a folder"),
        (write(tmp_path / "file", stakeholders=PEOPLE) / "stakeholders.csv", "is not a folder"),
        (write(tmp_path / "empty"), "holds no sheet. Kith reads stakeholders.csv, "),
    ]:
        with pytest.raises(DataError, match=words):
            run(store, folder)


def test_what_is_no_sheet_is_passed_over(store: Store, folder: Path) -> None:
    (folder / "README.md").write_text("about")
    (folder / "._stakeholders.csv").write_bytes(b"\x00\x05\x16")
    (folder / "old.csv").mkdir()
    (folder / "stakeholders.csv").rename(folder / "Stakeholders.CSV")
    assert run(store, folder).rows == 3


@pytest.mark.parametrize("within", ["", "larkfield/"])
def test_a_zip_of_the_folder(store: Store, folder: Path, tmp_path: Path, within: str) -> None:
    with zipfile.ZipFile(tmp_path / "sheets.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for sheet in folder.iterdir():
            archive.write(sheet, within + sheet.name)
        if within:
            archive.writestr("__MACOSX/larkfield/._ties.csv", b"\x00")
    with zipfile.ZipFile(tmp_path / "sheets.zip") as archive:
        assert import_folder(store, zipfile.Path(archive), by="leah").rows == 3
    assert len(state(store)[1]) == 1


def test_a_damaged_zip_is_a_sentence(store: Store, folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "sheets.zip", "w") as archive:
        archive.write(folder / "stakeholders.csv", "stakeholders.csv")
    raw = (tmp_path / "sheets.zip").read_bytes().replace(b"Okafor", b"Okafxx", 1)
    (tmp_path / "sheets.zip").write_bytes(raw)
    with zipfile.ZipFile(tmp_path / "sheets.zip") as archive, pytest.raises(DataError, match="the zip file is damaged"):
        import_folder(store, zipfile.Path(archive), by="leah")


def test_a_sheet_too_large_or_too_long(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph_model.sheets.ROW_LIMIT", 2)
    assert problems(store, folder) == ["ties.csv, row 2: There are more than 2 rows. Import it in parts."]
    monkeypatch.setattr("graph_model.sheets.BYTE_LIMIT", 50)
    assert problems(store, folder)[0].startswith("stakeholders.csv: is larger than ")


def test_fields_of_one_tie_type_stay_empty_on_another(store: Store, folder: Path) -> None:
    write(folder, ties="from,type,to,strength,role,level\nsam,KNOWS,amira,0.25, ,\n")
    run(store, folder)
    (key,) = state(store)[1]
    assert (key.type, state(store)[1][key]) == (TieType.KNOWS, {"strength": 0.25})
