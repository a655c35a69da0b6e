"""Single sign-on: the code flow of OpenID Connect with PKCE, and no more of it than that.

The provider says who somebody is. What he may do at the desk, the account says that an operator has made.
"""

import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization
from joserfc.jws import JWSRegistry
from requests import RequestException

from pipeline.secret import MissingSecret, secret
from web.settings import SingleSignOn, is_loopback

# Signed with the provider's private key alone: never "none", and nothing that the client's secret could sign.
ALGORITHMS = frozenset({"RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"})
SCOPE = "openid profile email"
LEEWAY_SECONDS = 60
METADATA = ("authorization_endpoint", "token_endpoint", "jwks_uri")
END_OF_SESSION = "end_session_endpoint"
_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]+")


class MissingClientSecret(MissingSecret):
    """Single sign-on is configured, and the secret is nowhere."""


class Unreachable(Exception):
    """The provider did not answer, or not as one."""


class Untrusted(Exception):
    """An answer that does not prove who somebody is."""


@dataclass(frozen=True)
class Start:
    """What the browser is sent away with, and what must come back with it."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    name: str
    subject: str
    """issuer and subject: the same person always, whatever he is called"""
    id_token: str
    """to be shown to the provider when its session is to end, and to nobody else"""


@dataclass(frozen=True)
class Ending:
    """A form that ends the provider's own session (OpenID Connect RP-Initiated Logout 1.0)."""

    address: str
    fields: dict[str, str]

    @property
    def origin(self) -> str:
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"


class Provider:
    def __init__(self, own: SingleSignOn, redirect_uri: str) -> None:
        """Raises MissingClientSecret."""
        self._own = own
        self._redirect_uri = redirect_uri
        self._lock = threading.Lock()
        self._known: dict[str, Any] | None = None
        try:
            self._secret = secret(own.secret_env, None)
        except MissingSecret as error:
            raise MissingClientSecret(str(error)) from error

    def start(self) -> Start:
        """Raises Unreachable."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        with self._client() as client:
            address, _ = client.create_authorization_url(
                self._metadata()["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
            )
        return Start(address, state, nonce, verifier)

    def identify(self, code: str, *, nonce: str, verifier: str, now: datetime) -> Identity:
        """Whom the code stands for. Raises Unreachable and Untrusted."""
        token = self._asked(lambda: self._fetch_token(code, verifier))
        if not isinstance(token.get("id_token"), str):
            raise Untrusted("no ID token")
        try:
            claims = self._claims(token, nonce, now)
        except (JoseError, ValueError) as error:
            raise Untrusted(type(error).__name__) from error
        name = claims.get(self._own.name_claim)
        if self._own.name_claim == "email" and claims.get("email_verified") is not True:
            raise Untrusted("the e-mail is not verified")
        if not isinstance(name, str) or not name.strip() or not isinstance(claims.get("sub"), str):
            raise Untrusted(f"no {self._own.name_claim}")
        return Identity(name.strip(), f"{self._own.issuer} {claims['sub']}", token["id_token"])

    def ending(self, id_token: str, back: str) -> Ending | None:
        """None where the provider offers none, or does not answer now."""
        try:
            address = str(self._metadata().get(END_OF_SESSION, ""))
        except (Unreachable, Untrusted):
            return None
        if not _is_safe(address):
            return None
        hint = {"id_token_hint": id_token} if id_token else {}
        return Ending(address, {"client_id": self._own.client_id, "post_logout_redirect_uri": back} | hint)

    def answers_as(self, issuer: str) -> bool:
        """Whether the answer's own "iss" (RFC 9207) is this provider's."""
        return issuer == self._own.issuer

    def _fetch_token(self, code: str, verifier: str) -> dict[str, Any]:
        with self._client() as client:
            token: dict[str, Any] = client.fetch_token(
                self._metadata()["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
                redirect_uri=self._redirect_uri,
                allow_redirects=False,
            )
            return token

    def _claims(self, token: dict[str, Any], nonce: str, now: datetime) -> CodeIDToken:
        registry = JWSRegistry(algorithms=sorted(ALGORITHMS), strict_check_header=False)
        decoded = jwt.decode(token["id_token"], key=self._keys(), registry=registry)
        options = {
            "iss": {"essential": True, "value": self._own.issuer},
            "aud": {"essential": True, "value": self._own.client_id},
            "exp": {"essential": True},
        }
        params = {"nonce": nonce, "client_id": self._own.client_id, "access_token": token.get("access_token")}
        claims = CodeIDToken(decoded.claims, decoded.header, options, params)
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
        return claims

    def _keys(self) -> KeySet:
        """Asked for at every sign-in: there are few, and a provider changes its keys."""
        found = self._asked(lambda: self._get(self._metadata()["jwks_uri"]))
        return KeySet.import_key_set(KeySetSerialization(keys=found.get("keys", [])))

    def _metadata(self) -> dict[str, Any]:
        with self._lock:
            if self._known is None:
                address = f"{self._own.issuer.rstrip('/')}/.well-known/openid-configuration"
                self._known = _checked(self._asked(lambda: self._get(address)), self._own.issuer)
            return self._known

    def _get(self, address: str) -> dict[str, Any]:
        with self._client() as client:
            answer = client.get(address, withhold_token=True, allow_redirects=False)
            answer.raise_for_status()
            return dict(answer.json())

    def _asked(self, question: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        try:
            return question()
        except RequestException as error:
            raise Unreachable(type(error).__name__) from error
        except AuthlibBaseError as error:
            raise Untrusted(error.error or type(error).__name__) from error
        except (ValueError, TypeError) as error:
            raise Unreachable(type(error).__name__) from error

    def _client(self) -> OAuth2Session:
        return OAuth2Session(
            self._own.client_id,
            self._secret,
            scope=SCOPE,
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
            default_timeout=self._own.timeout_seconds,
        )


def _checked(found: dict[str, Any], issuer: str) -> dict[str, Any]:
    """Raises Unreachable: who speaks for another issuer, or over an open line, is not the provider."""
    if found.get("issuer") != issuer:
        raise Unreachable("it calls itself by another name")
    for name in METADATA:
        if not _is_safe(str(found.get(name, ""))):
            raise Unreachable(f"no safe {name}")
    return found


def _is_safe(address: str) -> bool:
    """Nobody listens on the way, and the address fits into a header's line of hosts."""
    parts = urlsplit(address)
    if not _HOST.fullmatch(parts.netloc):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))
