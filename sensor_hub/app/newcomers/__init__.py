"""How an empty hub gets its first people, and simulated ones to look at."""
