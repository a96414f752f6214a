"""Arrays → arrays: gaps, contacts, steps."""
