import csv
import json
from datetime import UTC, date, datetime, timedelta

from sensor_hub.guidelines.evaluate import evaluate
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.load import Totals
from sensor_hub.model.session import SessionHeader, SessionSummary
from tests import need


def test_a_real_log_of_256_runs_has_its_four_single_session_spikes() -> None:
    # The expected ones are days whose longest run is above 1.10 x the longest of the previous 30 days.
    sessions = []
    for n, row in enumerate(csv.DictReader(need.data("season/runnerA_sessions.csv").read_text().splitlines())):
        if row["type"] != "running":
            continue
        start = datetime.fromisoformat(row["start_utc"])
        header = SessionHeader(f"s{n}", "a", "UTC", "import", "speed", "achilles-0.1", "ref-pop-1", "file")
        totals = Totals(duration_s=float(row["duration_s"]), distance_m=float(row["distance_m"]), coverage=1.0)
        end = start + timedelta(seconds=float(row["duration_s"]))
        sessions.append(SessionSummary(header, start.astimezone(UTC), end.astimezone(UTC), totals))
    expected = json.loads(need.data("season/expected.json").read_text())["runnerA"]["spikes"]

    findings = evaluate(Athlete("a", "A", "UTC"), sessions, date(2011, 7, 24))

    spikes = [f for f in findings if f.rule == "session-limit" and f.certainty == "above"]
    by_sid = {s.header.sid: s for s in sessions}
    found = sorted(
        (
            by_sid[f.scope.removeprefix("session:")].start_utc.date().isoformat(),
            f.value / 1000,
            f.value / f.reference - 1,
        )
        for f in spikes
    )
    assert [(day, round(km, 2), round(over, 3)) for day, km, over in found] == [tuple(row) for row in expected]
