"""The log of long-running commands: a line or an object a record, in UTC, and nobody's password in it."""

import io
import json
import logging
import re
import warnings
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.app.logs import begin, without_secrets
from sensor_hub.config import load_settings


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("sensor_hub")
    handlers, level, our_level, showing = list(root.handlers), root.level, ours.level, warnings.showwarning
    yield
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)
    ours.setLevel(our_level)
    assert warnings.showwarning is showing


def logged(log_format: str, *args: object, **changes: object) -> str:
    stream = io.StringIO()
    begin(load_settings(log_format=log_format, **changes), stream)
    logging.getLogger("sensor_hub.app.hub").warning(*args)
    return stream.getvalue()


def test_a_line_of_text_says_when_in_utc_how_bad_and_where() -> None:
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z WARNING sensor_hub\.app\.hub: 3 messages wait\n",
        logged("text", "%d messages wait", 3),
    )


def test_a_json_record_is_one_line_with_the_same() -> None:
    text = logged("json", "a\nline")
    assert text.count("\n") == 1
    record = json.loads(text)
    assert record["message"] == "a\nline"
    assert record["level"] == "WARNING"
    assert record["logger"] == "sensor_hub.app.hub"
    assert record["time"].endswith("Z")


def test_a_traceback_is_part_of_the_json_record() -> None:
    stream = io.StringIO()
    begin(load_settings(log_format="json"), stream)
    try:
        int("mqtt://edge:hush-hush@127.0.0.1 went wrong")
    except ValueError:
        logging.getLogger("sensor_hub.x").exception("it broke")
    record = json.loads(stream.getvalue())
    assert "ValueError" in record["exc_info"]
    assert "hush-hush" not in stream.getvalue()


@pytest.mark.parametrize(("level", "n_lines"), [("warning", 1), ("error", 0), ("debug", 1)])
def test_the_level_is_what_was_asked_for(level: str, n_lines: int) -> None:
    assert len(logged("text", "x", log_level=level).splitlines()) == n_lines


def test_beginning_again_writes_nothing_twice() -> None:
    stream = io.StringIO()
    begin(load_settings(), stream)
    begin(load_settings(), stream)
    logging.getLogger("sensor_hub.x").error("once")
    assert stream.getvalue().count("once") == 1


@pytest.mark.parametrize(
    "text",
    [
        "connecting to mqtt://edge:s3cr-et-pass@hub.local:8883 failed",
        "influx+v1://hub:s3cr-et-pass@127.0.0.1:8086/runs",
        "postgresql+pg8000://hub:s3cr-et-pass@db/registry refused",
        "Authorization: Token s3cr-et-pass",
        "Authorization: Bearer s3cr-et-pass",
        "password=s3cr-et-pass",
        "{'password': 's3cr-et-pass', 'name': 'ana'}",
        "{'token': 's3cr-et-pass'}",
        "Cookie: __Host-sensor-hub=s3cr-et-pass; a=b",
        "shub_abc_s3cr-et-pass",
    ],
)
@pytest.mark.parametrize("log_format", ["text", "json"])
def test_no_secret_reaches_the_log(text: str, log_format: str) -> None:
    shown = logged(log_format, "%s", text)
    assert "***" in shown
    assert "s3cr-et-pass" not in shown
    if log_format == "json":
        assert "***" in json.loads(shown)["message"], "a record is still an object when something was taken out of it"


@given(
    st.text(
        alphabet=st.characters(codec="utf-8", exclude_characters="@ \t\n\r/:\\\"'\x0b\x0c\x1c\x1d\x1e\x1f\x85"),
        min_size=8,
    )
)
def test_whatever_the_password_is_a_url_loses_it(password: str) -> None:
    if not re.search(r"\s", password):
        assert without_secrets(f"see mqtt://hub:{password}@host:1") == "see mqtt://hub:***@host:1"


def test_what_is_no_secret_stays() -> None:
    text = "http://127.0.0.1:8080/api/athletes answered 200 at 12:30 for 3 tokens"
    assert without_secrets(text) == text
