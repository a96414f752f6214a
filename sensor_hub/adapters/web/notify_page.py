"""A runner's page of who is told: their own phone and mailbox."""

from starlette.types import Scope

from sensor_hub.adapters.web import keeping_labels, notify_labels
from sensor_hub.adapters.web.athlete_nav import athlete_nav
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.frame import Frame
from sensor_hub.adapters.web.notify_card import NotifyCard
from sensor_hub.adapters.web.writing import WriteSide
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.ports import Addressees


class NotifyPage:
    """Of one runner. What is simulated is told nobody, and says so."""

    def __init__(self, writing: WriteSide, addressees: Addressees, athlete: Athlete, scope: Scope) -> None:
        name = athlete.display_name
        frame = Frame(keeping_labels.page_of(notify_labels.notify(), name), back=True)
        with frame.header:
            athlete_nav(athlete.id, name, "notify", writing)
        with frame.body:
            if athlete.simulated:
                Tag("p", notify_labels.simulated(), "refusal muted", data_testid="refusal")
                return
            NotifyCard(
                addressees, scope, note=notify_labels.tell_me_note(), zone=athlete.zone, athlete=athlete.id
            )  # fmt: skip
