"""Host: two things a Linux kernel expects of a controller, which the simulated one does not do by itself."""

import asyncio
from typing import Any

from bumble import hci
from bumble.controller import Controller
from bumble.link import LocalLink


def keep_addresses(link: LocalLink) -> None:
    """Have the simulated link know a central by the address it connected with.

    A kernel takes a new random address for every active scan. On the air that changes nothing for the links it has;
    the simulated link would deliver nothing more from it.
    """

    def send_acl_data(sender: Controller, destination: Any, _transport: Any, data: bytes) -> None:
        connection, receiver = sender.le_connections.get(destination), link.find_le_controller(destination)
        if connection is not None and receiver is not None:
            loop = asyncio.get_running_loop()
            loop.call_soon(receiver.on_link_acl_data, connection.self_address, connection.transport, data)

    link.send_acl_data = send_acl_data  # type: ignore[method-assign, assignment]


def answer_cancels(controller: Controller) -> None:
    """Have the controller end a pending connection when it is told to, and say so (Core Specification 4.E.7.8.13)."""

    def on_cancel(_command: Any) -> hci.HCI_StatusReturnParameters:
        pending, controller.pending_le_connection = controller.pending_le_connection, None
        if pending is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        ended = hci.HCI_LE_Connection_Complete_Event(
            status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
            connection_handle=0,
            role=hci.Role.CENTRAL,
            peer_address_type=pending.peer_address.address_type,
            peer_address=pending.peer_address,
            connection_interval=0,
            peripheral_latency=0,
            supervision_timeout=0,
            central_clock_accuracy=0,
        )
        asyncio.get_running_loop().call_soon(controller.send_hci_packet, ended)
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    controller.on_hci_le_create_connection_cancel_command = on_cancel  # type: ignore[method-assign]
