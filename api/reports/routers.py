"""All routes of the reports."""

from api.reports import admin_router, family_router, partner_router, router

routers = [router.router, family_router.router, admin_router.router, partner_router.router]
