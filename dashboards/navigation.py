"""Which pages each role finds."""

from functools import partial

import streamlit as st

HOME = "views/"
PAGES_OF_ROLE: dict[str, tuple[str, list[tuple[str, str, str, str]]]] = {
    "guide": (
        "Guide",
        [
            ("guide/today.py", "Today", "guide-today", ":material/today:"),
            ("guide/student.py", "Student", "student", ":material/person:"),
            ("guide/class_grid.py", "Class grid", "class-grid", ":material/grid_on:"),
            ("guide/stuck_lessons.py", "Stuck lessons", "stuck-lessons", ":material/block:"),
            ("guide/week_review.py", "Week review", "week-review", ":material/summarize:"),
        ],
    ),
    "parent": (
        "Parent",
        [
            ("parent/today.py", "My children today", "parent-today", ":material/family_restroom:"),
            ("parent/week.py", "The week", "parent-week", ":material/date_range:"),
            ("guide/student.py", "One child", "student", ":material/person:"),
            ("parent/what_xp_means.py", "What XP means", "what-xp-means", ":material/help:"),
        ],
    ),
    "student": ("Me", [("guide/student.py", "My day", "student", ":material/person:")]),
    "admin": (
        "School",
        [
            ("admin/schools.py", "Schools", "schools", ":material/school:"),
            ("guide/today.py", "Students today", "guide-today", ":material/today:"),
            ("guide/student.py", "Student", "student", ":material/person:"),
            ("admin/apps.py", "Apps", "apps", ":material/apps:"),
            ("admin/roster_health.py", "Roster health", "roster-health", ":material/fact_check:"),
            ("guide/class_grid.py", "Class grid", "class-grid", ":material/grid_on:"),
            ("guide/stuck_lessons.py", "Stuck lessons", "stuck-lessons", ":material/block:"),
            ("guide/week_review.py", "Week review", "week-review", ":material/summarize:"),
            ("admin/data_health.py", "Data health", "data-health", ":material/monitor_heart:"),
            ("admin/access_log.py", "Access log", "access-log", ":material/visibility:"),
            ("analyst/builds.py", "Builds", "builds", ":material/construction:"),
        ],
    ),
    "analyst": (
        "Analyst",
        [
            ("analyst/warehouse.py", "Warehouse", "warehouse", ":material/database:"),
            ("analyst/builds.py", "Builds", "builds", ":material/construction:"),
        ],
    ),
    "partner": (
        "Partner",
        [
            ("partner/integration.py", "Integration", "integration", ":material/hub:"),
            ("partner/usage.py", "Usage", "usage", ":material/groups:"),
            ("partner/content.py", "Content", "content", ":material/filter_alt:"),
            ("partner/reconcile.py", "Reconcile", "reconcile", ":material/balance:"),
        ],
    ),
    "platform_admin": (
        "Platform",
        [("admin/outbox.py", "Outbox", "outbox", ":material/outbox:")],
    ),
}


def pages_of(roles: frozenset[str]) -> dict[str, list[st.Page]]:
    """Pages by section for these roles; a page that two roles share appears once.

    The address without a path leads to the first page, so that every page has its own address.
    """
    held = roles | ({"admin", "analyst"} if "platform_admin" in roles else set())
    sections: dict[str, list[st.Page]] = {}
    taken: set[str] = set()
    for role, (section, pages) in PAGES_OF_ROLE.items():
        if role not in held:
            continue
        for path, title, url, icon in pages:
            if url not in taken:
                taken.add(url)
                page = st.Page(HOME + path, title=title, url_path=url, icon=icon)
                sections.setdefault(section, []).append(page)
    if sections:
        first = next(iter(sections.values()))[0]
        home = st.Page(
            partial(st.switch_page, first),
            title="Home",
            default=True,
            visibility="hidden",
            url_path="home",
        )
        sections.setdefault("", []).append(home)
    return sections
