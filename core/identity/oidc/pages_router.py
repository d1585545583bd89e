"""Sign in with TimeBack, what browsers are sent to: hosted pages, and the ways in and out."""

from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from core.dependencies import AppContext, Database
from core.identity import pages
from core.identity.oidc import external
from core.identity.oidc.asked import PATH as AUTHORIZE
from core.identity.oidc.asked import UnanswerableError
from core.identity.oidc.authorize import Authorizing
from core.identity.oidc.forms import Browser, Form
from core.identity.oidc.signing_out import PATH as LOGOUT
from core.identity.oidc.signing_out import SigningOut
from core.identity.oidc.upstream import CALLBACK, UpstreamError

router = APIRouter(include_in_schema=False)


def answered(answer: Callable[[], Response]) -> Response:
    """The answer, or a page that says why there is none: nothing goes to an unchecked address."""
    try:
        return answer()
    except UnanswerableError as error:
        return pages.page(
            "refused",
            status=400,
            title="This link does not work",
            reason=error.reason,
            detail=str(error),
        )
    except UpstreamError as error:
        return pages.page(
            "refused",
            status=502,
            title="Your sign-in service did not answer",
            reason=f"{error} Go back to the app and try again.",
        )


@router.get(AUTHORIZE)
def open_authorization(context: AppContext, database: Database, request: Request) -> Response:
    """Send a browser here to sign someone in (OIDC Core section 3.1.2)."""
    return answered(lambda: Authorizing(context, database, request).open())


@router.post(AUTHORIZE)
def take_form(context: AppContext, database: Database, request: Request, form: Form) -> Response:
    """The sign-in form and its fellows come back here.

    Also an app's whole request, sent as a form (OIDC Core section 3.1.2.1): it goes on as a link,
    since a browser brings no cookie along with another site's form.
    """
    if "client_id" in form:
        link = f"{AUTHORIZE}?{urlencode(form, doseq=True)}"
        return RedirectResponse(link, 303, {"Cache-Control": "no-store"})
    return answered(lambda: Authorizing(context, database, request).take(form))


@router.get(CALLBACK)
def take_back(
    context: AppContext,
    request: Request,
    state: Annotated[str, Query()] = "",
    code: Annotated[str, Query()] = "",
) -> Response:
    """The external identity provider sends a browser back here."""

    def answer() -> Response:
        browser = Browser(context, request)
        with context.database.connection() as connection:
            under_way = external.take_back(connection, browser.hash, state=state)
        claims = external.find_out(context, under_way, code)
        with context.database.connection() as connection:
            person = external.find_person_of(connection, claims)
            authorizing = Authorizing(context, connection, request, under_way.query)
            return authorizing.admit_external(person)

    return answered(answer)


@router.get(LOGOUT)
@router.post(LOGOUT)
def sign_out(context: AppContext, database: Database, request: Request, form: Form) -> Response:
    """Send a browser here to sign someone out (OpenID Connect RP-Initiated Logout 1.0)."""
    return SigningOut(context, database, request, form).answer()
