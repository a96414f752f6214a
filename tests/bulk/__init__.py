"""Folders of thousands of activity files, made from nothing, and what an import must say of them."""
