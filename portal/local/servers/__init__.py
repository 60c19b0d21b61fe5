"""Embedded PostgreSQL and Valkey for one machine: the demo and the tests. Production brings its own two addresses."""

from portal.local.servers.postgres import postgres_server, settle, start_postgres
from portal.local.servers.running import RunningServer, Server, ServerUnavailable
from portal.local.servers.valkey import start_valkey, valkey_server

__all__ = [
    "RunningServer",
    "Server",
    "ServerUnavailable",
    "postgres_server",
    "settle",
    "start_postgres",
    "start_valkey",
    "valkey_server",
]
