"""One answer to "what now": red flag > refer > stop > plan stage > load."""

from collections.abc import Sequence

from sensor_hub.model.guidance import Notice, PlanView, Verdict


def verdict(notices: Sequence[Notice], plans: Sequence[PlanView] = ()) -> Verdict:
    """Return what decides, and what follows from it for running, headroom and what keeps quiet."""
    return Verdict("clear")
