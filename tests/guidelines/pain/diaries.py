"""Lines of a diary, by how many days ago they were said; the runs of ``histories`` go from 07:00 to 08:00 UTC."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sensor_hub.model.diary import PainTime, SayPain, SaySymptoms, Symptom

HOURS: dict[PainTime, float] = {
    "before": 6.5, "during": 8.2, "after": 8.5, "evening": 20.0, "morning": 6.0, "day-after": 8.5, "exercise": 18.0,
}  # fmt: skip


def at(days_ago: float, hour: float) -> datetime:
    return datetime(2026, 11, 20, tzinfo=UTC) - timedelta(days=days_ago) + timedelta(hours=hour)


def pain(when: PainTime, level: float, days_ago: float = 0, *, hour: float | None = None, **more: Any) -> SayPain:
    """Said at the usual hour of its kind."""
    return SayPain(at(days_ago, HOURS[when] if hour is None else hour), when, level, **more)


def noticed(*present: Symptom, days_ago: float = 0, hour: float = 12, **more: Any) -> SaySymptoms:
    return SaySymptoms(at(days_ago, hour), present, **more)


def usual_mornings(level: float, *, days_ago: int = 10, n: int = 7, side: str = "both") -> list[SayPain]:
    """Mornings without a run before, the last of them so many days ago."""
    return [pain("morning", level, days_ago + k, side=side) for k in range(n)]
