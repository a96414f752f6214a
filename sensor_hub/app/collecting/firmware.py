"""Reads the firmware profiles, those shipped and the user's own, which win; and tells which one fits a sensor."""

import json
import logging
import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from sensor_hub.errors import ProfileError
from sensor_hub.model.profile import DeviceProfile
from sensor_hub.profiles import STANDARD_DECODERS, load_profile

_LOG = logging.getLogger(__name__)
TEMPLATE: Final = "_template.toml"
SHIPPED: Final = "shipped"
_TEMPLATE_ID: Final = "my-sensor"
_TEMPLATE_NAME: Final = "My sensor"
_ANY_NAME: Final = "*"
_LONG_UUID: Final = 36


def all_profiles(own: Path | None = None) -> dict[str, DeviceProfile]:
    """Return every profile by id. One of the user's own that is wrong is left out, which is logged as a warning.

    So is a shipped one in whose place it was to be: what it was written to mend would be wrong again, and unseen.
    """
    return {profile.id: profile for profile, _ in _with_origin(own)}


def profile_of_id(wanted: str, own: Path | None = None) -> DeviceProfile:
    """Return one profile; ProfileError says that there is none, or what is wrong with the user's own."""
    known = all_profiles(own)
    if wanted in known:
        return known[wanted]
    if wanted in (broken := _own(own)[1]):
        raise broken[wanted]
    raise ProfileError(f"no firmware profile {wanted!r}: see `sensor-hub devices profiles`")


def profile_rows(own: Path | None = None) -> list[dict[str, Any]]:
    """Return what there is to say of every profile in a list, ready for JSON.

    ``origin`` is ``shipped`` or the path of the user's own file; ``overrides`` is true for one of the user's own that
    goes before a shipped one of the same id.
    """
    shipped = _checked(_shipped())
    return [
        {
            "id": profile.id,
            "version": profile.version,
            "name": profile.name,
            "kind": profile.kind,
            "mount": profile.mount,
            "status": profile.status,
            "evidence": profile.evidence,
            "sampling_rate_hz": profile.sampling_rate_hz,
            "largest_acceleration_mps2": profile.largest_acceleration_mps2,
            "largest_angular_velocity_radps": profile.largest_angular_velocity_radps,
            "notify_mode": profile.notify_mode,
            "gives_contact_time": profile.gives_contact_time,
            "origin": origin,
            "overrides": origin != SHIPPED and profile.id in shipped,
        }
        for profile, origin in _with_origin(own)
    ]


def template(profile_id: str, name: str) -> str:
    """Return a commented profile to begin with, valid as it is; ProfileError if the id or the name cannot be one."""
    pattern = re.sub(r"([*?\[])", r"[\1]", name)
    text: str = _folder().joinpath(TEMPLATE).read_text(encoding="utf-8")
    text = text.replace(f'"{_TEMPLATE_ID}"', _quoted(profile_id))
    text = text.replace(f'"{_TEMPLATE_NAME}*"', _quoted(f"{pattern}*")).replace(f'"{_TEMPLATE_NAME}"', _quoted(name))
    load_profile(text, f"a profile {profile_id!r}")
    return text


def profile_of_name(name: str, profiles: Mapping[str, DeviceProfile]) -> DeviceProfile | None:
    """Return the profile with the longest pattern that fits an advertised name, of two the user's own; None if none."""
    fitting = [(longest, i, p) for i, p in enumerate(profiles.values()) if (longest := _name_fit(name, p))]
    return max(fitting)[2] if fitting else None


def recognise(
    name: str, services: Iterable[str], company_ids: Iterable[int], profiles: Mapping[str, DeviceProfile]
) -> list[DeviceProfile]:
    """Return the profiles that fit an advertisement, best first.

    A name says most (the longest pattern first), then the maker, then a service of the maker's own, then an adopted
    service, which any maker's sensor may have; there, companions come after what finds steps. A profile for any name
    (``*``) that names services needs one of them. Of two that fit alike the user's own goes first.

    Parameters
    ----------
    name : str
        As advertised; may be empty.
    services : iterable of str
        UUIDs, 4 hex digits or 36 characters, any case.
    company_ids : iterable of int
        Of the manufacturer data.
    profiles : mapping
        By id, as from ``all_profiles``.
    """
    heard, makers = {s.lower() for s in services}, set(company_ids)
    ranked = []
    for i, profile in enumerate(profiles.values()):
        common = heard & set(profile.services)
        length = _name_fit(name, profile)
        if length > len(_ANY_NAME):
            rank = (5, length)
        elif makers & set(profile.company_ids):
            rank = (4, len(common))
        elif any(len(s) == _LONG_UUID for s in common):
            rank = (3, len(common))
        elif common:
            rank = (2 if profile.kind != "companion" else 1, len(profile.characteristics))
        elif length and not profile.services:
            rank = (0, length)
        else:
            continue
        ranked.append((rank, i, profile))
    return [profile for _, _, profile in sorted(ranked, key=lambda each: each[:2], reverse=True)]


