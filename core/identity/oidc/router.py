"""Sign in with TimeBack, what apps call: metadata and userinfo."""

from typing import Annotated, Any

from fastapi import APIRouter, Security
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from core.access import Viewer
from core.dependencies import AppContext, Database
from core.identity.oidc import discovery, userinfo
from core.identity.oidc.pages_router import router as pages_router
from core.identity.scopes import OPENID

router = APIRouter(tags=["Authentication"])
SignedInViewer = Annotated[Viewer, Security(userinfo.get_signed_in, scopes=[OPENID])]


class UserInfo(BaseModel):
    """Who signed in; a field that the roster or the token's scopes do not give is left out."""

    sub: str = Field(
        description="Names the person for good: their `sourcedId`.", examples=["student-17"]
    )
    sourcedId: str | None = Field(
        None, description="Send it as the actor of your events.", examples=["student-17"]
    )
    roles: list[str] | None = Field(
        None, description="Roles of the person, as OneRoster names them.", examples=[["student"]]
    )
    org: str | None = Field(
        None, description="sourcedId of the person's primary school.", examples=["school-1"]
    )
    name: str | None = Field(None, description="With `profile`.", examples=["Ada Lovelace"])
    given_name: str | None = Field(None, description="With `profile`.", examples=["Ada"])
    family_name: str | None = Field(None, description="With `profile`.", examples=["Lovelace"])
    email: str | None = Field(None, description="With `email`.", examples=["ada@school.example"])
    email_verified: bool | None = Field(
        None, description="False: schools give these out, nobody was written to.", examples=[False]
    )
    dashboard_roles: list[str] | None = Field(
        None,
        description="Roles on TimeBack's own dashboards; only they get it.",
        examples=[["guide"]],
    )


@router.get("/.well-known/openid-configuration")
def read_metadata(context: AppContext) -> dict[str, Any]:
    """The addresses and abilities of Sign in with TimeBack (OpenID Connect Discovery 1.0)."""
    return discovery.metadata(context.settings.origin)


@router.get("/.well-known/oauth-authorization-server", include_in_schema=False)
def read_server_metadata(context: AppContext) -> dict[str, Any]:
    """The same under its OAuth name (RFC 8414)."""
    return discovery.metadata(context.settings.origin)


@router.post("/auth/1.0/userinfo", include_in_schema=False)
@router.get("/auth/1.0/userinfo", response_model=UserInfo)
def read_userinfo(viewer: SignedInViewer, database: Database) -> JSONResponse:
    """Who signed in to your app, as far as the token's scopes tell (OIDC Core section 5.3).

    POST asks the same; the token may then be the form's field `access_token` (RFC 6750 section
    2.2). 401 once the person signed out or was disabled.
    """
    person = UserInfo(**userinfo.claims(database, viewer))
    headers = {"Cache-Control": "no-store"}
    return JSONResponse(person.model_dump(exclude_none=True), headers=headers)


router.include_router(pages_router)
