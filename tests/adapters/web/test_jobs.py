import threading
import time
from collections.abc import Callable

import pytest

from sensor_hub.adapters.web.jobs import KEPT, Job, Jobs
from sensor_hub.errors import StoreError
from sensor_hub.model.ports import FilesTaken


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        if time.monotonic() > deadline:
            pytest.fail("it never came")
        time.sleep(0.005)


def told(jobs: Jobs, job: Job) -> Job:
    found = jobs.job(job.id)
    assert found is not None
    return found


def test_one_job_at_a_time_with_its_progress() -> None:
    jobs, go = Jobs(), threading.Event()

    def work(progress: Callable[[int, int], None]) -> FilesTaken:
        progress(3, 9)
        go.wait(10)
        return FilesTaken({"taken": 9})

    first, second = jobs.start("mia", "a.zip", work), jobs.start("mia", "b.zip", work)
    until(lambda: told(jobs, first).n_done == 3)
    assert (told(jobs, first).state, told(jobs, first).n_total) == ("running", 9)
    assert told(jobs, second).state == "waiting"
    assert [job.name for job in jobs.of("mia")] == ["b.zip", "a.zip"]
    assert jobs.of("jon") == []
    go.set()
    until(lambda: told(jobs, second).state == "done")
    assert told(jobs, first).taken == FilesTaken({"taken": 9})
    jobs.close()


def test_a_job_that_is_refused_says_why_and_the_next_one_goes_on() -> None:
    jobs = Jobs()

    def refused(_progress: object) -> FilesTaken:
        raise StoreError("disk is full (free some space)")

    def broken(_progress: object) -> FilesTaken:
        raise ZeroDivisionError

    first, second = jobs.start("mia", "a", refused), jobs.start("mia", "b", broken)
    third = jobs.start("mia", "c", lambda _progress: FilesTaken({}))
    until(lambda: told(jobs, third).state == "done")
    assert told(jobs, first).problem == "disk is full (free some space)"
    assert (told(jobs, second).state, told(jobs, second).problem) == ("failed", "the program failed; its log says how")
    jobs.close()


def test_only_the_newest_are_remembered() -> None:
    jobs = Jobs()
    for n in range(KEPT + 20):
        last = jobs.start("mia", str(n), lambda _progress: FilesTaken({}))
        until(lambda job=last: told(jobs, job).state == "done")  # type: ignore[misc]
    assert len(jobs.of("mia")) <= KEPT + 1
    assert jobs.of("mia")[0] == told(jobs, last)
    jobs.close()


def test_closing_twice_and_unused_is_safe() -> None:
    jobs = Jobs()
    jobs.close()
    jobs.close()
    assert jobs.job("x") is None


def test_what_never_begins_is_cleared_away_when_the_hub_stops() -> None:
    jobs, go, begun, cleared = Jobs(), threading.Event(), threading.Event(), []

    def work(_progress: Callable[[int, int], None]) -> FilesTaken:
        begun.set()
        go.wait(10)
        return FilesTaken({})

    jobs.start("mia", "a.zip", work, lambda: cleared.append("a.zip"))
    jobs.start("mia", "b.zip", work, lambda: cleared.append("b.zip"))
    assert begun.wait(10)
    jobs.close()
    until(lambda: cleared == ["b.zip"])
    go.set()
