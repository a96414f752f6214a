"""Constants and the only unit conversions: SI inside, everything else at the door."""

from datetime import UTC, datetime, timedelta
from typing import Final

STANDARD_GRAVITY_MPS2: Final = 9.80665
DEGREE_RAD: Final = 0.017453292519943295
S_PER_MIN: Final = 60.0
MS_PER_S: Final = 1000
US_PER_S: Final = 1_000_000
M_PER_KM: Final = 1000.0
M_PER_MI: Final = 1609.344
M_PER_FT: Final = 0.3048

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def utc_us(moment: datetime) -> int:
    """Microseconds since 1970 of an aware datetime."""
    return (moment - _EPOCH) // _MICROSECOND


def from_utc_us(microseconds: int) -> datetime:
    """Aware UTC datetime of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=int(microseconds))
