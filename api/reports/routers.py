"""All routes of the reports."""

from api.reports import classes_router, outbox_router, router

routers = [router.router, classes_router.router, outbox_router.router]
