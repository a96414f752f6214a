"""Which column map ``--columns`` means: a file, or the name of one that is shipped."""

from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

from sensor_hub.errors import ProfileError


def _folder() -> Any:
    """Folder of the shipped maps; of the wheel, or of the repository when run from it."""
    folder = files("sensor_hub").joinpath("column_maps")
    return folder if folder.is_dir() else Path(__file__).parents[3] / "column_maps"


def shipped_maps() -> dict[str, str]:
    """Return the texts of the shipped maps by name, such as ``movella-dot``."""
    found = {f.name.removesuffix(".toml"): f for f in _folder().iterdir() if f.name.endswith(".toml")}
    return {name: found[name].read_text(encoding="utf-8") for name in sorted(found)}


def titles() -> dict[str, str]:
    """Return the first comment line of each shipped map, by name."""
    return {name: text.split("\n", 1)[0].removeprefix("#").strip() for name, text in shipped_maps().items()}


def map_text(choice: Path | str) -> str:
    """Return the text of a map; a file goes before a shipped map of that name. ProfileError if there is neither."""
    path = Path(choice)
    if path.is_file():
        return text_of(path)
    maps = shipped_maps()
    if str(choice) in maps:
        return maps[str(choice)]
    near = get_close_matches(str(choice), maps, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    raise ProfileError(f"{choice}: No such file, and no shipped map ({hint}shipped are {', '.join(maps)})")


def text_of(path: Path) -> str:
    """Return the text of a file; ProfileError if the disk refuses or it is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ProfileError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ProfileError(f"{path}: not UTF-8 text at byte {error.start}") from error
