"""Analyst, Warehouse: where every mart, column and rule is described, and how to ask them."""

import streamlit as st

from dashboards import layout

ASK = 'timeback sql "describe fct_xp_ledger"'


def show() -> None:
    person, me = layout.opened("Warehouse")
    layout.freshness(person, me["build_id"], layout.zone_of(me))
    with layout.guarded():
        link = person.api.documentation_link()
    st.write("What each mart holds, by which rule it is made, and which test holds it to that.")
    st.link_button("Open the dbt docs", link["url"], icon=":material/menu_book:", type="primary")
    minutes = link["expires_in"] // 60
    st.caption(f"The link is yours and opens for {minutes} minutes; this page makes a new one.")
    st.write("Ask the marts on the machine that runs this install:")
    st.code(ASK, language="sh")


show()
