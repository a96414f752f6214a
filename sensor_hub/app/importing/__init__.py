"""Files into the history: one, or thousands."""
