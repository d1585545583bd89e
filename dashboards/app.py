"""Navigation: each role finds its own pages, and nothing else."""

from importlib import import_module
from pathlib import Path

import streamlit as st

from dashboards import session
from dashboards.navigation import PAGES_OF_ROLE, pages_of

# Charts look pandas up unimported; half imported by another viewer's thread, it fails them.
import_module("pandas")

ICON = Path(__file__).parent / "icon.svg"  # a named icon would be fetched from a foreign server
STYLE = Path(__file__).parent / "style.css"


def go_back(sections: dict[str, list[st.Page]], place: session.Place) -> None:
    """Open the page that was open before, with its filters."""
    url_path, filters = place
    for page in (page for pages in sections.values() for page in pages):
        if page.url_path == url_path:
            st.switch_page(page, query_params=filters)


def main() -> None:
    """Show the way to sign in, or the pages of the person's roles."""
    st.set_page_config(page_title="TimeBack", page_icon=ICON, layout="wide")
    st.html(STYLE)
    person = session.current()
    if person is None:
        everyone = frozenset(PAGES_OF_ROLE)
        asked_for = st.navigation(pages_of(everyone), position="hidden")
        session.welcome(asked_for.url_path)
        return
    sections = pages_of(person.roles)
    with st.sidebar:
        st.text(person.name)
        st.caption(", ".join(sorted(role.replace("_", " ") for role in person.roles)))
        if st.button("Sign out", icon=":material/logout:", type="tertiary"):
            session.sign_out()
            st.stop()
    if not sections:
        st.info("There is no page for your role yet.", icon=":material/lock:")
        return
    shown = st.navigation(sections)
    if place := session.keep_going(person, shown.url_path):
        go_back(sections, place)
    shown.run()


main()
