"""The dashboards against Grafana's own types (``@grafana/schema``), by TypeScript's compiler.

A file of TypeScript is written in which every dashboard stands as a literal of the type ``Dashboard``, and options and
custom field configuration of every panel as literals of the types of its kind. Their enumerations are met by the texts
they stand for, which is all that JSON can hold.
"""

import json
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from tests import need

HERE: Final = Path(__file__).parent
MODULES: Final = HERE / "node_modules"
FOLDER: Final = HERE.parents[1] / "dashboards"
DASHBOARDS: Final = sorted(FOLDER.glob("*.json"))
# kind of panel : name of its file, and of the type its field's custom part has there, "" where it has none
KINDS: Final = {
    "timeseries": ("TimeSeriesPanelCfg", "FieldConfig"),
    "stat": ("StatPanelCfg", ""),
    "table": ("TablePanelCfg", "FieldConfig"),
    "barchart": ("BarChartPanelCfg", "FieldConfig"),
}
HEAD: Final = """
import type { Dashboard, Panel } from '@grafana/schema';
type Plain<T> = unknown extends T ? T
  : T extends string ? `${T}`
  : T extends number ? (`${T}` extends `${infer N extends number}` ? N : number)
  : T extends boolean | null | undefined ? T
  : T extends (infer U)[] ? Plain<U>[]
  : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
// Grafana's InfluxDB data source has no type of its own there.
"""


def compiled(folder: Path, text: str) -> str:
    """What the compiler has to say of a file: nothing if all is well."""
    source = folder / "dashboards.ts"
    source.write_text(text, encoding="utf-8")
    config = {
        "compilerOptions": {
            "strict": True, "noEmit": True, "skipLibCheck": True, "module": "nodenext", "moduleResolution": "nodenext",
            "target": "es2022", "typeRoots": [], "types": [], "baseUrl": str(MODULES), "paths": {"*": [f"{MODULES}/*"]},
        },
        "files": [str(source)],
    }  # fmt: skip
    (folder / "tsconfig.json").write_text(json.dumps(config), encoding="utf-8")
    (folder / "node_modules").symlink_to(MODULES)
    done = subprocess.run(
        [MODULES / ".bin" / "tsc", "--project", folder / "tsconfig.json", "--pretty", "false"],
        capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    return done.stdout + done.stderr


def typed(dashboards: list[dict[str, Any]]) -> str:
    lines = [HEAD]
    for kind, (file, custom) in KINDS.items():
        path = f"../../../../../..{MODULES}".rsplit("..", maxsplit=1)[-1]
        of_kind = f"{path}/@grafana/schema/dist/esm/raw/composable/{kind}/panelcfg/x/{file}_types.gen.js"
        lines.append(f"import type {{ Options as {kind}Options }} from '{of_kind}';")
        if custom:
            lines.append(f"import type {{ {custom} as {kind}Custom }} from '{of_kind}';")
    for i, dashboard in enumerate(dashboards):
        lines.append(f"export const dashboard{i}: Plain<Dashboard> = {json.dumps(dashboard)};")
        for panel in dashboard["panels"]:
            kind, name = panel["type"], f"{i}_{panel['id']}"
            lines.append(f"export const panel{name}: Plain<Panel> = {json.dumps(panel)};")
            lines.append(f"export const options{name}: Plain<{kind}Options> = {json.dumps(panel['options'])};")
            own = panel["fieldConfig"]["defaults"].get("custom")
            if KINDS[kind][1] and own is not None:
                lines.append(f"export const custom{name}: Plain<{kind}Custom> = {json.dumps(own)};")
    return "\n".join(lines)


@pytest.fixture(scope="module")
def dashboards() -> list[dict[str, Any]]:
    if not (MODULES / ".bin" / "tsc").exists():
        need.missing("@grafana/schema and typescript: `make grafana-types` fetches them, with npm")
    return [json.loads(path.read_text(encoding="utf-8")) for path in DASHBOARDS]


def test_every_dashboard_and_every_panel_has_the_types_that_grafana_publishes(
    tmp_path: Path, dashboards: list[dict[str, Any]]
) -> None:
    assert {panel["type"] for dashboard in dashboards for panel in dashboard["panels"]} == set(KINDS)
    assert compiled(tmp_path, typed(dashboards)) == ""


def test_an_option_that_grafana_does_not_know_is_found(tmp_path: Path, dashboards: list[dict[str, Any]]) -> None:
    (broken,) = (d for d in dashboards if d["uid"] == "sensor-hub-session")
    panel = next(p for p in broken["panels"] if p["type"] == "timeseries")
    panel["fieldConfig"]["defaults"]["custom"]["drawStyle"] = "lines"
    panel["options"]["legend"]["displayMode"] = "row"
    broken["graphTooltip"] = 7
    told = compiled(tmp_path, typed([broken]))
    assert "drawStyle" in told or '"lines"' in told
    assert '"row"' in told
    assert "graphTooltip" in told or "7" in told
