"""Who is told outside the pages: what is written down to be told, what goes when, and who is told where."""
