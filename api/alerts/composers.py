"""Which function writes which kind of alert."""

from functools import partial

from api.alerts import guides, parents
from core.alerts.sending import Composers


def composers(origin: str) -> Composers:
    """All kinds; `origin` is where a browser reaches the dashboards."""
    return {
        "guide_daily": partial(guides.compose, origin=origin),
        "parent_weekly": partial(parents.compose, origin=origin),
    }
