"""What holds for every test: how many examples a property is tried with, and that Ctrl-C reaches what is started."""

import signal

from hypothesis import settings

settings.register_profile("test", max_examples=40, deadline=None)
settings.register_profile("thorough", max_examples=400, deadline=None)
settings.load_profile("test")

# A shell that runs the tests in the background ignores Ctrl-C, also for every process that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def public_authorities_are_read_once() -> Iterator[None]:
    """Clients of httpx share what they believe."""
    from tests import authorities

    with pytest.MonkeyPatch.context() as patched:
        authorities.are_read_once(patched)
        yield