def profiles_for_characteristics(uuids: Iterable[str], profiles: Mapping[str, DeviceProfile]) -> list[DeviceProfile]:
    """Return the profiles that understand a capture without a name, best first.

    One that knows more of its characteristics comes first, those of a maker's own counted before adopted ones; then one
    whose stream is all there; then one for any name before those of one maker. A profile with characteristics of its
    maker's own in its stream needs one of them.
    """
    there = {uuid.lower() for uuid in uuids}
    ranked = []
    for i, profile in enumerate(profiles.values()):
        stream = set(profile.subscribe) or set(profile.characteristics)
        own = {c for c in stream if len(c) == _LONG_UUID}
        if not there & (own or stream):
            continue
        known = (there & set(profile.characteristics)) - (set(STANDARD_DECODERS) - stream)
        n_own = sum(len(c) == _LONG_UUID for c in known)
        any_name = _ANY_NAME in profile.name_patterns
        rank = (n_own, len(known), -len(stream - there), any_name, profile.kind != "companion", -i)
        ranked.append((rank, profile))
    return [profile for _, profile in sorted(ranked, key=lambda each: each[0], reverse=True)]


def _name_fit(name: str, profile: DeviceProfile) -> int:
    """Length of the longest pattern that fits, 0 if none does."""
    return max((len(p) for p in profile.name_patterns if fnmatchcase(name.lower(), p.lower())), default=0)


def _quoted(text: str) -> str:
    """Return a text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _folder() -> Any:
    """Return the folder of shipped profiles: in the wheel, or in the repository when run from it."""
    folder = files("sensor_hub").joinpath("firmware_profiles")
    return folder if folder.is_dir() else Path(__file__).parents[3] / "firmware_profiles"


def _shipped() -> dict[str, str]:
    """Texts by file name."""
    return {f.name: f.read_text(encoding="utf-8") for f in _folder().iterdir() if _is_profile(f.name)}


def _is_profile(file_name: str) -> bool:
    return file_name.endswith(".toml") and not file_name.startswith("_")


def _checked(texts: Mapping[str, str]) -> dict[str, DeviceProfile]:
    """Return the shipped profiles by id."""
    profiles: dict[str, DeviceProfile] = {}
    for name, text in sorted(texts.items()):
        profile = load_profile(text, f"firmware_profiles/{name}")
        if profile.id in profiles:
            raise ProfileError(f"firmware_profiles/{name}: id {profile.id!r} stands twice")
        profiles[profile.id] = profile
    return profiles


def _with_origin(own: Path | None) -> list[tuple[DeviceProfile, str]]:
    """Return every profile and where it came from; the user's own last, in the place of a shipped one of its id."""
    found = {i: (p, SHIPPED) for i, p in _checked(_shipped()).items()}
    mine, broken = _own(own)
    for error in broken.values():
        _warn_once(str(error))
    return [pair for i, pair in found.items() if i not in mine and i not in broken] + list(mine.values())


def _own(folder: Path | None) -> tuple[dict[str, tuple[DeviceProfile, str]], dict[str, ProfileError]]:
    """The user's profiles by id, and what is wrong with those that are; none if there is no such folder."""
    found: dict[str, tuple[DeviceProfile, str]] = {}
    broken: dict[str, ProfileError] = {}
    for path in sorted(folder.glob("*.toml")) if folder is not None and folder.is_dir() else ():
        if not _is_profile(path.name):
            continue
        text = ""
        try:
            text = path.read_text(encoding="utf-8")
            profile = load_profile(text, str(path))
        except (OSError, UnicodeDecodeError) as error:
            broken[path.stem] = ProfileError(f"{path}: cannot be read: {error}")
        except ProfileError as error:
            broken[_id_in(text) or path.stem] = error
        else:
            if profile.id in found:
                broken[profile.id] = ProfileError(f"{path}: id {profile.id!r} stands twice (give each its own id)")
            found[profile.id] = (profile, str(path))
    return {i: each for i, each in found.items() if i not in broken}, broken


def _id_in(text: str) -> str | None:
    """Return the id a profile that is wrong meant to have, if that can be told."""
    said = re.search(r"""^\s*id\s*=\s*["']([a-z0-9-]+)["']""", text, re.MULTILINE)
    return said[1] if said else None


@cache
def _warn_once(problem: str) -> None:
    _LOG.warning("sensor-hub: left out: %s", problem)
