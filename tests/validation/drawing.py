"""How every picture of the report looks: plain, on white, 900 px wide."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

DPI: Final = 100
WIDE: Final = 9.0
COLOUR: Final = {"foot": "#1f6f8b", "shank": "#c2571a", "sacrum": "#4d7c3a"}
GREY: Final = "#8a8a8a"
STRIKE_COLOUR: Final = {"rearfoot": "#1f6f8b", "midfoot": "#b08900", "forefoot": "#a8324a"}
STYLE: Final[dict[Any, Any]] = {
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e4e4e4",
    "legend.frameon": False,
    "savefig.facecolor": "white",
    "axes.titlesize": 10,
}


@contextmanager
def drawn(
    path: Path, n_columns: int = 1, height: float = 3.6, *, share_y: bool = True, legend_of: int | None = None
) -> Iterator[list[Axes]]:
    """Give axes beside each other, and save what was drawn on them.

    legend_of : the axes whose legend stands above them all; None leaves legends to who draws.
    """
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(1, n_columns, figsize=(WIDE, height), sharey=share_y, squeeze=False)
        yield list(axes[0])
        if legend_of is not None:
            figure.legend(*axes[0][legend_of].get_legend_handles_labels(), loc="upper center", ncols=4)
        figure.tight_layout(rect=(0, 0, 1, 1 if legend_of is None else 0.93))
        figure.savefig(path, dpi=DPI, metadata={"Software": None})
        plt.close(figure)
