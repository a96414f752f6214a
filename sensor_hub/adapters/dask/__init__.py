"""Work given to the machines of a Dask cluster (distributed)."""
