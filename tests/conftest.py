"""How many examples a property is tried with where it says nothing itself."""

from hypothesis import settings

settings.register_profile("test", max_examples=40, deadline=None)
settings.register_profile("thorough", max_examples=400, deadline=None)
settings.load_profile("test")
