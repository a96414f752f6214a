"""Steps as Parquet, with units on the columns and the session in the file's metadata."""

import json
from dataclasses import asdict, fields
from pathlib import Path

from sensor_hub.adapters.exports.content import UNITS, ExportedSession
from sensor_hub.errors import ConfigError
from sensor_hub.model.gait import TEXT_COLUMNS, StepTable


def write_parquet(path: Path, session: ExportedSession) -> None:
    """Write the step table; unknown values are null. ConfigError without pyarrow, OSError if the disk refuses."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise ConfigError("Parquet needs pyarrow (pip install 'sensor-hub[parquet]', or --format csv)") from None
    columns, schema = [], []
    for name in (f.name for f in fields(StepTable)):
        values = getattr(session.steps, name)
        is_text = name in TEXT_COLUMNS
        texts = [text or None for text in values.tolist()] if is_text else None
        column = pa.array(texts, pa.string()) if is_text else pa.array(values, from_pandas=True)
        columns.append(column)
        schema.append(pa.field(name, column.type, metadata={"unit": UNITS[name]} if name in UNITS else None))
    about = session.about | {"totals": json.dumps(asdict(session.summary.totals))}
    about |= {"warnings": json.dumps(session.summary.warnings)}
    pq.write_table(pa.table(columns, schema=pa.schema(schema, metadata=about)), path)
