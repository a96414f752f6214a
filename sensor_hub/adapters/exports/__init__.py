"""Writers of sessions for other programs: CSV, Parquet, FIT; one format a module, each with the library it needs."""
