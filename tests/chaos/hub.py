"""The program's own hub without its page, which nobody reads here and which costs a start a second.

python -m tests.chaos.hub FOLDER, with ``SENSOR_HUB_…`` in the environment. It counts what was delivered to it into
``delivered.txt``; a kill may swallow the newest line, so duplicates are counted low and never high.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from sensor_hub.app.hub import Hub
from sensor_hub.app.place import Place
from sensor_hub.app.serving import told_to_end, wait
from sensor_hub.config import Settings
from sensor_hub.errors import SensorHubError
from sensor_hub.model.message import DeadLetter, Envelope


def main() -> int:
    """Serve until told to end."""
    folder = Path(sys.argv[1])
    settings = Settings()
    try:
        hub = Hub(settings, Place.at(settings.data_dir), web=False)
    except SensorHubError as error:
        print(error, file=sys.stderr)
        return 2
    commit = hub.ingest.commit
    with (folder / "delivered.txt").open("a", encoding="utf-8", buffering=1) as paper:

        def counted(envelopes: Sequence[Envelope], dead: Sequence[DeadLetter] = ()) -> None:
            commit(envelopes, dead)
            paper.write(f"{sum(len(envelope.seqs) for envelope in envelopes)} {len(envelopes)}\n")

        hub.ingest.commit = counted  # type: ignore[method-assign]
        with told_to_end() as stop:
            try:
                hub.start()
            except SensorHubError as error:
                print(error, file=sys.stderr)
                return 2
            print("ready", flush=True)
            wait(stop)
            hub.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
