"""A pytest plugin: a real PostgreSQL and a real Valkey from wheels, started once for all xdist workers.

It is loaded before Django reads its settings (see addopts in pyproject.toml). Where DATABASE_URL is set already, the
suite runs against that server instead.
"""

import atexit
import os
import shutil

os.environ.setdefault("OFFSHELF_MODE", "test")
os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("CHECK_JITTER", "0")  # checks come when the plan says; the tests of chance set it

if "DATABASE_URL" not in os.environ:
    from portal.local.servers import start_postgres, start_valkey
    from tests.places import own_folder

    folder = own_folder()
    os.environ["OFFSHELF_FOLDER"] = str(folder)
    postgres = start_postgres(folder / "postgres", durable=False)
    valkey = start_valkey(folder / "valkey", durable=False)
    os.environ["DATABASE_URL"] = postgres.app_url
    os.environ["OWNER_DATABASE_URL"] = postgres.url
    os.environ["BROKER_URL"] = valkey.url

    def _stop() -> None:
        valkey.stop()
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(_stop)
