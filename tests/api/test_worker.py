"""Questions are answered by processes of their own, which come and go without anybody noticing."""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.worker import Answers, QueueFull, WorkerStopped
from api.worker.workers import Worker
from graph_model.changes import Change, PutNode
from graph_model.errors import DataError, EngineUnavailable, NotFound
from graph_model.records import read_node
from graph_model.schema import NodeType
from graph_model.settings import DatabaseSettings
from graph_model.shared import Handle
from graph_model.store import Store
from tests.api import questions
from tests.api.conftest import ON_EMBEDDED
from tests.api.waiting import alive, until

pytestmark = [ON_EMBEDDED, pytest.mark.processes]


@pytest.fixture(scope="module", autouse=True)
def importable() -> Iterator[None]:
    """Let the workers import the questions of the tests: they are given our sys.path, which pytest leaves alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(Path(__file__).resolve().parents[2])
        yield


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def answers(larkfield: Store, database_settings: DatabaseSettings, runner: asyncio.Runner) -> Iterator[Answers]:
    """Real workers, shared by this module; four questions may wait."""

    async def started() -> Answers:
        answers = Answers(larkfield, database_settings, queue=4)
        await answers.warm_up()
        return answers

    answers = runner.run(started())
    yield answers
    runner.run(answers.close())


def add_person(store: Store, name: str) -> None:
    store.apply(Change("Robin Vale", "", [PutNode(read_node(NodeType.STAKEHOLDER, f"test-{name}", {"name": name}))]))


def published(answers: Answers) -> Handle:
    return answers._published[-1]


def worker_of(worker: Worker) -> int:
    """The process id of a worker."""
    (process,) = worker._pool._processes
    return int(process)


def test_a_question_is_answered_on_the_whole_network(
    answers: Answers, larkfield: Store, runner: asyncio.Runner
) -> None:
    network = larkfield.network()
    assert runner.run(answers.ask(questions.names, "")) == (network.version, network.nodes.name.list)


def test_the_same_question_again_is_not_worked_out_again(
    answers: Answers, runner: asyncio.Runner, tmp_path: Path
) -> None:
    counter = tmp_path / "counter"
    assert runner.run(answers.ask(questions.count, (counter, "a"))) == 1
    assert runner.run(answers.ask(questions.count, (counter, "a"))) == 1
    assert runner.run(answers.ask(questions.count, (counter, "b"))) == 2  # another question is


def test_an_answer_that_is_not_to_be_kept_is_worked_out_again(
    answers: Answers, runner: asyncio.Runner, tmp_path: Path
) -> None:
    counter = tmp_path / "counter"
    assert [runner.run(answers.ask(questions.count, (counter, ""), keep=False)) for _ in range(2)] == [1, 2]


def test_two_who_ask_the_same_at_once_share_one_answer(
    answers: Answers, runner: asyncio.Runner, tmp_path: Path
) -> None:
    async def ask() -> list[int]:
        question = (tmp_path / "counter", "shared")
        return await asyncio.gather(*(answers.ask(questions.count, question) for _ in range(3)))

    assert runner.run(ask()) == [1, 1, 1]


def test_one_who_leaves_does_not_take_the_answer_from_the_other(
    answers: Answers, runner: asyncio.Runner, tmp_path: Path
) -> None:
    async def ask() -> int:
        question = (tmp_path / "begun", tmp_path / "end")
        leaves = asyncio.ensure_future(answers.ask(questions.wait_for, question))
        stays = asyncio.ensure_future(answers.ask(questions.wait_for, question))
        await until((tmp_path / "begun").exists)
        leaves.cancel()
        (tmp_path / "end").touch()
        return await stays

    assert runner.run(ask())


def test_after_a_write_the_answer_is_of_the_new_version(
    answers: Answers, larkfield: Store, runner: asyncio.Runner
) -> None:
    before = runner.run(answers.ask(questions.names, ""))
    add_person(larkfield, "Wren Solly")
    version, names = runner.run(answers.ask(questions.names, ""))
    assert version == before[0] + 1
    assert set(names) - set(before[1]) == {"Wren Solly"}
    network = runner.run(answers.network())
    assert (network.version, network.nodes.name.list) == (version, names)


def test_only_the_last_two_versions_stay_published(answers: Answers, larkfield: Store, runner: asyncio.Runner) -> None:
    paths = []
    for name in ("Ash One", "Ash Two", "Ash Three"):
        add_person(larkfield, name)
        runner.run(answers.network())
        paths.append(Path(published(answers).path))
    assert [path.exists() for path in paths] == [False, True, True]
    assert paths[-1].stat().st_mode & 0o777 == 0o600


def test_a_question_whose_network_was_replaced_while_it_waited_is_asked_of_the_new_one(
    answers: Answers, larkfield: Store, runner: asyncio.Runner, tmp_path: Path
) -> None:
    async def ask() -> Any:
        busy = [await begin(answers, tmp_path / name) for name in ("one", "two")]
        add_person(larkfield, "Elm None")  # the askers have not seen the network that the question is about
        waiting = asyncio.ensure_future(answers.ask(questions.names, "late"))
        await until(lambda: answers._waiting == 1)
        for name in ("Elm One", "Elm Two", "Elm Three"):
            add_person(larkfield, name)
            await answers.network()
        (tmp_path / "end").touch()
        await asyncio.gather(*busy)
        return await waiting

    version, names = runner.run(ask())
    assert version == larkfield.version()
    assert "Elm Three" in names


async def begin(answers: Answers, begun: Path) -> "asyncio.Future[int]":
    """A question that is being worked on until there is a file ``end`` beside ``begun``."""
    asked = asyncio.ensure_future(answers.ask(questions.wait_for, (begun, begun.with_name("end"))))
    await until(lambda: begun.exists() or asked.done())
    return asked


def test_two_run_at_once_the_rest_queue_and_past_that_they_are_turned_away(
    answers: Answers, runner: asyncio.Runner, tmp_path: Path
) -> None:
    async def ask() -> None:
        running = [await begin(answers, tmp_path / f"running-{number}") for number in range(2)]
        queued = [
            asyncio.ensure_future(answers.ask(questions.wait_for, (tmp_path / f"queued-{number}", tmp_path / "end")))
            for number in range(4)
        ]
        await until(lambda: answers._waiting == 4)
        with pytest.raises(QueueFull, match="Try again"):
            await answers.ask(questions.names, "one too many")
        assert not list(tmp_path.glob("queued-*"))
        (tmp_path / "end").touch()
        assert len(set(await asyncio.gather(*running))) == 2  # processes
        assert len(await asyncio.gather(*queued)) == 4

    runner.run(ask())
    assert runner.run(answers.ask(questions.names, "room again"))


def test_what_a_question_raises_reaches_whoever_asked_and_is_not_kept(answers: Answers, runner: asyncio.Runner) -> None:
    with pytest.raises(NotFound, match="missing"):
        runner.run(answers.ask(questions.fail, "missing"))
    with pytest.raises(DataError, match="wrong"):
        runner.run(answers.ask(questions.fail, "wrong"))


def test_a_worker_that_is_killed_is_replaced_and_the_question_answered(
    answers: Answers, runner: asyncio.Runner, tmp_path: Path
) -> None:
    async def ask() -> int:
        asked = await begin(answers, tmp_path / "begun")
        before = {worker_of(asker) for asker in answers._askers}
        (tmp_path / "begun").unlink()
        busy = next(asker for asker in answers._askers if asker not in answers._free)
        os.kill(worker_of(busy), signal.SIGKILL)
        await until((tmp_path / "begun").exists)
        (tmp_path / "end").touch()
        answered_by = await asked
        assert answered_by not in before
        return answered_by

    assert runner.run(ask())
    assert runner.run(answers.ask(questions.survive_once, tmp_path / "survived")) == "answered"


def test_a_question_that_kills_its_worker_twice_is_given_up_and_harms_no_other(
    answers: Answers, runner: asyncio.Runner, tmp_path: Path
) -> None:
    async def ask() -> None:
        other = await begin(answers, tmp_path / "other")
        with pytest.raises(WorkerStopped, match="twice"):
            await answers.ask(questions.die, "")
        assert not other.done()
        (tmp_path / "end").touch()
        assert await other

    runner.run(ask())
    assert runner.run(answers.ask(questions.names, "afterwards"))


def test_a_loader_that_is_killed_is_replaced_and_leaves_nothing(
    answers: Answers, larkfield: Store, runner: asyncio.Runner
) -> None:
    runner.run(answers.network())
    left = [Path(handle.path) for handle in answers._published]
    os.kill(worker_of(answers._loader), signal.SIGKILL)
    add_person(larkfield, "Rowan Tye")
    assert "Rowan Tye" in runner.run(answers.ask(questions.names, ""))[1]
    assert not any(path.exists() for path in left)


def test_the_columns_cannot_be_written_by_a_question(answers: Answers, runner: asyncio.Runner) -> None:
    assert runner.run(answers.ask(questions.write, "")) == "assignment destination is read-only"
    assert not runner.run(answers.network()).nodes.kind.flags.writeable


def test_a_database_that_cannot_be_opened_is_said_so(larkfield: Store, runner: asyncio.Runner, tmp_path: Path) -> None:
    async def ask() -> None:
        answers = Answers(larkfield, DatabaseSettings(_env_file=None, uri="bolt://127.0.0.1:1", data=tmp_path))
        try:
            with pytest.raises(EngineUnavailable):
                await answers.network()
        finally:
            await answers.close()

    runner.run(ask())


def test_closing_leaves_no_process_and_no_file_while_a_question_is_given_up(
    larkfield: Store, database_settings: DatabaseSettings, runner: asyncio.Runner, tmp_path: Path
) -> None:
    async def ask() -> list[int]:
        answers = Answers(larkfield, database_settings)
        await answers.warm_up()
        asked = await begin(answers, tmp_path / "begun")
        processes = [worker_of(worker) for worker in (answers._loader, *answers._askers)]
        files = [Path(handle.path) for handle in answers._published]
        assert files
        await answers.close()
        with pytest.raises(WorkerStopped):
            await asked
        assert not any(file.exists() for file in files)
        await until(lambda: not any(map(alive, processes)))
        return processes

    assert len(runner.run(ask())) == 3
