"""The short one: three hub workers, one killed every few seconds. ``make workers`` is the long one."""

from pathlib import Path

from tests.servers_mqtt import start_mosquitto
from tests.workers.rig import Plan, tried


def test_what_three_workers_make_of_runs_while_one_is_killed_is_what_one_hub_makes(tmp_path: Path) -> None:
    broker = start_mosquitto(tmp_path)
    try:
        account = tried(
            tmp_path,
            broker.url,
            f"sqlite:///{tmp_path / 'store.db'}",
            f"sqlite:///{tmp_path / 'registry.db'}",
            Plan(n_athletes=8, n_edges=2, n_batches=9, killed_every_s=4.0),
        )
    finally:
        broker.stop()
    assert account.wrong == []
    assert account.figures["killed -9"], "nobody was killed"
    assert account.figures["told"], "nobody was told anything"
