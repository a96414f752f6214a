"""``python -m dashboards.source`` writes every file that Grafana reads; ``--check`` only says which are not current."""

import json
import sys
from pathlib import Path
from typing import Any, Final

import yaml
from grafana_foundation_sdk.cog.encoder import JSONEncoder

from dashboards.source.alerts import provisioned
from dashboards.source.athlete import athlete
from dashboards.source.pipeline import pipeline
from dashboards.source.session import session
from dashboards.source.squad import squad

FOLDER: Final = Path(__file__).resolve().parents[1]


def files() -> dict[Path, str]:
    """Return what every file holds."""
    made: dict[str, Any] = {
        "squad.json": squad().build(), "athlete.json": athlete().build(), "session.json": session().build(),
        "pipeline.json": pipeline().build(),
    }  # fmt: skip
    return {
        FOLDER / name: json.dumps(_as_typed(content), indent=1, ensure_ascii=False) + "\n"
        for name, content in made.items()
    } | {
        # YAML: every JSON file below this folder is taken for a dashboard
        FOLDER / "provisioning/alerting/sensor_hub.yaml": yaml.safe_dump(_as_typed(provisioned()), sort_keys=False)
    }


def _as_typed(content: object) -> Any:
    """Return it as JSON, without what the SDK writes of a variable and Grafana's own types do not know there."""
    body = json.loads(json.dumps(content, cls=JSONEncoder))
    for variable in body.get("templating", {}).get("list", []):
        for key in ("auto", "auto_min", "auto_count"):  # of a variable of intervals
            variable.pop(key, None)
    return body


def main(*, check: bool) -> int:
    """Write the files, or say which are not current; return the exit code."""
    old = [path for path, text in files().items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    for path in old:
        print(f"{path.relative_to(FOLDER.parent)}: {'not current: run make dashboards' if check else 'written'}")  # noqa: T201
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files()[path], encoding="utf-8")
    return 1 if old and check else 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
