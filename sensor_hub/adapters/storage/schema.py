"""Tables of the SQLite store: those of version 1, and the steps from each version to the next.

A new file is made as version 1 and takes the same steps as an old one, so all files of a version have the same tables;
a test holds them against the model's fields. A step only adds tables, and columns that may be NULL: a row from before
it is unknown there, and no row is touched.

Times are integer microseconds since 1970 UTC (``_us``). NULL is unknown. ``steps`` is keyed so that a session's steps
lie together on disk and a redelivered step is the same row; its ``step_time_origin`` is 0 for estimated and 1 for
measured, which take no room. ``received`` keeps ranges, not numbers, so that it may be kept for ever.

``sealed`` holds the steps of a session that has ended as columns (``column_codec``); rows of it in ``steps`` came later
and go before those of the same side and time. ``minutes`` holds what stays of a session whose steps were let go of: who
is there has none in either table.
"""

from dataclasses import fields
from typing import Final

from sensor_hub.model.gait import FLOAT_COLUMNS
from sensor_hub.model.load import Totals
from sensor_hub.model.session import SessionHeader

VERSION: Final = 5
APPLICATION_ID: Final = 0x53487562

DDL: Final = """
CREATE TABLE steps (
    athlete TEXT NOT NULL, sid TEXT NOT NULL, side TEXT NOT NULL, time_utc_us INTEGER NOT NULL,
    n_steps REAL, step_time_s REAL, contact_time_s REAL, contact_time_sd REAL, flight_time_s REAL,
    vgrf_peak_bw REAL, vgrf_impulse_bw_s REAL, achilles_peak_bw REAL, achilles_impulse_bw_s REAL,
    speed_mps REAL, quality REAL,
    PRIMARY KEY (athlete, sid, side, time_utc_us)
) WITHOUT ROWID;

CREATE TABLE sessions (
    sid TEXT PRIMARY KEY, athlete TEXT NOT NULL, zone TEXT NOT NULL, origin TEXT NOT NULL, tier TEXT NOT NULL,
    model TEXT NOT NULL, reference TEXT NOT NULL, profile TEXT NOT NULL, ledger TEXT NOT NULL,
    start_us INTEGER NOT NULL, end_us INTEGER NOT NULL,
    n_steps REAL, n_strides REAL, duration_s REAL, distance_m REAL, cadence_spm REAL, contact_time_s REAL,
    load_eq_km REAL, load_eq_km_sd REAL, hard_load_bw_s REAL, coverage REAL,
    source TEXT NOT NULL, warnings TEXT NOT NULL, ended INTEGER NOT NULL,
    batch_us INTEGER
) WITHOUT ROWID;
CREATE INDEX sessions_of_athlete ON sessions (athlete, start_us);

CREATE TABLE gaps (
    sid TEXT NOT NULL, athlete TEXT NOT NULL, zone TEXT NOT NULL, origin TEXT NOT NULL, tier TEXT NOT NULL,
    model TEXT NOT NULL, reference TEXT NOT NULL, profile TEXT NOT NULL, ledger TEXT NOT NULL,
    device TEXT NOT NULL, start_us INTEGER NOT NULL, end_us INTEGER NOT NULL, cause TEXT NOT NULL,
    PRIMARY KEY (sid, start_us, device)
) WITHOUT ROWID;

CREATE TABLE pauses (
    athlete TEXT NOT NULL, sid TEXT NOT NULL, start_us INTEGER NOT NULL, end_us INTEGER NOT NULL,
    PRIMARY KEY (sid, start_us)
) WITHOUT ROWID;

CREATE TABLE decode_failures (
    athlete TEXT NOT NULL, sid TEXT NOT NULL, device TEXT NOT NULL, characteristic TEXT NOT NULL,
    arrival_us INTEGER NOT NULL, problem TEXT NOT NULL,
    PRIMARY KEY (sid, arrival_us, device, characteristic)
) WITHOUT ROWID;

CREATE TABLE findings (
    key TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    athlete TEXT NOT NULL, rule TEXT NOT NULL, scope TEXT NOT NULL, measure TEXT NOT NULL, level TEXT NOT NULL,
    severity TEXT NOT NULL, certainty TEXT NOT NULL, probability REAL, value REAL, reference REAL, "limit" REAL,
    window_days INTEGER NOT NULL, confidence TEXT NOT NULL, lower_bound INTEGER NOT NULL,
    first_us INTEGER NOT NULL, updated_us INTEGER NOT NULL, origin TEXT NOT NULL, withdrawn INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX findings_of_athlete ON findings (athlete, updated_us);

CREATE TABLE dead_letters (
    n INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,
    topic TEXT NOT NULL, payload BLOB NOT NULL, reason TEXT NOT NULL, gw TEXT, seq INTEGER
);

CREATE TABLE received (
    gw TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (gw, first)
) WITHOUT ROWID;

CREATE TABLE reassigned (old TEXT PRIMARY KEY, new TEXT NOT NULL) WITHOUT ROWID;
"""

