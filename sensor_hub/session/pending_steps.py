"""Steps that have become certain and wait for the next boundary of the session's clock, where they get their forces."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from sensor_hub.load.achilles import AchillesModel
from sensor_hub.model.gait import StepTable, Tier
from sensor_hub.session.step_rows import record_rows, step_rows
from sensor_hub.session.timeline import DatedRecord, DatedSteps, Landed, Rows
from sensor_hub.session.two_feet import TwoFeet

_SIDES: Final = ("L", "R")


class PendingSteps:
    """Collects what the session's streams tell of steps.

    two_feet : a sensor on each foot is bound, so their contacts are joined. tier : of the session.
    """

    def __init__(self, model: AchillesModel, *, two_feet: bool, tier: Tier) -> None:
        self._model, self._tier = model, tier
        self._feet = TwoFeet() if two_feet else None
        self._records: list[DatedRecord] = []
        self._dated: list[DatedSteps] = []

    def take(self, told: Landed | DatedSteps | DatedRecord) -> None:
        """Take contacts or steps, in the order in which they became known."""
        match told:
            case DatedRecord():
                self._records.append(told)
            case DatedSteps() if self._feet is not None and told.side in _SIDES:
                self._feet.step(told)
            case DatedSteps():
                self._dated.append(told)
            case Landed() if self._feet is not None and told.side in _SIDES:
                self._feet.land(told.side, told.time_us)

    def close(self, newest_us: int, heard_us: Mapping[str, int | None]) -> Rows | None:
        """Return the steps that are decided by now, None for none; arguments as in ``TwoFeet.decided``."""
        return self._closed([] if self._feet is None else self._feet.decided(newest_us, heard_us))

    def finish(self) -> Rows | None:
        """Return all that still wait, None for none."""
        return self._closed([] if self._feet is None else self._feet.flush())

    def _closed(self, decided: list[DatedSteps]) -> Rows | None:
        records, self._records = self._records, []
        dated, self._dated = self._dated, []
        rows = [record_rows(records, self._model, self._tier)] if records else []
        if dated:
            rows.append(step_rows(dated, self._model))
        if not decided:
            return _joined(rows) if rows else None
        joined = _joined([*rows, step_rows(decided, self._model)])
        time_us = joined.steps.time_utc_us
        if (time_us[1:] >= time_us[:-1]).all():
            return joined
        return joined.only(np.argsort(time_us, kind="stable"))


def _joined(rows: list[Rows]) -> Rows:
    if len(rows) == 1:
        return rows[0]
    return Rows(
        StepTable.concatenate([r.steps for r in rows]),
        np.concatenate([r.running for r in rows]),
        np.concatenate([r.too_fast for r in rows]),
    )
