"""The composition root: the only room that knows every other one, and where adapters meet the core."""
