"""A link signs one person in once; then a cookie does, until it has been long enough."""

import json
import logging
import re
import stat
from pathlib import Path

import pytest

from api.app import sign_in_link
from tests.api.shell import HOME, site


def test_nobody_sees_a_page_without_signing_in(tmp_path: Path) -> None:
    answer = site(tmp_path).client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


def test_nobody_reads_the_api_without_signing_in(tmp_path: Path) -> None:
    answer = site(tmp_path).client.get("/api/v1/openapi.json")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"]
    assert "Sign in" in answer.json()["detail"]


def test_the_link_is_the_address_people_type(tmp_path: Path) -> None:
    assert re.fullmatch(rf"{HOME}/sign-in\?token=[\w-]{{43}}", sign_in_link(site(tmp_path).app))


def test_showing_the_link_does_not_use_it_and_the_button_does(tmp_path: Path) -> None:
    kith = site(tmp_path)
    token = kith.token()
    for _ in range(3):  # a preview of the link in a message, say
        page = kith.client.get("/sign-in", params={"token": token})
        assert page.status_code == 200
        assert f'name="token" value="{token}"' in page.text
        assert "set-cookie" not in page.headers
    answer = kith.client.post("/sign-in", data={"token": token})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert kith.client.get("/").status_code == 200


def test_a_link_works_once(tmp_path: Path) -> None:
    kith = site(tmp_path)
    token = kith.token()
    assert kith.client.post("/sign-in", data={"token": token}).status_code == 303
    kith.client.cookies.clear()
    again = kith.client.post("/sign-in", data={"token": token})
    assert again.status_code == 403
    assert "no longer works" in again.text
    assert kith.client.get("/sign-in", params={"token": token}).status_code == 403
    assert kith.client.get("/").status_code == 303


@pytest.mark.parametrize(("seconds", "status"), [(15 * 60 - 1, 303), (15 * 60, 403)])
def test_a_link_works_for_fifteen_minutes(tmp_path: Path, seconds: int, status: int) -> None:
    kith = site(tmp_path)
    token = kith.token()
    kith.clock.now += seconds
    assert kith.client.get("/sign-in", params={"token": token}).status_code == (200 if status == 303 else 403)
    assert kith.client.post("/sign-in", data={"token": token}).status_code == status


@pytest.mark.parametrize("token", ["", "x", "é" * 20, "a" * 201])
def test_a_made_up_link_signs_nobody_in(tmp_path: Path, token: str) -> None:
    kith = site(tmp_path)
    kith.token()
    answer = kith.client.post("/sign-in", data={"token": token})
    assert answer.status_code in (403, 422)
    assert "set-cookie" not in answer.headers
    assert kith.client.get("/").status_code == 303


def test_the_token_is_kept_nowhere(tmp_path: Path) -> None:
    kith = site(tmp_path)
    token = kith.token()
    assert token not in repr(vars(kith.app.state.links))


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(tmp_path: Path) -> None:
    kith = site(tmp_path)
    said = kith.client.post("/sign-in", data={"token": kith.token()}).headers["set-cookie"]
    name, _, attributes = said.partition("=")
    assert name == "kith"
    assert {part.strip().lower() for part in attributes.split(";")[1:]} == {
        "httponly",
        "samesite=lax",
        "path=/",
        "max-age=604800",
    }


def test_behind_tls_the_cookie_is_secure_and_bound_to_the_host(tmp_path: Path) -> None:
    kith = site(tmp_path, url="https://kith.example", public_url="https://kith.example")
    assert sign_in_link(kith.app).startswith("https://kith.example/sign-in?token=")
    said = kith.client.post("/sign-in", data={"token": kith.token()}).headers["set-cookie"]
    assert said.startswith("__Host-kith=")
    assert "secure" in said.lower().replace(" ", "").split(";")
    assert "domain" not in said.lower()
    assert kith.client.get("/").status_code == 200


@pytest.mark.parametrize(("seconds", "status"), [(12 * 3600 - 1, 200), (12 * 3600, 303)])
def test_somebody_who_was_away_too_long_is_out(tmp_path: Path, seconds: int, status: int) -> None:
    kith = site(tmp_path).sign_in()
    kith.clock.now += 3600
    assert kith.client.get("/").status_code == 200  # counts from here
    kith.clock.now += seconds
    assert kith.client.get("/").status_code == status


def test_nobody_stays_longer_than_a_week(tmp_path: Path) -> None:
    kith = site(tmp_path).sign_in()
    for _ in range(7 * 24 - 1):
        kith.clock.now += 3600
        assert kith.client.get("/").status_code == 200
    kith.clock.now += 3600
    assert kith.client.get("/").status_code == 303


