"""Plans as state machines over history and diary: return to running, exercise protocols, clearance. Pure."""
