"""Background tasks: each in a queue of its own kind, with limits, and hurried along in one way only."""

import ast

import pytest

from portal import celery
from portal.background import queues
from tests.architecture.test_structure import sources


def own_tasks() -> set[str]:
    celery.app.loader.import_default_modules()
    return {name for name in celery.app.tasks if not name.startswith("celery.")}


def test_every_task_has_a_queue_and_limits_and_every_entry_a_task() -> None:
    assert set(queues.TASKS) == own_tasks()
    router = celery.app.amqp.router
    for name in own_tasks():
        queue = queues.TASKS[name]
        task = celery.app.tasks[name]
        assert router.route({}, name)["queue"].name == queue.name
        assert (task.soft_time_limit, task.time_limit) == (queue.soft, queue.hard)
        assert 0 < queue.soft < queue.hard < celery.app.conf.broker_transport_options["visibility_timeout"]


def test_what_asks_others_or_reads_files_never_shares_a_queue_with_the_clocks() -> None:
    clocks = {name for name, queue in queues.TASKS.items() if queue is queues.CLOCKS}
    assert clocks == {
        "portal.tasks.seal_audit",
        "portal.tasks.begin_absences",
        "recalls.tasks.publish_embargoed_due",
        "listings.tasks.finalize_decisions_due",
        "enforcement.tasks.sweep_escalations",
        "enforcement.tasks.watch_clocks",
    }
    assert queues.CLOCKS.hard < 60, "a clock that hangs is ended before anybody has waited for a minute"


def test_every_task_but_the_named_ones_is_scheduled() -> None:
    scheduled = {entry["task"] for entry in queues.SCHEDULE.values()}
    others = {"listings.tasks.match_shard", "enforcement.tasks.ping_dead_mans_switch"}
    off = {"enforcement.tasks.browser_checks_due"}  # unless browser checks are on
    assert scheduled == set(queues.TASKS) - others - off


def test_nobody_waits_for_the_broker() -> None:
    direct = {"delay", "delay_on_commit", "apply_async", "apply_async_on_commit", "send_task"}
    found = [
        f"{name}:{node.lineno}"
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in direct and name != "portal/background/hurry.py"
    ]
    assert found == [], "use portal.background.hurry"


def test_nobody_asks_the_internet_past_the_http_client() -> None:
    reads_addresses_alone = "listings/ingest/addresses.py"
    on_other_machines = "offshelf_client/exchange.py"  # asks the server that its person named, from their machine
    may = {"portal/http/client.py", "portal/http/streams.py", "portal/demo/processes.py", reads_addresses_alone}
    may.add(on_other_machines)
    clients = {"httpx", "httpcore", "requests", "urllib3", "aiohttp", "urllib.request", "http.client"}
    found = []
    for name, tree in sources():
        if name in may or name.startswith("portal/demo/"):
            continue
        for node in ast.walk(tree):
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            found += [f"{name}:{node.lineno}" for each in names if each in clients]
    assert found == []


def test_the_number_of_processes_is_read_strictly() -> None:
    assert queues.processes({})["clocks"] == queues.CLOCKS.processes
    assert queues.processes({"checks": "5"})["checks"] == 5
    for wrong in ({"cheques": "1"}, {"checks": "0"}, {"checks": "many"}, {"checks": "²"}, {"checks": "65"}):
        with pytest.raises(ValueError, match="WORKER_PROCESSES"):
            queues.processes(wrong)