def test_signing_out_ends_the_session_on_the_server_too(tmp_path: Path) -> None:
    kith = site(tmp_path).sign_in()
    cookie = kith.client.cookies["kith"]
    answer = kith.client.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert "kith" not in kith.client.cookies
    kith.client.cookies.set("kith", cookie)
    assert kith.client.get("/").status_code == 303


def test_signing_in_again_ends_the_session_before(tmp_path: Path) -> None:
    kith = site(tmp_path).sign_in()
    first = kith.client.cookies["kith"]
    kith.sign_in()
    assert kith.client.cookies["kith"] != first
    kith.client.cookies.clear()
    kith.client.cookies.set("kith", first)
    assert kith.client.get("/").status_code == 303


def test_a_session_id_of_the_callers_choice_is_never_taken(tmp_path: Path) -> None:
    kith = site(tmp_path)
    kith.client.cookies.set("kith", "chosen")
    kith.client.post("/sign-in", data={"token": kith.token()})
    kith.client.cookies.clear()
    kith.client.cookies.set("kith", "chosen")
    assert kith.client.get("/").status_code == 303


def test_a_restart_signs_nobody_out(tmp_path: Path) -> None:
    before = site(tmp_path).sign_in()
    after = site(tmp_path)
    after.client.cookies = before.client.cookies
    assert after.client.get("/").status_code == 200


def test_a_restart_makes_no_session_longer(tmp_path: Path) -> None:
    before = site(tmp_path)
    with before.client:
        before.sign_in()
        before.clock.now += 30
        before.client.get("/")
    after = site(tmp_path)
    after.client.cookies = before.client.cookies
    after.clock.now = before.clock.now + 12 * 3600
    assert after.client.get("/").status_code == 303


def test_when_somebody_was_last_seen_outlives_the_server(tmp_path: Path) -> None:
    before = site(tmp_path)
    with before.client:
        before.sign_in()
        before.clock.now += 59
        before.client.get("/")
    after = site(tmp_path)
    after.client.cookies = before.client.cookies
    after.clock.now = before.clock.now + 12 * 3600 - 1
    assert after.client.get("/").status_code == 200


def test_being_seen_is_written_down_within_a_minute(tmp_path: Path) -> None:
    kith = site(tmp_path).sign_in()
    kith.clock.now += 60
    kith.client.get("/")  # and then the machine loses power
    (entry,) = json.loads((tmp_path / "data" / "sessions.json").read_text()).values()
    assert entry["seen"] == kith.clock.now


def test_the_session_file_is_its_owners_alone_and_holds_no_cookie(tmp_path: Path) -> None:
    kith = site(tmp_path).sign_in()
    file = tmp_path / "data" / "sessions.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert kith.client.cookies["kith"] not in file.read_text()
    assert [path.name for path in file.parent.iterdir()] == ["sessions.json"]


def test_signing_out_is_remembered_by_the_next_server(tmp_path: Path) -> None:
    before = site(tmp_path).sign_in()
    cookie = before.client.cookies["kith"]
    before.client.post("/sign-out")
    after = site(tmp_path)
    after.client.cookies.set("kith", cookie)
    assert after.client.get("/").status_code == 303


def test_a_session_file_others_could_open_is_not_believed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    before = site(tmp_path).sign_in()
    (tmp_path / "data" / "sessions.json").chmod(0o620)
    after = site(tmp_path)
    after.client.cookies = before.client.cookies
    assert after.client.get("/").status_code == 303
    assert "sign in again" in caplog.text


@pytest.mark.parametrize("content", ["", "{", "[]", '{"a": {}}', '{"a": {"user": "x", "begun": "soon", "seen": 1}}'])
def test_a_broken_session_file_costs_only_the_sessions(tmp_path: Path, content: str) -> None:
    site(tmp_path).sign_in()
    (tmp_path / "data" / "sessions.json").write_text(content)
    assert site(tmp_path).sign_in().client.get("/").status_code == 200


def test_where_no_file_can_be_written_people_can_still_sign_in(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "data").write_text("not a folder")
    with caplog.at_level(logging.WARNING):
        assert site(tmp_path).sign_in().client.get("/").status_code == 200
    assert "will not outlive a restart" in caplog.text


def test_who_is_already_in_is_sent_home(tmp_path: Path) -> None:
    answer = site(tmp_path).sign_in().client.get("/sign-in")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_the_page_says_how_to_get_a_link(tmp_path: Path) -> None:
    page = site(tmp_path).client.get("/sign-in")
    assert page.status_code == 200
    assert "Kith prints a link when it starts" in page.text
