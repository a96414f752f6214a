"""Several hubs as processes on one broker, one store and one registry, some of them killed: what becomes of it."""
