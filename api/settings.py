"""Where the server listens, what it is called, and how long people stay signed in."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import AnyHttpUrl, ByteSize, Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from graph_model.settings import DatabaseSettings

__all__ = ["ServerSettings"]

_ROOT = Path(__file__).resolve().parent.parent
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_EVERY_INTERFACE = ("0.0.0.0", "::")  # noqa: S104 - named here so that they are never taken for a host's name


class ServerSettings(BaseSettings):
    """Settings of the web server, from the environment or a ``.env`` file."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", populate_by_name=True)

    host: str = Field(
        "127.0.0.1", validation_alias="KITH_HOST", description="The address to listen on; loopback unless told."
    )
    port: int = Field(8000, ge=0, le=65535, validation_alias="KITH_PORT", description="The port to listen on.")
    public_url: AnyHttpUrl | None = Field(
        None,
        validation_alias="KITH_PUBLIC_URL",
        description="The address people type where a proxy with TLS stands in front, such as https://kith.example.",
    )
    trusted_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        validation_alias="KITH_TRUSTED_HOSTS",
        description="More names the server answers to, separated by commas. Loopback names always work.",
    )
    body_limit: ByteSize = Field(
        ByteSize(1024**2),
        gt=0,
        validation_alias="KITH_BODY_LIMIT",
        description="The largest form or JSON body that is read, such as 1MiB.",
    )
    upload_limit: ByteSize = Field(
        ByteSize(64 * 1024**2),
        gt=0,
        validation_alias="KITH_UPLOAD_LIMIT",
        description="The largest uploaded file that is read, such as 64MiB.",
    )
    link_minutes: int = Field(
        15, ge=1, validation_alias="KITH_LINK_MINUTES", description="How long a sign-in link can be used."
    )
    idle_minutes: int = Field(
        12 * 60, ge=1, validation_alias="KITH_IDLE_MINUTES", description="After how long without a page one is out."
    )
    session_minutes: int = Field(
        7 * 24 * 60, ge=1, validation_alias="KITH_SESSION_MINUTES", description="After how long one is out in any case."
    )
    browser_files: Path = Field(
        _ROOT / "explorer" / "dist",
        validation_alias="KITH_BROWSER_FILES",
        description="The folder of the built styles and scripts.",
    )
    database: DatabaseSettings = Field(default_factory=DatabaseSettings)

    @field_validator("trusted_hosts", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(name.strip() for name in value.split(",") if name.strip())
        return value

    @property
    def secure(self) -> bool:
        """Whether people reach the server over TLS; only ``public_url`` says so, never a request."""
        return self.public_url is not None and self.public_url.scheme == "https"

    @property
    def base_url(self) -> str:
        """The address people type, without a slash at its end."""
        if self.public_url is not None:
            return str(self.public_url).rstrip("/")
        host = "127.0.0.1" if self.host in _EVERY_INTERFACE else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def hosts(self) -> frozenset[str]:
        """The names the server answers to, in small letters."""
        names = {*_LOOPBACK, *self.trusted_hosts}
        if self.host not in _EVERY_INTERFACE:
            names.add(self.host)
        if self.public_url is not None and self.public_url.host:
            names.add(self.public_url.host.strip("[]"))
        return frozenset(name.lower() for name in names)
