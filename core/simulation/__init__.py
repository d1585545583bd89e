"""The living demo: two schools and three partner apps, played through the HTTP API only."""

from core.simulation.bookmark import Bookmark
from core.simulation.client import Credentials, SimulationError
from core.simulation.plan import SimulationPlan
from core.simulation.play import Progress, play_history, play_live, write_records

__all__ = [
    "Bookmark",
    "Credentials",
    "Progress",
    "SimulationError",
    "SimulationPlan",
    "play_history",
    "play_live",
    "write_records",
]
