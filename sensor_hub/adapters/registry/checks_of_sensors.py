"""The last check of each sensor before a run, by the sensor's pseudonym."""

from sqlalchemy import delete, select

from sensor_hub.adapters.registry.learned import Transaction
from sensor_hub.adapters.registry.live_tables import SensorCheckRow
from sensor_hub.model.sensor_view import SensorCheck


class SensorChecks:
    """The registry's part for checks. Every method is one transaction of its own, from any thread."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def all(self) -> dict[str, SensorCheck]:
        """Return the last check of each sensor that was checked."""
        with self._transaction(writes=False) as session:
            return {row.device: row.as_model() for row in session.scalars(select(SensorCheckRow))}

    def put(self, check: SensorCheck) -> None:
        """Keep a check in place of the last one of its sensor."""
        if check.checked_utc.tzinfo is None:
            raise ValueError(f"{check.checked_utc!r} has no time zone")
        with self._transaction(writes=True) as session:
            session.merge(SensorCheckRow.of(check))

    def remove(self, device: str) -> None:
        """Forget what was found of a sensor; no harm if nothing was."""
        with self._transaction(writes=True) as session:
            session.execute(delete(SensorCheckRow).where(SensorCheckRow.device == device))
