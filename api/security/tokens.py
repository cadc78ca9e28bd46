"""Random tokens, of which only the hash is ever kept."""

import hashlib
import secrets

__all__ = ["digest", "new_token"]


def new_token() -> str:
    """A random token of 256 bits, fit for an address or a cookie."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """The SHA-256 of a token in hexadecimal. A token of 256 random bits needs no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()