# by the version they lead to
MIGRATIONS: Final = {
    2: """
ALTER TABLE steps ADD COLUMN foot_pitch_rad REAL;
ALTER TABLE steps ADD COLUMN step_time_origin INTEGER;
ALTER TABLE sessions ADD COLUMN duty_factor REAL;
ALTER TABLE sessions ADD COLUMN flight_time_s REAL;
ALTER TABLE sessions ADD COLUMN contact_balance_left REAL;
ALTER TABLE sessions ADD COLUMN contact_time_bias_s REAL;
ALTER TABLE sessions ADD COLUMN foot_pitch_rad REAL;
ALTER TABLE sessions ADD COLUMN foot_strike TEXT;
""",
    3: """
ALTER TABLE steps ADD COLUMN vgrf_peak_sd REAL;
ALTER TABLE steps ADD COLUMN achilles_peak_sd REAL;
ALTER TABLE steps ADD COLUMN achilles_impulse_sd REAL;
ALTER TABLE steps ADD COLUMN achilles_push_off_bw_s REAL;
ALTER TABLE steps ADD COLUMN grade REAL;
ALTER TABLE steps ADD COLUMN gait INTEGER;
ALTER TABLE sessions ADD COLUMN hard_load_sd REAL;
ALTER TABLE sessions ADD COLUMN load_bw_s REAL;
ALTER TABLE sessions ADD COLUMN load_left_bw_s REAL;
ALTER TABLE sessions ADD COLUMN load_right_bw_s REAL;
ALTER TABLE sessions ADD COLUMN push_off_bw_s REAL;
ALTER TABLE sessions ADD COLUMN load_m4_eq_km REAL;
ALTER TABLE sessions ADD COLUMN load_m9_eq_km REAL;
ALTER TABLE sessions ADD COLUMN achilles_peak_bw REAL;
ALTER TABLE sessions ADD COLUMN vgrf_peak_bw REAL;
ALTER TABLE sessions ADD COLUMN vertical_stiffness_bw_per_m REAL;
ALTER TABLE sessions ADD COLUMN leg_stiffness_bw_per_m REAL;
ALTER TABLE sessions ADD COLUMN n_walk_steps REAL;
ALTER TABLE sessions ADD COLUMN walk_load_bw_s REAL;
ALTER TABLE sessions ADD COLUMN instrument TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN surface TEXT NOT NULL DEFAULT 'unknown';
ALTER TABLE gaps ADD COLUMN instrument TEXT NOT NULL DEFAULT '';
ALTER TABLE gaps ADD COLUMN surface TEXT NOT NULL DEFAULT 'unknown';
CREATE TABLE replaced (sid TEXT PRIMARY KEY) WITHOUT ROWID;
""",
    4: """
ALTER TABLE sessions ADD COLUMN median_speed_mps REAL;
ALTER TABLE sessions ADD COLUMN speed_5min_mps REAL;
ALTER TABLE sessions ADD COLUMN uphill_s REAL;
ALTER TABLE sessions ADD COLUMN ascent_m REAL;
""",
    5: """
CREATE TABLE sealed (
    n INTEGER PRIMARY KEY,
    sid TEXT NOT NULL, athlete TEXT NOT NULL, n_steps INTEGER NOT NULL, codec INTEGER NOT NULL, columns BLOB NOT NULL,
    UNIQUE (sid, athlete)
);
CREATE INDEX sealed_of_athlete ON sealed (athlete);
CREATE TABLE minutes (
    sid TEXT PRIMARY KEY, athlete TEXT NOT NULL, n_minutes INTEGER NOT NULL, codec INTEGER NOT NULL,
    columns BLOB NOT NULL
);
""",
}

STEP_COLUMNS: Final = ("athlete", "sid", "side", "time_utc_us", *FLOAT_COLUMNS, "step_time_origin", "gait")
SESSION_COLUMNS: Final = (
    *(f.name for f in fields(SessionHeader)), "start_us", "end_us", *(f.name for f in fields(Totals)),
    "source", "warnings", "ended", "batch_us",
)  # fmt: skip


def _put(table: str, columns: tuple[str, ...]) -> str:
    return f"INSERT OR REPLACE INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608


PUT_STEPS: Final = _put("steps", STEP_COLUMNS)
PUT_SESSION: Final = _put("sessions", SESSION_COLUMNS)
SELECT_SESSIONS: Final = f"SELECT {', '.join(SESSION_COLUMNS)} FROM sessions"  # noqa: S608 (our own column names)
GAP_COLUMNS: Final = (*(f.name for f in fields(SessionHeader)), "device", "start_us", "end_us", "cause")
SELECT_GAPS: Final = f"SELECT {', '.join(GAP_COLUMNS)} FROM gaps"  # noqa: S608 (our own column names)
# a replayed gap does not take the place of one from another origin
PUT_GAP: Final = f"""
INSERT OR REPLACE INTO gaps ({", ".join(GAP_COLUMNS)}) SELECT ?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11, ?12,?13,?14,?15
WHERE ?4 <> 'replay'
   OR NOT EXISTS (SELECT 1 FROM gaps WHERE sid = ?1 AND start_us = ?13 AND device = ?12 AND origin <> 'replay')
"""  # noqa: S608 (our own column names)
PUT_PAUSE: Final = "INSERT OR REPLACE INTO pauses VALUES (?,?,?,?)"
PUT_DECODE_FAILURE: Final = "INSERT OR REPLACE INTO decode_failures VALUES (?,?,?,?,?,?)"
PUT_FINDING: Final = "INSERT OR REPLACE INTO findings VALUES (?,?, ?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
PUT_DEAD_LETTER: Final = (
    "INSERT OR IGNORE INTO dead_letters (key, topic, payload, reason, gw, seq) VALUES (?,?,?,?,?,?)"
)
