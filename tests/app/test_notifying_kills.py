"""A hub that dies between what it found and what it says: nothing is lost, and nothing that went goes again."""

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from sensor_hub.adapters.notify import Sender
from sensor_hub.app.notifying.notifying import CLAIM_S, Notifying
from sensor_hub.app.people import Archive, open_archive
from sensor_hub.config import load_settings
from tests.adapters.notify.receiving import receiving
from tests.app.histories import NOW_UTC, envelopes, history

# Dies as a machine does whose power goes: at the first word of the step that is named.
DIES_AT = """
import os, signal, sys
from datetime import timedelta
from sensor_hub.adapters.notify import Sender
from sensor_hub.adapters.registry.notifications import NotificationBook
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.app.ingest import Ingest
from sensor_hub.app.notifying.notifying import Notifying
from sensor_hub.app.people import open_archive
from sensor_hub.config import load_settings
from tests.app.histories import NOW_UTC, ended, envelopes, header
steps = {
    "storing the finding": (KeptStore, "save_finding"), "claiming": (NotificationBook, "claim"),
    "sending": (Sender, "send"), "the end": (NotificationBook, "of"),
}
owner, name = steps[sys.argv[2]]
die = lambda *_how, **_so: os.kill(os.getpid(), signal.SIGKILL)
setattr(owner, name, die)
with open_archive(load_settings(data_dir=sys.argv[1])) as archive:
    clock = lambda: NOW_UTC
    ana = archive.registry.athlete("Ana")
    run = ended(header(ana, "far"), NOW_UTC - timedelta(hours=1), 9.0)
    Ingest(archive.store, archive.registry, clock=clock).take(envelopes([run], gw="edge-1"))
    Notifying(archive.registry, archive.store, archive.guide, Sender(private=True), clock=clock).look()
    die()
"""


def hub_after(archive: Archive, *, s: float) -> Notifying:
    """A hub that starts so long after, with what every start does first."""

    def now_utc() -> object:
        return NOW_UTC + timedelta(seconds=s)

    ana = archive.registry.athlete("Ana")
    archive.ingest.judge(ana, NOW_UTC.date())
    return Notifying(archive.registry, archive.store, archive.guide, Sender(private=True), clock=now_utc)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "at", ["storing the finding", pytest.param("claiming", marks=pytest.mark.thorough), "sending", "the end"]
)
def test_a_killed_hub_s_message_comes_once(tmp_path: Path, at: str) -> None:
    with receiving() as received:
        with open_archive(load_settings(data_dir=tmp_path)) as archive:
            ana = archive.registry.add_athlete("Ana", "UTC")
            archive.store.commit(envelopes(history(ana), "season"))
            archive.registry.addressees.add(received.url, "phone", "UTC", now_utc=NOW_UTC, athlete=ana.id)
        done = subprocess.run([sys.executable, "-c", DIES_AT, str(tmp_path), at], check=False, timeout=120)
        assert done.returncode == -signal.SIGKILL
        n_before = len(received.messages)
        assert n_before == (1 if at == "the end" else 0)
        with open_archive(load_settings(data_dir=tmp_path)) as archive:
            n_sent = sum(hub_after(archive, s=after_s).look() for after_s in (1, 10, CLAIM_S + 1, CLAIM_S + 600))
        assert n_before + n_sent == len(received.messages) == 1
