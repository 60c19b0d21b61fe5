"""offshelf login, offshelf key, offshelf logout."""

import argparse
import getpass
import sys
from typing import Any

from offshelf_client.account import Login, checked_address, checked_key, forget_login, save_login, saved_login
from offshelf_client.failures import Exit, Failure
from offshelf_client.printing import note, out, out_json
from offshelf_client.server import Server


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    about = (
        "Save the server's address and an API key for the other commands. The key is asked for, or read from standard "
        "input; it is never an argument, because arguments can be seen by others. It is tried before it is saved, in "
        "$XDG_CONFIG_HOME/offshelf/login.json, which only you can read."
    )
    parser = commands.add_parser("login", help="save the server's address and an API key", description=about)
    parser.add_argument("address", help="the server's address, for example https://offshelf.example.gov")
    parser.add_argument("--key-stdin", action="store_true", help="read the key from the first line of standard input")
    parser.set_defaults(run=run)
    parser = commands.add_parser(
        "key",
        help="show what the saved key may do, and until when",
        description="Show whose the saved key is, its name, until when it is valid, and its scopes.",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object, with everything the API says")
    parser.set_defaults(run=run_key)
    parser = commands.add_parser(
        "logout",
        help="delete the saved key",
        description="Delete the saved key. It stays valid: a platform manager revokes it on the page API keys.",
    )
    parser.set_defaults(run=run_logout)


def run(options: argparse.Namespace) -> Exit:
    login = Login(checked_address(options.address), checked_key(_key(options.key_stdin)))
    key = Server(login, seconds=options.timeout).get("key")
    if "notices" not in _scopes(key):
        note("The key is valid, but it has no scope for notices: notices, match and watch will be refused.")
    save_login(login)
    out(f"Logged in to {login.address}.")
    return Exit.DONE


def run_key(options: argparse.Namespace) -> Exit:
    key = Server(saved_login(), seconds=options.timeout).get("key")
    if options.json:
        out_json(key)
        return Exit.DONE
    organisation = key.get("organisation")
    name = organisation.get("name") if isinstance(organisation, dict) else None
    out(name, key.get("name"), f"until {key.get('expires_at')}", *_scopes(key))
    return Exit.DONE


def _scopes(key: dict[str, Any]) -> list[Any]:
    found = key.get("scopes")
    return found if isinstance(found, list) else []


def run_logout(_options: argparse.Namespace) -> Exit:
    out("The key was deleted from this machine." if forget_login() else "You were not logged in.")
    return Exit.DONE


def _key(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline(1_000)
    if not sys.stdin.isatty():
        raise Failure("There is no terminal to ask for the key: use --key-stdin.", Exit.USAGE)
    return getpass.getpass("API key: ")
