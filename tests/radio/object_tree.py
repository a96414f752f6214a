"""The objects of a D-Bus service and the signals that tell of them."""

from typing import Any

from dbus_fast import Message, Variant
from dbus_fast.aio import MessageBus

OBJECTS = "org.freedesktop.DBus.ObjectManager"
PROPERTIES = "org.freedesktop.DBus.Properties"
_SIGNATURES: dict[type, str] = {str: "s", bool: "b", bytes: "ay", list: "as"}
_SPECIAL = {"RSSI": "n", "MTU": "q", "Adapter": "o", "Device": "o", "Service": "o", "ManufacturerData": "a{qv}"}


def variants(properties: dict[str, Any]) -> dict[str, Variant]:
    """Python values as BlueZ types them."""
    return {k: Variant(_SPECIAL.get(k, _SIGNATURES.get(type(v), "s")), v) for k, v in properties.items()}


class RefusalError(Exception):
    """An error reply; ``name`` is the last part of ``org.bluez.Error.NAME`` or a full name."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text)
        self.name = name if "." in name else f"org.bluez.Error.{name}"
        self.text = text


class ObjectTree:
    """Paths, their interfaces and properties; silent while ``bus`` is None."""

    def __init__(self) -> None:
        self.bus: MessageBus | None = None
        self.objects: dict[str, dict[str, dict[str, Variant]]] = {}

    def add(self, path: str, interface: str, properties: dict[str, Any]) -> None:
        self.objects[path] = {interface: variants(properties)}
        self.signal("/", OBJECTS, "InterfacesAdded", "oa{sa{sv}}", [path, self.objects[path]])

    def remove(self, path: str) -> None:
        """Remove an object and all below it, the lowest first."""
        for below in sorted((p for p in self.objects if p == path or p.startswith(f"{path}/")), reverse=True):
            interfaces = list(self.objects.pop(below))
            self.signal("/", OBJECTS, "InterfacesRemoved", "oas", [below, interfaces])

    def update(self, path: str, interface: str, properties: dict[str, Any]) -> None:
        if path in self.objects:
            typed = variants(properties)
            self.objects[path][interface].update(typed)
            self.signal(path, PROPERTIES, "PropertiesChanged", "sa{sv}as", [interface, typed, []])

    def value(self, path: str, interface: str, key: str) -> Any:
        try:
            return self.objects[path][interface][key].value
        except KeyError:
            raise RefusalError("org.freedesktop.DBus.Error.UnknownObject", f"no {key} at {path}") from None

    def signal(self, path: str, interface: str, member: str, signature: str, body: list[Any]) -> None:
        if self.bus is not None and self.bus.connected:
            self.bus.send(Message.new_signal(path, interface, member, signature, body))
