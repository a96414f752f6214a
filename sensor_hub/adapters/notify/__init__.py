"""Messages to people's phones and mailboxes (apprise), handed over by a process of its own."""

from sensor_hub.adapters.notify.sender import Sender

__all__ = ["Sender"]
