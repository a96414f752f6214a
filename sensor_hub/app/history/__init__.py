"""Histories that are kept: the store that answers after edits, and the write side."""
