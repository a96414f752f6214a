"""Single steps that are no longer kept: REST says so, and never that there were none."""

from sensor_hub.adapters.web.session_answers import StepsAnswer
from sensor_hub.adapters.web.session_page import is_pruned
from sensor_hub.model.gait import StepTable
from tests.adapters.web.hub import ScriptedHub


def test_steps_that_were_let_go_of_are_told_apart_from_none() -> None:
    hub = ScriptedHub()
    session = hub.session("mia-1")
    assert session is not None
    gone = StepsAnswer.of(session.header, StepTable.empty(), kept=False)
    none = StepsAnswer.of(session.header, StepTable.empty(), kept=True)
    assert (gone.n_rows, gone.kept, none.n_rows, none.kept) == (0, False, 0, True)


def test_a_page_asks_again_where_the_hub_cannot_say() -> None:
    hub = ScriptedHub()
    hub.let_go = True
    assert is_pruned(hub, "mia-1")
    hub.broken = True
    assert not is_pruned(hub, "mia-1")
