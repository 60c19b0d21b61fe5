"""Strict reading of environment variables: a nonsense setting stops the start with one sentence."""

import ipaddress
import logging
import os
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

logger = logging.getLogger(__name__)


class Env:
    """Reads typed values from `variables`; every error names the variable, what it holds and what would be right."""

    def __init__(self, variables: Mapping[str, str] | None = None) -> None:
        self.variables = os.environ if variables is None else variables

    def text(self, name: str, default: str | None = None) -> str:
        value = self.variables.get(name, "").strip()
        if value:
            return value
        if default is None:
            raise ImproperlyConfigured(
                f"{name} is not set. Set it in the environment; docs/operations/settings.md lists all."
            )
        return default

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        if value not in choices:
            raise ImproperlyConfigured(f"{name} is {value!r}; it must be one of {', '.join(choices)}.")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.text(name, "yes" if default else "no").lower()
        if value in {"1", "true", "yes", "on"}:
            return True
        if value in {"0", "false", "no", "off"}:
            return False
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be yes or no.")

    def integer(self, name: str, default: int, *, low: int, high: int, formerly: str = "") -> int:
        """A whole number. `formerly` is the variable's earlier name, which counts while the name itself is not set."""
        if formerly and self.text(formerly, "") and not self.text(name, ""):
            logger.warning("%s is the earlier name of %s and still counts: rename it.", formerly, name)
            name = formerly
        value = self.text(name, str(default))
        try:
            number = int(value)
        except ValueError:
            raise ImproperlyConfigured(f"{name} is {value!r}; it must be a whole number.") from None
        if not low <= number <= high:
            raise ImproperlyConfigured(f"{name} is {number}; it must be from {low} to {high}.")
        return number

    def words(self, name: str, default: str = "") -> list[str]:
        """Comma-separated values, blanks dropped."""
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def certificates(self, name: str) -> str:
        """The path of a PEM file with certificates of authorities; empty where it is not set."""
        path = self.text(name, "")
        if path:
            try:
                ssl.create_default_context(cafile=path)
            except OSError as error:  # ssl.SSLError is one
                raise ImproperlyConfigured(
                    f"{name} is {path!r}; it must be a PEM file of certificates: {error}."
                ) from None
        return path

    def proxies(self, name: str, default: int) -> int | tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
        """How many proxies stand in front, or the networks they are in, comma-separated."""
        words = self.words(name, str(default))
        if len(words) == 1 and words[0].isascii() and words[0].isdecimal():
            return self.integer(name, default, low=0, high=10)
        return self.networks(name, kind="a number of proxies, or their")

    def networks(
        self, name: str, *, kind: str = "comma-separated"
    ) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
        """Comma-separated addresses and networks; none where it is not set. `kind` is what an error says that it must be."""
        try:
            return tuple(ipaddress.ip_network(word) for word in self.words(name))
        except ValueError as error:
            raise ImproperlyConfigured(
                f"{name} must be {kind} addresses or networks like 10.0.0.0/8: {error}."
            ) from None

    def pairs(self, name: str) -> dict[str, str]:
        """Comma-separated name=value words."""
        found = {}
        for word in self.words(name):
            key, equals, value = word.partition("=")
            if not (key and equals and value):
                raise ImproperlyConfigured(f"{name} has {word!r}; write name=address, separated by commas.")
            found[key] = value
        return found

    def database(self, name: str) -> dict[str, Any]:
        """A Django DATABASES entry from `postgresql://user:password@host:port/name?host=/socket/folder`."""
        value = self.text(name)
        parts = urlsplit(value)
        if parts.scheme not in {"postgresql", "postgres"}:
            raise ImproperlyConfigured(f"{name} must start with postgresql:// (PostgreSQL is the only database).")
        database = unquote(parts.path.lstrip("/"))
        if not database:
            raise ImproperlyConfigured(f"{name} names no database: postgresql://user:password@host:5432/NAME.")
        options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        host = options.pop("host", parts.hostname or "")
        port = options.pop("port", str(parts.port or ""))
        return {
            "ENGINE": "portal.database.backend",
            "NAME": database,
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": host,
            "PORT": port,
            "OPTIONS": options,
        }

    def broker(self, name: str) -> str:
        value = self.text(name)
        if urlsplit(value).scheme not in {"redis", "rediss", "redis+socket"}:
            raise ImproperlyConfigured(
                f"{name} must start with redis://, rediss:// or redis+socket:// (Valkey or Redis)."
            )
        return value
