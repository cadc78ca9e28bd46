"""Where the network is kept: settings from the environment or a ``.env`` file."""

from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["DatabaseSettings"]


class DatabaseSettings(BaseSettings):
    """Which engine keeps the network.

    With ``NEO4J_URI`` the network is kept in that Neo4j; without it, in the embedded engine, in a folder.
    """

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", populate_by_name=True)

    uri: str | None = Field(
        None, validation_alias="NEO4J_URI", description="Address of a Neo4j server (bolt:// or neo4j://)."
    )
    username: str = Field("neo4j", validation_alias="NEO4J_USERNAME", description="Who to sign in to Neo4j as.")
    password: SecretStr | None = Field(
        None, validation_alias="NEO4J_PASSWORD", description="The password of that user."
    )
    database: str | None = Field(
        None, validation_alias="NEO4J_DATABASE", description="The database; empty: the server's default."
    )
    data: Path = Field(
        default_factory=lambda: user_data_path("kith", appauthor=False),
        validation_alias="KITH_DATA",
        description="The folder of the embedded engine and of what a running server keeps.",
    )
