"""One hub worker that writes down whatever it tells a person: ``python -m tests.workers.worker FOLDER TELLINGS``.

Where broker, store and registry are it reads from the environment, as any hub does.
"""

import json
import os
import sys
import time
from pathlib import Path

from sensor_hub.app.hub import Hub
from sensor_hub.app.place import Place
from sensor_hub.app.serving import told_to_end
from sensor_hub.config import load_settings
from sensor_hub.model.finding import Finding


def main(folder: Path, tellings: Path) -> None:
    """Work until told to end; a telling is one write, so a kill leaves whole lines."""
    file = os.open(tellings, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def tell(finding: Finding, notify: bool) -> None:
        if notify:
            line = {"at_s": time.time(), "id": finding.id, "key": [finding.athlete, finding.rule, finding.scope]}
            os.write(file, json.dumps(line).encode() + b"\n")

    settings = load_settings(data_dir=folder, web_port=0)
    hub = Hub(settings, Place.at(folder), on_finding=tell, web=False)
    with told_to_end() as stop:
        hub.start()
        print("ready", flush=True)
        stop.wait()
        hub.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
