"""The alert loop: looks every minute whose local hour has come."""

import logging
import threading

import duckdb
import psycopg

from core.alerts.sending import Sender
from core.errors import AppError

logger = logging.getLogger(__name__)

POLL_SECONDS = 60.0  # an alert is for an hour of the day; a minute late is in time


def run(sender: Sender, stop: threading.Event) -> None:
    """Send what is due until `stop`; a failure is logged, and what is due is due still."""
    while not stop.wait(POLL_SECONDS):
        try:
            for one in sender.send_due():
                logger.info("alert %s of %s: %s", one.kind, one.local_on, one.status)
        except (psycopg.Error, duckdb.Error):
            logger.exception("alerts cannot be sent now; trying again")
        except AppError as error:
            logger.error("alerts cannot be sent: %s", error.detail)
