"""Sessions: a dictionary for each client, kept in a signed cookie."""

from __future__ import annotations

import hashlib
from collections.abc import MutableMapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NoReturn

from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.datastructures import CallbackDict

from .json.tag import TaggedJSONSerializer

if TYPE_CHECKING:
    from .app import Flask
    from .wrappers import Request, Response

__all__ = [
    "NullSession",
    "SecureCookieSession",
    "SecureCookieSessionInterface",
    "SessionInterface",
    "SessionMixin",
    "session_json_serializer",
]

session_json_serializer = TaggedJSONSerializer()
"""Writes and reads what is in a session."""


class SessionMixin(MutableMapping[str, Any]):
    """A dictionary that knows whether it was used."""

    new = False
    """Whether the client sent none."""

    modified = True
    """Whether it has to be saved."""

    accessed = True
    """Whether anybody asked for it, so that the response depends on the cookie."""

    @property
    def permanent(self) -> bool:
        """Whether it outlives the client's program, by `PERMANENT_SESSION_LIFETIME`."""
        return bool(self.get("_permanent", False))

    @permanent.setter
    def permanent(self, value: bool) -> None:
        self["_permanent"] = bool(value)


class SecureCookieSession(CallbackDict[str, Any], SessionMixin):
    """A session that notes when it is changed; what is changed inside its values, it can't see."""

    modified = False
    accessed = False

    def __init__(self, initial: Any = None) -> None:
        # A function, since the session would hold a method of its own in a cycle.
        super().__init__(initial, _note_change)


def _note_change(session: Any) -> None:
    session.modified = True


class NullSession(SecureCookieSession):
    """The session of an application without a secret key: it can be read and is always empty."""

    def _fail(self, *arguments: Any, **keywords: Any) -> NoReturn:
        raise RuntimeError(
            "The session is unavailable because no secret key was set."
            " Set the secret_key of the application to something unique and secret."
        )

    __setitem__ = __delitem__ = clear = pop = popitem = update = setdefault = _fail


class SessionInterface:
    """Where sessions come from and go to."""

    null_session_class = NullSession

    pickle_based = False
    """Whether sessions are pickled; nothing here asks, but others may."""

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:
        """Return the session of a request, or `None` if there can be none.

        :keeps: {clause}`request-started.session`, {clause}`surroundings.session-not-opened`
        """
        raise NotImplementedError

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Put the session into the response, after the last hook and before `request_finished`.

        :keeps: {clause}`request-finished.session-cookie`, {clause}`plain.without-a-session`
        """
        raise NotImplementedError

    def make_null_session(self, app: Flask) -> NullSession:
        """Return what stands in for a session that could not be opened."""
        return self.null_session_class()

    def is_null_session(self, session: object) -> bool:
        """Tell whether *session* only stands in for one, and is not to be saved."""
        return isinstance(session, self.null_session_class)

    def get_cookie_name(self, app: Flask) -> str:
        """Return the name of the cookie."""
        name: str = app.config["SESSION_COOKIE_NAME"]
        return name

    def get_cookie_domain(self, app: Flask) -> str | None:
        """Return the domain of the cookie, or `None` for the host alone."""
        domain: str | None = app.config["SESSION_COOKIE_DOMAIN"]
        return domain

    def get_cookie_path(self, app: Flask) -> str:
        """Return the path below which the cookie is sent."""
        path: str = app.config["SESSION_COOKIE_PATH"] or app.config["APPLICATION_ROOT"]
        return path

    def get_cookie_httponly(self, app: Flask) -> bool:
        """Tell whether the cookie is hidden from scripts."""
        return bool(app.config["SESSION_COOKIE_HTTPONLY"])

    def get_cookie_secure(self, app: Flask) -> bool:
        """Tell whether the cookie is sent by HTTPS only."""
        return bool(app.config["SESSION_COOKIE_SECURE"])

    def get_cookie_samesite(self, app: Flask) -> str | None:
        """Return for which requests from other sites the cookie is sent."""
        samesite: str | None = app.config["SESSION_COOKIE_SAMESITE"]
        return samesite

    def get_cookie_partitioned(self, app: Flask) -> bool:
        """Tell whether each site that embeds the application has a cookie of its own."""
        return bool(app.config["SESSION_COOKIE_PARTITIONED"])

    def get_expiration_time(self, app: Flask, session: SessionMixin) -> datetime | None:
        """Return when the cookie expires, or `None` for the end of the client's program."""
        if not session.permanent:
            return None
        lifetime: timedelta = app.permanent_session_lifetime
        return datetime.now(UTC) + lifetime

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Tell whether the response needs the cookie."""
        refresh: bool = app.config["SESSION_REFRESH_EACH_REQUEST"]
        return session.modified or (session.permanent and refresh)


def _sha1(data: bytes = b"") -> Any:
    # Looked up late, for Pythons that are built without it.
    return hashlib.sha1(data)


class SecureCookieSessionInterface(SessionInterface):
    """Keeps the whole session in a cookie that the client can read but not change."""

    salt = "cookie-session"
    digest_method = staticmethod(_sha1)
    key_derivation = "hmac"
    serializer = session_json_serializer
    session_class = SecureCookieSession

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs the cookie, or `None` without a secret key."""
        if not app.secret_key:
            return None
        # The newest key is the last: it signs, and the others only verify.
        keys = [*(app.config["SECRET_KEY_FALLBACKS"] or ()), app.secret_key]
        return URLSafeTimedSerializer(
            keys,
            salt=self.salt,
            serializer=self.serializer,
            signer_kwargs={
                "key_derivation": self.key_derivation,
                "digest_method": self.digest_method,
            },
        )

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:
        """Return the session from the cookie: an empty one if there is none that counts.

        :returns: `None` without a secret key.
        """
        serializer = self.get_signing_serializer(app)
        if serializer is None:
            return None
        cookie = request.cookies.get(self.get_cookie_name(app))
        if not cookie:
            return self.session_class()
        # The date in the cookie is signed, so a client can't keep it for longer.
        lifetime = int(app.permanent_session_lifetime.total_seconds())
        try:
            return self.session_class(serializer.loads(cookie, max_age=lifetime))
        # Forged, too old, or signed with a key that isn't in use any more: the client begins anew.
        except BadSignature:
            return self.session_class()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie if the session was changed, and delete it if it was emptied."""
        if session.accessed:
            response.vary.add("Cookie")
        if session and not self.should_set_cookie(app, session):
            return
        if not session and not session.modified:
            return
        name, attributes = self.get_cookie_name(app), self._cookie_attributes(app)
        if session:
            serializer = self.get_signing_serializer(app)
            assert serializer is not None, "a session was opened, so there is a secret key"
            expires = self.get_expiration_time(app, session)
            value = serializer.dumps(dict(session))
            response.set_cookie(name, _text(value), expires=expires, **attributes)
        else:
            # A client deletes the one that has the same domain and path, and no other.
            response.delete_cookie(name, **attributes)
        response.vary.add("Cookie")

    def _cookie_attributes(self, app: Flask) -> dict[str, Any]:
        return {
            "domain": self.get_cookie_domain(app),
            "path": self.get_cookie_path(app),
            "httponly": self.get_cookie_httponly(app),
            "secure": self.get_cookie_secure(app),
            "samesite": self.get_cookie_samesite(app),
            "partitioned": self.get_cookie_partitioned(app),
        }


def _text(value: str | bytes) -> str:
    return value.decode("ascii") if isinstance(value, bytes) else value
