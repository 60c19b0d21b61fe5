"""Embedded PostgreSQL and Valkey for one machine: the demo and the tests. Production has its own two addresses."""

from portal.local.servers.postgres import postgres_server, start_postgres, wait_until_unused
from portal.local.servers.running import RunningServer, Server, ServerUnavailable
from portal.local.servers.valkey import start_valkey, valkey_server

__all__ = [
    "RunningServer",
    "Server",
    "ServerUnavailable",
    "postgres_server",
    "start_postgres",
    "start_valkey",
    "valkey_server",
    "wait_until_unused",
]
