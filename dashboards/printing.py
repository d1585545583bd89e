"""Pages that are made to be printed: A4, without sidebar, filters and buttons."""

import streamlit as st

STYLE = """<style>
@media print {
    @page { size: A4; margin: 12mm; }
    [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stToolbar"],
    [data-testid="stDecoration"], [data-testid="stStatusWidget"], [data-testid="stSidebarHeader"],
    [data-testid="stExpandSidebarButton"], [class*="st-key-no_print"] { display: none !important; }
    html, body, #root, .stApp, [data-testid="stAppViewContainer"], [data-testid="stMain"],
    [data-testid="stMainBlockContainer"] {
        position: static !important; height: auto !important; min-height: 0 !important;
        overflow: visible !important; padding: 0 !important; background: white !important;
    }
    .stApp * { color: #17212b; }
    [data-testid="stVerticalBlock"] { gap: 0.4rem !important; }
    [data-testid="stMarkdownContainer"] { margin-bottom: 0 !important; }
    h1 { font-size: 17pt !important; padding: 0 !important; }
    h3 { font-size: 12pt !important; padding: 4pt 0 0 !important; break-after: avoid; }
    h4, h5 { font-size: 10.5pt !important; padding: 0 !important; break-after: avoid; }
    p, li, td, th { font-size: 8.5pt !important; line-height: 1.3 !important; }
    [data-testid="stMetric"] { padding: 3pt 6pt !important; }
    [data-testid="stMetricValue"] { font-size: 12pt !important; }
    [data-testid="stTable"] td, [data-testid="stTable"] th { padding: 1.5pt 4pt !important; }
    tr, [data-testid="stMetric"], [data-testid="stVegaLiteChart"] { break-inside: avoid; }
}
</style>"""


def style() -> None:
    """Let the browser print this page on A4; containers whose key begins `no_print` stay out."""
    st.html(STYLE)


def button() -> None:
    """A button that opens the browser's print dialog."""
    if st.button("Print", icon=":material/print:"):
        st.html("<script>window.print()</script>", unsafe_allow_javascript=True)
