"""Analyst, Builds: every run of the build, with its time, tests and failures."""

import streamlit as st

from dashboards import builds, layout


def show() -> None:
    person, me = layout.opened("Builds")
    with layout.guarded(), st.spinner("Reading the log …"):
        answer = person.api.report("analyst/builds")
    zone = layout.zone_of(me)
    layout.freshness(person, answer["build_id"], zone)
    layout.sentence(builds.finding(answer["builds"]))
    builds.show(answer["builds"], zone, answer["as_of"][:10])
    st.caption(
        "A full build makes every mart anew; a small one redoes what new events and changed records"
        f" touch. Only a build whose tests pass is published. Times are {layout.city(zone)}."
    )


show()
