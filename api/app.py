"""The read API: every route that reads what was derived from events."""

from fastapi import FastAPI

from api.analytics.router import router as analytics
from api.audit.router import router as audit
from api.documentation.router import router as documentation
from api.events.router import router as events
from api.explain.router import router as explain
from api.gradebook.router import router as gradebook
from api.insights.router import router as insights
from api.mastery.router import router as mastery
from api.privacy.router import router as privacy
from api.reports.routers import routers as reports
from api.rostering.router import routers as rostering
from api.sql.router import router as sql
from api.xp.router import router as xp
from core.context import Context
from core.http import create_app as create_http_app
from core.settings import Settings

routers = [
    *rostering,
    xp,
    analytics,
    insights,
    gradebook,
    mastery,
    events,
    explain,
    *reports,
    sql,
    documentation,
    audit,
    privacy,
]


def create_app(settings: Settings, *, context: Context | None = None) -> FastAPI:
    """The read API alone; the composed server adds the write routes to the same `routers`."""
    return create_http_app(settings, routers, context=context, title="TimeBack read API")
