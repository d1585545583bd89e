"""Analyst, Warehouse: ask the marts in SQL, and read what each table and column is."""

import polars as pl
import streamlit as st

from dashboards import export, layout
from dashboards.client import Answer, ReadError
from dashboards.session import SignedIn

EXAMPLE = """select subject, round(sum(xp)) as xp, count(distinct student_id) as students
from fct_xp_ledger
group by subject
order by xp desc"""
ANSWER = "warehouse_answer"
NAMES = "Names, e-mails and comments too (goes into the audit log)"


def show() -> None:
    person, me = layout.opened("Warehouse")
    layout.freshness(person, me["build_id"], layout.zone_of(me))
    with layout.guarded():
        tables = person.api.sql_tables()
    st.write("Ask the marts of the newest build in SQL: reading only, 10,000 rows, 30 seconds.")
    query, with_names, is_asked = _question(may_read_names=tables["mayReadNames"])
    if is_asked:
        _ask(person, query, with_names=with_names)
    if ANSWER in st.session_state:
        _show_answer(st.session_state[ANSWER])
    _show_tables(tables)
    _show_docs(person)


def _question(*, may_read_names: bool) -> tuple[str, bool, bool]:
    with st.form("sql", border=False):
        query = st.text_area("SQL", EXAMPLE, height=160, help="DuckDB's SQL; one query at a time.")
        with_names = st.checkbox(NAMES) if may_read_names else False
        is_asked = st.form_submit_button("Run", icon=":material/play_arrow:", type="primary")
    return query, with_names, is_asked


def _ask(person: SignedIn, query: str, *, with_names: bool) -> None:
    st.session_state.pop(ANSWER, None)
    if not query.strip():
        layout.nothing("Write a query first.")
        return
    try:
        with st.spinner("Asking…"):
            st.session_state[ANSWER] = person.api.sql(query, with_names=with_names)
    except ReadError as error:
        st.error("This query was not answered.", icon=":material/error:")
        st.code(str(error), language=None, wrap_lines=True)


def _show_answer(answer: Answer) -> None:
    count = layout.counted(answer["rowCount"], "row")
    more = "; there are more, so add a limit or a condition" if answer["isCut"] else ""
    st.caption(f"{count} in {answer['seconds']:.2f} s{more}. Build {answer['build_id']}.")
    names = [column["name"] for column in answer["columns"]]
    frame = pl.DataFrame(answer["rows"], infer_schema_length=None)
    if frame.is_empty():
        layout.nothing("The query has no rows.")
        return
    export.table(frame.select(names), name="query")


def _show_tables(tables: Answer) -> None:
    st.subheader("Tables")
    chosen = st.selectbox(
        "Table",
        tables["tables"],
        format_func=lambda table: str(table["name"]),
        label_visibility="collapsed",
    )
    if chosen is None:
        layout.nothing("This build has no tables.")
        return
    st.write(layout.plain(chosen["description"]))
    columns = pl.DataFrame(chosen["columns"]).select("name", "type", "description")
    st.dataframe(
        columns,
        hide_index=True,
        alt=f"Columns of {chosen['name']}",
        column_config={"name": "Column", "type": "Type", "description": "What it holds"},
    )


def _show_docs(person: SignedIn) -> None:
    st.subheader("Rules and tests")
    with layout.guarded():
        link = person.api.documentation_link()
    st.write("By which rule each table is made, and which test holds it to that.")
    st.link_button("Open the dbt docs", link["url"], icon=":material/menu_book:")
    minutes = link["expires_in"] // 60
    st.caption(f"The link is yours and opens for {minutes} minutes; this page makes a new one.")


show()
