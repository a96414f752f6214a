"""``doctor``: looks at everything a hub or an edge on this machine needs, changes nothing, and says what to mend."""
