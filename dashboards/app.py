"""Navigation: each role finds its own pages, and nothing else."""

from pathlib import Path

import streamlit as st

from dashboards import session
from dashboards.navigation import PAGES_OF_ROLE, pages_of

ICON = Path(__file__).parent / "icon.svg"  # a named icon would be fetched from a foreign server


def main() -> None:
    """Show the sign-in form, or the pages of the person's roles."""
    st.set_page_config(page_title="TimeBack", page_icon=ICON, layout="wide")
    st.html("<style>.stMainBlockContainer {padding-top: 3rem}</style>")
    person = session.current()
    if person is None:
        everyone = frozenset(PAGES_OF_ROLE)
        st.navigation(pages_of(everyone), position="hidden")
        session.sign_in_form()
        return
    session.keep_cookie(person)
    sections = pages_of(person.roles)
    with st.sidebar:
        st.text(person.name)
        st.caption(", ".join(sorted(role.replace("_", " ") for role in person.roles)))
        if st.button("Sign out", icon=":material/logout:", type="tertiary"):
            session.sign_out()
            st.rerun()
    if not sections:
        st.info("There is no page for your role yet.", icon=":material/lock:")
        return
    st.navigation(sections).run()


main()
