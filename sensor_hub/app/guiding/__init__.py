"""Diary and guidelines of people: read, written, and put together from store and registry."""
