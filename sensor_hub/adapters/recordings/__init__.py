"""Readers of recordings, one file format a module, and the recorder of our own; ``recognise`` chooses by content."""
