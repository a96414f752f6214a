"""Why a finding is no longer true, as far as the journal tells; pure."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sensor_hub.adapters.web import mark_labels
from sensor_hub.model.diary import SAID, SetPolicy, SetRule
from sensor_hub.model.edit import Entry
from sensor_hub.model.finding import Finding

JUDGED_WITHIN: Final = timedelta(minutes=2)  # an edit is judged at once; a hub that was killed over it comes later


def withdrawn_because(finding: Finding, journal: Sequence[Entry], zone: str) -> str:
    """Return what took a finding back: the edit or setting right before it was withdrawn, else that history changed."""
    local = ZoneInfo(zone)
    at = finding.updated_utc
    before = [e for e in journal if _changes_findings(e) and at - JUDGED_WITHIN <= e.made_utc <= at]
    if not before:
        return mark_labels.because_history()
    newest = max(before, key=lambda e: e.made_utc)
    made = newest.made_utc.astimezone(local)
    if isinstance(newest.edit, SetPolicy | SetRule):
        return mark_labels.because_set(made)
    return mark_labels.because_edited(made)


def _changes_findings(entry: Entry) -> bool:
    """Findings follow from runs, days and how the rules are set; what somebody says of pain changes none."""
    return not isinstance(entry.edit, SAID) or isinstance(entry.edit, SetPolicy | SetRule)
