"""What every page has: a guard for errors, the freshness stamp, empty states, metrics."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from dashboards import names, session
from dashboards.client import (
    Answer,
    NoBuildYetError,
    NotAllowedError,
    ReadError,
    SignedOutError,
    UnavailableError,
)
from dashboards.session import SignedIn

POLL_SECONDS = 5.0
PAGE = "open_page"  # the title and the day of the page that is open, for names of files


@contextmanager
def guarded() -> Iterator[None]:
    """Show what went wrong in words and end the page there."""
    try:
        yield
    except SignedOutError:
        session.renew(session.require())
    except NotAllowedError as error:
        st.error(f"You cannot see this. {error}", icon=":material/lock:")
        st.caption(
            "What you can see is in the menu. If it should be here, ask your school's admin."
        )
        st.stop()
    except NoBuildYetError:
        await_first_build(session.require())
        st.stop()
    except UnavailableError as error:
        st.error(f"No figures right now. {error}", icon=":material/cloud_off:")
        if st.button("Try again", icon=":material/refresh:"):
            st.rerun()
        st.stop()
    except ReadError as error:
        st.error(str(error), icon=":material/error:")
        st.stop()


def await_first_build(person: SignedIn) -> None:
    """Say how far the first build is, and draw the page anew once it is there."""

    @st.fragment(run_every=POLL_SECONDS)
    def progress() -> None:
        try:
            person.api.freshness()
        except NoBuildYetError as error:
            st.info(f"No figures yet. {error}", icon=":material/hourglass_top:")
        except SignedOutError:
            session.renew(person)
        except ReadError as error:
            st.error(str(error), icon=":material/cloud_off:")
        else:
            st.rerun()

    progress()


def opened(title: str) -> tuple[SignedIn, Answer]:
    """Begin a page: its title, the person, and what they can choose between (`/me`).

    With names hidden, the person's answers hold numbers for names.
    """
    person = session.require()
    st.set_page_config(page_title=f"{title} · TimeBack")
    st.title(title)
    with guarded(), st.spinner("Reading the figures", show_time=False):
        me = person.api.report("me")
        person, me = names.shown(person, me)
    st.session_state[PAGE] = (title, today(me))
    return person, me


def zone_of(me: Answer) -> str:
    """The time zone of the viewer's first school; UTC without one."""
    schools: list[dict[str, Any]] = me["schools"]
    return str(schools[0]["detail"] or "UTC") if schools else "UTC"


def city(zone: str) -> str:
    """A zone as people say it: `Chicago time`."""
    return "UTC" if zone == "UTC" else f"{zone.rpartition('/')[2].replace('_', ' ')} time"


def freshness(person: SignedIn, shown_build: str, zone: str) -> None:
    """The stamp of a page's figures; draws the page anew when a newer build is published."""

    @st.fragment(run_every=POLL_SECONDS)
    def stamp() -> None:
        try:
            fresh = person.api.freshness()
        except SignedOutError:
            session.renew(person)
            return
        except ReadError as error:
            st.markdown(f":small[:red[:material/cloud_off: Not live: {error}]]")
            return
        if fresh["build_id"] != shown_build:
            st.rerun()
        st.markdown(f":small[{stamp_text(fresh, zone)}]")

    stamp()


def stamp_text(fresh: Answer, zone: str) -> str:
    """`Data as of 08:12 (Chicago time) · build 412 · 3 events waiting`, red when stale."""
    as_of = datetime.fromisoformat(fresh["as_of"]).astimezone(ZoneInfo(zone))
    day = "" if fresh["ageSeconds"] < 64_800 else f"{as_of:%-d %b} "
    waiting = fresh["waitingEvents"]
    parts = [
        f"Data as of {day}{as_of:%H:%M} ({city(zone)})",
        f"build {fresh['buildNumber']}" if fresh.get("buildNumber") else "",
        f"{waiting:,} event{'' if waiting == 1 else 's'} waiting",
    ]
    text = " · ".join(part for part in parts if part)
    if fresh["isStale"]:
        return f":red[:material/warning: **Old:** {text}]"
    return f":green[:material/check_circle:] {text}"


def sentence(text: str) -> None:
    """The page's finding in words, above its picture."""
    st.markdown(f"#### {text}")


def figures(named: dict[str, str]) -> None:
    """Key figures in a row that wraps on a phone."""
    with st.container(horizontal=True):
        for label, figure in named.items():
            st.metric(label, figure, border=True, width=132)


def nothing(text: str) -> None:
    """Say that there is nothing to show, which is not the same as zero."""
    st.info(text, icon=":material/inbox:")


def xp(amount: float) -> str:
    """XP as the tables show it: one digit after the point, none for whole numbers."""
    return f"{amount:,.1f}".removesuffix(".0")


def plain(text: str) -> str:
    """Text from outside, with what Markdown would read as its own disarmed."""
    return re.sub(r"([\\`*_{}\[\]()#+!|<>~$:-])", r"\\\1", text)


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """`1 student`, `2 students`."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def compared(days: Answer) -> str:
    """Which days of two weeks stand beside each other, in words."""
    count = counted(days["schoolDayCount"], "school day")
    spans = (("beforeFirstOn", "beforeLastOn"), ("firstOn", "lastOn"))
    before, this = (_days(days[first], days[last]) for first, last in spans)
    return f"{count} of each week, {before} and {this}"


def _days(first: str, last: str) -> str:
    ends = [f"{date.fromisoformat(day):%a %-d %b}" for day in dict.fromkeys((first, last))]
    return " to ".join(ends)


def today(me: Answer) -> date:
    """The local date of the viewer's school at the build's instant."""
    as_of = datetime.fromisoformat(me["as_of"])
    return as_of.astimezone(ZoneInfo(zone_of(me))).date()
