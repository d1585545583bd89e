"""All routes of the reports."""

from api.reports import (
    admin_router,
    classes_router,
    family_router,
    outbox_router,
    partner_router,
    router,
)

routers = [
    router.router,
    classes_router.router,
    family_router.router,
    admin_router.router,
    partner_router.router,
    outbox_router.router,
]
