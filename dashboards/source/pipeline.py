"""What reached the store, from whom, and what could not be used."""

from typing import Any, Final

from grafana_foundation_sdk.builders import dashboard

from dashboards.source.parts import HIDDEN, bars, lines, number, of_column, page, rows, value, with_panels

UID: Final = "sensor-hub-pipeline"
_WARNS: Final = [("text", None), ("orange", 1.0)]


def _count(of: str, measurement: str, where: str = "") -> str:
    return f'SELECT count("{of}") AS "n" FROM "{measurement}" WHERE {where}$timeFilter'


def _numbers() -> list[Any]:
    started = (
        'SELECT count("n") AS "started" FROM (SELECT count("model") AS "n" FROM "session_open" WHERE $timeFilter '
        'GROUP BY "ath", "sid")'
    )
    return [
        number("Sessions started", "Started within the time range.", started, "started", "none", nothing="0"),
        number(
            "Sessions ended",
            "Of those, the ones whose summary is stored. What is missing still runs, or its edge has more to send.",
            'SELECT count("ended") AS "ended" FROM "session" WHERE $timeFilter', "ended", "none", nothing="0",
        ),
        number(
            "Dead letters", "Messages that could not be used, stored within the time range.",
            _count("reason", "dead_letter"), "n", "none", nothing="0", warns=_WARNS,
        ),
        number(
            "Payloads that could not be decoded", "They stay in the recording.", _count("problem", "decode_failure"),
            "n", "none", nothing="0", warns=_WARNS,
        ),
        number(
            "Gaps", "Stretches of which nothing is known.", _count("duration_s", "gap"), "n", "none", nothing="0",
            warns=_WARNS,
        ),
        number(
            "Alerts", "Findings of severity alert that were first made within the time range.",
            _count("level", "finding", "\"severity\" = 'alert' AND "), "n", "none", nothing="0",
        ),
    ]  # fmt: skip


def _flow() -> list[Any]:
    return [
        lines(
            "Step batches stored", "Batches with steps that reached the store, by the time of their last step.",
            [('SELECT count("n_steps") AS "batches" FROM "progress" WHERE $timeFilter GROUP BY time($__interval) '
              "fill(0)",
              "batches")],
            "none", interval="10s", bars=True,
        ),
        lines(
            "Steps stored by athlete", "Steps of both feet, by the time of the step.",
            [('SELECT sum("n_steps") AS "steps" FROM "steps" WHERE $timeFilter GROUP BY time($__interval), "ath" '
              "fill(none)", "$tag_ath")],
            "none", interval="10s",
        ),
        bars(
            "Messages received by gateway, ever",
            "Each message once, however often it was sent. Independent of the time range: a message is marked by its "
            "number.",
            'SELECT count("n") AS "messages" FROM "received" GROUP BY "gw"', "gw", "none",
        ),
        rows(
            "Sessions: started, and ended or open", "ended is empty while a session is open.",
            [
                'SELECT count("model") AS "started" FROM "session_open" WHERE $timeFilter GROUP BY "ath", "sid"',
                'SELECT count("ended") AS "ended" FROM "session" WHERE $timeFilter GROUP BY "ath", "sid"',
            ],
            columns={"Time": HIDDEN, "ended": [value("noValue", "open")]}, height=8,
        ),
    ]  # fmt: skip


def _troubles() -> list[Any]:
    return [
        rows(
            "Dead letters: why, from whom", "The newest 100. Each is stored whole in the field payload, as base64.",
            ['SELECT "reason", "topic", "gw", "seq" FROM "dead_letter" WHERE $timeFilter ORDER BY time DESC LIMIT 100'],
            width=24,
        ),
        rows(
            "Payloads that could not be decoded", "The newest 100.",
            [
                'SELECT "ath", "sid", "device", "characteristic", "problem" FROM "decode_failure" WHERE $timeFilter '
                "ORDER BY time DESC LIMIT 100"
            ],
        ),
        rows(
            "Gaps by athlete and device", "How many, and how long together.",
            [
                'SELECT count("duration_s") AS "gaps", sum("duration_s") AS "together" FROM "gap" WHERE $timeFilter '
                'GROUP BY "ath", "device"'
            ],
            columns={"together": of_column("s"), "Time": HIDDEN},
        ),
    ]  # fmt: skip


def pipeline() -> dashboard.Dashboard:
    """Return the dashboard."""
    text = "What reached the store, from whom, and what could not be used."
    made = page(
        UID, "Pipeline", text, "now-6h", [("Squad", "sensor-hub-squad"), ("Athlete session", "sensor-hub-session")]
    )
    return with_panels(made, [*_numbers(), *_flow(), *_troubles()])
