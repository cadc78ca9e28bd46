"""Data in and out over HTTP: imports, exports, and the description of it all."""

import io
import re
import threading
import zipfile
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from analytics.graphml import graphml
from analytics.plain import entry_plain
from api.exports import writing
from api.imports import uploads
from graph_model.schema import NODE_TYPES, TIE_TYPES
from graph_model.store import Store
from tests.api.conftest import LARKFIELD, ON_EMBEDDED
from tests.api.shell import Site

pytestmark = ON_EMBEDDED


def packed(sheets: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in sheets.items():
            archive.writestr(f"folder/{name}", text)
    return file.getvalue()


def upload(kith: Site, content: bytes, **parameters: Any) -> Any:
    return kith.client.post("/api/v1/imports", files={"folder": ("new people.zip", content)}, params=parameters)


def people(*rows: str) -> bytes:
    return packed({"stakeholders.csv": "\n".join(["id,name,notes", *rows])})


def test_a_folder_is_imported_once(kith: Site, larkfield: Store) -> None:
    content = people("n1,Ada Finch,", "n2,Bram Lund,quiet")
    would = upload(kith, content, dry_run=True).json()
    assert (would["dry_run"], would["rows"], would["nodes"]["added"], would["change"]) == (True, 2, 2, None)
    assert "Nothing was written." in would["sentences"][0]
    assert larkfield.version() == 1

    done = upload(kith, content).json()
    (entry,) = larkfield.history(1)
    assert done["change"] == entry_plain(entry)
    assert (entry.by, entry.why, entry.nodes.added) == ("Robin Vale", "Import of new people.zip", 2)
    assert larkfield.node("n2").properties["notes"] == "quiet"

    again = upload(kith, content).json()
    assert (again["unchanged"], again["change"]) == (2, None)
    assert larkfield.version() == entry.number


def test_what_was_edited_in_kith_is_kept_unless_told(kith: Site, larkfield: Store) -> None:
    upload(kith, people("n3,Cleo Pell,from the sheet"), why=" First ")
    assert larkfield.history(1)[0].why == "First"
    kith.client.patch("/api/v1/nodes/n3", json={"notes": "edited"})
    content = people("n3,Cleo Pell,other")
    kept = upload(kith, content).json()
    assert kept["conflict_count"] == 1
    assert kept["conflicts"] == [
        {"file": "stakeholders.csv", "row": 2, "id": "n3", "column": "notes", "kept": "edited", "offered": "other"}
    ]
    assert larkfield.node("n3").properties["notes"] == "edited"
    assert upload(kith, content, overwrite=True).json()["nodes"]["changed"] == 1
    assert larkfield.node("n3").properties["notes"] == "other"


def test_bad_rows_are_listed_and_counted_and_nothing_is_written(kith: Site, larkfield: Store) -> None:
    before = larkfield.version()
    answer = upload(kith, people("good,Ada Finch,", *(f"b{number},," for number in range(150))))
    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert (problem["type"], problem["problem_count"]) == ("urn:kith:problem:import-refused", 150)
    assert problem["detail"] == "Nothing was imported: 150 things are wrong."
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert len(problem["problems"]) == 100
    first = problem["problems"][0]
    assert (first["file"], first["row"], first["column"]) == ("stakeholders.csv", 3, "name")
    assert first["sentence"].startswith("stakeholders.csv, row 3, name:")
    assert larkfield.version() == before


@pytest.mark.parametrize("content", [b"", b"id,name", packed({"notes.txt": "x"})])
def test_what_is_no_folder_of_sheets_is_refused_in_a_sentence(kith: Site, content: bytes) -> None:
    answer = upload(kith, content)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:kith:problem:data")
    assert "Pack the folder" in answer.json()["detail"]


def test_no_sentence_names_a_folder_of_the_server(kith: Site) -> None:
    for content in (packed({"stakeholder.csv": "id,name"}), packed({"stakeholders.csv": ""}), b"PK"):
        assert not re.search(r"/tmp|kith-import", upload(kith, content).text)


def test_one_import_runs_at_a_time(kith: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, end = threading.Event(), threading.Event()

    def slow(*_: object) -> None:
        begun.set()
        assert end.wait(60)
        monkeypatch.undo()

    monkeypatch.setattr(uploads, "unpack", slow)
    answers: list[int] = []
    first = threading.Thread(target=lambda: answers.append(upload(kith, people("n4,Dov Rudd,")).status_code))
    first.start()
    assert begun.wait(60)
    second = upload(kith, people("n5,Edda Fenn,"))
    end.set()
    first.join()
    assert (second.status_code, second.headers["retry-after"]) == (503, "5")
    assert answers == [422]  # nothing was unpacked
    assert upload(kith, people("n5,Edda Fenn,")).status_code == 200


def test_an_export_is_what_an_import_reads(kith: Site, larkfield: Store, tmp_path: Path) -> None:
    answer = kith.client.get("/api/v1/export")
    assert answer.headers["content-type"] == "application/zip"
    assert re.search(r'filename="kith-\d{4}-\d\d-\d\d\.zip"', answer.headers["content-disposition"])
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        archive.extractall(tmp_path)
    assert {sheet.name for sheet in LARKFIELD.glob("*.csv")} <= {sheet.name for sheet in (tmp_path / "kith").iterdir()}
    before = larkfield.version()
    same = upload(kith, answer.content).json()
    assert (same["change"], same["unchanged"]) == (None, same["rows"])
    assert larkfield.version() == before


def test_one_export_is_written_at_a_time(kith: Site) -> None:
    with writing._exporting:
        answer = kith.client.get("/api/v1/export")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert kith.client.get("/api/v1/export").status_code == 200


def test_graphml_is_what_the_function_writes(kith: Site, larkfield: Store) -> None:
    answer = kith.client.get("/api/v1/export.graphml")
    assert answer.content == graphml(larkfield.network())
    assert answer.headers["content-type"] == "application/graphml+xml"
    assert len(nx.read_graphml(io.BytesIO(answer.content), force_multigraph=True)) == len(larkfield.network().nodes)


@pytest.fixture(scope="module")
def described(kith: Site) -> Any:
    return kith.client.get("/api/v1/openapi.json").json()


def operations(described: Any) -> list[tuple[str, Any]]:
    return [
        (f"{method} {path}", operation)
        for path, operations in described["paths"].items()
        for method, operation in operations.items()
    ]


def test_every_operation_says_what_it_does_and_what_everything_means(described: Any) -> None:
    assert len(operations(described)) > 40
    for name, operation in operations(described):
        assert operation["summary"], name
        assert operation["description"], name
        assert operation["tags"], name
        assert "application/problem+json" in operation["responses"]["default"]["content"], name
        for parameter in operation.get("parameters", ()):
            assert parameter.get("description"), f"{name}: {parameter['name']}"


def test_every_field_of_every_answer_says_what_it_means(described: Any) -> None:
    for name, schema in described["components"]["schemas"].items():
        for field, meaning in schema.get("properties", {}).items():
            assert meaning.get("description") or "$ref" in meaning, f"{name}.{field}"


def test_each_type_has_a_way_to_add_it_with_its_own_fields(described: Any) -> None:
    paths = described["paths"]
    for spec in NODE_TYPES.values():
        body = paths[f"/api/v1/nodes/{spec.sheet.removesuffix('.csv')}"]["post"]["requestBody"]
        schema = body["content"]["application/json"]["schema"]
        assert schema["properties"].keys() == {"id", *(field.name for field in spec.fields)}
        assert schema["required"] == [field.name for field in spec.fields if field.required]
    for tie in TIE_TYPES.values():
        schema = paths[f"/api/v1/ties/{tie.type}"]["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert schema["properties"].keys() == {"from", "to", *(field.name for field in tie.fields)}
        assert schema["required"] == ["from", "to"]
