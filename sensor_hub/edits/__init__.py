"""Recorded sessions and the journal of edits → the history that counts. Pure."""
