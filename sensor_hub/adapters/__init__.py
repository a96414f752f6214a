"""Thin shells, one foreign library each; they never import each other."""
