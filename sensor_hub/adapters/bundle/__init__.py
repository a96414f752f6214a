"""Zip files of ours: the same content gives the same bytes, and each says what is in it (zipfile)."""
