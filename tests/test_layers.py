"""Who may import whom, as data; a violation is reported with file and line."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "sensor_hub"
PURE_STDLIB = {
    "abc", "bisect", "collections", "contextlib", "contextvars", "copy", "dataclasses", "datetime", "enum", "fnmatch",
    "functools", "gettext", "hashlib", "itertools", "json", "math", "operator", "re", "statistics", "struct",
    "tomllib", "types", "typing", "zoneinfo",
}  # fmt: skip
CORE = {
    "units": set(),
    "errors": set(),
    "model": {"units", "errors", "numpy"},
    "decoders": {"units", "errors", "model", "numpy"},
    "signal": {"units", "errors", "model", "numpy"},
    "load": {"units", "errors", "model", "numpy"},
    "guidelines": {"units", "errors", "model"},
    "edits": {"units", "errors", "model", "load", "numpy"},
    "simulation": {"units", "errors", "model", "numpy"},
    "profiles": {"units", "errors", "model"},
    "words": {"units", "model"},
    "wire": {"units", "errors", "model", "numpy"},
    "session": {"units", "errors", "model", "decoders", "signal", "load", "numpy"},
}
ADAPTER_MAY = {"units", "errors", "model", "wire", "profiles", "words"}
ADAPTERS = {
    "ble": {"bleak", "bleak_retry_connector", "dbus_fast"},
    "bundle": set(),
    "dask": {"dask", "distributed"},
    "certificates": {"cryptography"},
    "exports": {"pyarrow", "fit_tool", "csv", "numpy"},
    "recordings": {"fitdecode", "mcap", "tcxreader", "gpxpy", "numpy", "csv"},
    "virtual": {"bumble", "bleak"},
    "metrics": {"prometheus_client"},
    "mqtt": {"paho", "amqtt"},
    "notify": {"apprise"},
    "storage": {"sqlite3", "httpx", "influxdb_client", "numpy"},
    "passwords": {"argon2"},
    "registry": {"sqlalchemy", "alembic"},
    "web": {"nicegui", "fastapi", "starlette", "pydantic", "uvicorn", "numpy"},
}


def imports_of(path: Path) -> list[tuple[int, str]]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            if node.module == "sensor_hub":
                found += [(node.lineno, f"sensor_hub.{alias.name}") for alias in node.names]
            else:
                found.append((node.lineno, node.module or ""))
    return found


def room_of(module: str) -> str:
    parts = module.split(".")
    if parts[0] != "sensor_hub":
        return parts[0]
    if len(parts) > 2 and parts[1] == "adapters":
        return f"adapters.{parts[2]}"
    return parts[1] if len(parts) > 1 else "sensor_hub"


def modules() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("*.py") if "migrations" not in p.parts)


def own_room(path: Path) -> str:
    return room_of(".".join(["sensor_hub", *path.relative_to(PACKAGE).with_suffix("").parts]))


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_imports_only_what_its_room_may(path: Path) -> None:
    room = own_room(path)
    stdlib = set(__import__("sys").stdlib_module_names)
    for line, module in imports_of(path):
        target = room_of(module)
        if target == room:
            continue
        where = f"{path}:{line}: {room} must not import {module}"
        if room in CORE:
            assert target in CORE[room] | PURE_STDLIB, where
        elif room.startswith("adapters."):
            libraries = ADAPTERS[room.removeprefix("adapters.")]
            assert target in ADAPTER_MAY | libraries | (stdlib - {"sqlite3", "csv"}), where
        elif room == "cli":
            assert not target.startswith("adapters"), where
        elif room != "app":
            assert not target.startswith(("adapters", "app", "cli")) or room in {"testing"}, where


def test_the_test_finds_a_forbidden_import(tmp_path: Path) -> None:
    bad = tmp_path / "vgrf.py"
    bad.write_text("import asyncio\n")
    assert imports_of(bad) == [(1, "asyncio")]
    assert "asyncio" not in CORE["signal"] | PURE_STDLIB


def test_the_core_may_import_only_libraries_that_come_with_the_package() -> None:
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    installed = {re.split(r"[^a-z-]", name)[0] for name in project["dependencies"]}
    assert set().union(*CORE.values()) - set(CORE) <= installed


def test_every_room_is_in_the_map() -> None:
    rooms = {own_room(p) for p in modules()} - {"__init__", "adapters.__init__"}
    known = set(CORE) | {f"adapters.{name}" for name in ADAPTERS} | {"app", "cli", "config", "testing"}
    assert rooms <= known
