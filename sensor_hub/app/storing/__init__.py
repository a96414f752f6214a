"""Stores as such: set up, and everything of one put into another."""
