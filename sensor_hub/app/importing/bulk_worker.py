"""``python -m sensor_hub.app.importing.bulk_worker``: reads files for an import, in a process of its own.

Tasks come as pickles on stdin and answers leave on stdout, each behind its length; the first message is the registry's
address. A file that breaks the process takes only its own answer with it, and so does one that takes
too long: a signal ends the process, also where nobody is there any more to do so. Whoever asked and is gone ends it.
"""

import os
import pickle
import signal
import struct
import sys
from contextlib import suppress
from typing import IO, Any, Final

LENGTH: Final = struct.Struct("<Q")
LONGEST_S: Final = (
    600  # ours, of one file: 24 h of activity at one point a second take seconds, on a slow machine a minute
)


def put(pipe: IO[bytes], message: object) -> None:
    """Send one message; OSError if nobody is there."""
    body = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(LENGTH.pack(len(body)))
    pipe.write(body)
    pipe.flush()


def get(pipe: IO[bytes]) -> Any:
    """Wait for one message; EOFError if nobody is there."""
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    (n_bytes,) = LENGTH.unpack(head)
    body = pipe.read(n_bytes)
    if len(body) < n_bytes:
        raise EOFError
    return pickle.loads(body)  # noqa: S301 (from our own other half, over a pipe that only we two have)


def main() -> None:
    """Answer until nobody asks."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not stand among the answers
    from sensor_hub.adapters.registry import Registry
    from sensor_hub.app.importing.bulk_reading import read_file

    with suppress(EOFError, OSError), Registry(get(sys.stdin.buffer)) as registry:
        while True:
            task = get(sys.stdin.buffer)
            signal.alarm(LONGEST_S)  # whose default is to end the process, whatever it is doing
            answer = read_file(task, registry)
            signal.alarm(0)
            put(answers, answer)


if __name__ == "__main__":
    main()
