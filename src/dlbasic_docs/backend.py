"""A matplotlib backend whose `plt.show()` keeps each open figure, as SVG, for the page."""

import io

from matplotlib._pylab_helpers import Gcf
from matplotlib.backends.backend_agg import FigureCanvasAgg as FigureCanvas  # noqa: F401
from matplotlib.backends.backend_agg import FigureManagerBase as FigureManager  # noqa: F401

figures: list[str] = []


def show(*, block: bool | None = None) -> None:
    """Keep and close every open figure."""
    for manager in Gcf.get_all_fig_managers():
        buffer = io.StringIO()
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        manager.canvas.figure.savefig(buffer, format="svg", metadata=nothing)
        figures.append(buffer.getvalue())
    Gcf.destroy_all()
