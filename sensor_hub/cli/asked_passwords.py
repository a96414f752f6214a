"""How a command gets a password: asked for twice, from stdin, or drawn. Never an argument: process lists show those."""

import getpass
import sys
from typing import Annotated, Final

import typer

FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from stdin, as it is, up to the end of the line.")
]
Generate = Annotated[bool, typer.Option("--generate", help="Draw a password and show it, once.")]
_MOST_READ: Final = 4096  # characters: more is no password, and the rules say so of less


def asked_password(name: str, *, from_stdin: bool, generate: bool) -> str:
    """Return a new password for an account; it leaves with 1 where nobody answers."""
    if from_stdin and generate:
        raise typer.BadParameter("give --password-stdin or --generate, not both")
    if generate:
        from sensor_hub.app.accounts.drawn import draw_password

        return draw_password()
    if from_stdin:
        return sys.stdin.readline(_MOST_READ).removesuffix("\n").removesuffix("\r")
    if not sys.stdin.isatty():
        raise typer.BadParameter("nobody is here to be asked for a password: give --password-stdin or --generate")
    try:
        first = getpass.getpass(f"Password for {name}: ", stream=sys.stderr)
        again = getpass.getpass("The same again: ", stream=sys.stderr)
    except EOFError:
        raise typer.Exit(1) from None
    if first != again:
        raise typer.BadParameter("the two passwords differ: nothing was changed")
    return first


__all__ = ["FromStdin", "Generate", "asked_password"]
