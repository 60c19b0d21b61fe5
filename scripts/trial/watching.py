"""A Prometheus of Debian in the trial: it reads the web hosts' metrics, evaluates the alert rules that ship, and answers what
the panels of the dashboard ask."""

import http.client
import json
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from trial.record import Failed, Record
from trial.roots import Root

PORT = 19090
NONE = "none yet"
CONFIGURATION = """global: {{scrape_interval: 5s, evaluation_interval: 5s}}
scrape_configs:
  - job_name: offshelf
    authorization: {{credentials_file: /etc/prometheus/offshelf.token}}
    static_configs: [{{targets: [{targets}]}}]
rule_files: [/etc/prometheus/offshelf-alerts.yaml]
"""
COMMAND = (
    "prometheus --config.file=/etc/prometheus/offshelf.yaml --storage.tsdb.path=/tmp/metrics"
    f" --web.listen-address=127.0.0.1:{PORT} --log.level=warn"
)


def configure(host: Root, shipped: Path, *, token: str, targets: list[str], record: Record) -> None:
    """What docs/operations/day-to-day.md says of Prometheus; the host's name in the targets stands for the header of newer versions."""
    own = host.folder / "own" / "etc" / "prometheus"
    own.mkdir(parents=True, exist_ok=True)
    (own / "offshelf.token").write_text(token)
    (own / "offshelf-alerts.yaml").write_text((shipped / "alerts.yaml").read_text())
    for name in ("alerts.yaml", "alerts_test.yaml"):
        (own / name).write_text((shipped / name).read_text())
    (own / "offshelf.yaml").write_text(CONFIGURATION.format(targets=", ".join(targets)))
    record.step("promtool check config offshelf.yaml",
                lambda: host.run("promtool check config /etc/prometheus/offshelf.yaml"), expect="SUCCESS.*rules")  # fmt: skip
    record.step("promtool test rules alerts_test.yaml",
                lambda: host.run("cd /etc/prometheus && promtool test rules alerts_test.yaml"), expect=r"(?m)^  SUCCESS")  # fmt: skip


class Watcher:
    """Asks Prometheus, as a dashboard would."""

    def __init__(self, dashboard: Path) -> None:
        self.panels = [
            (str(panel["title"]), [str(target["expr"]) for target in panel["targets"]])
            for panel in json.loads(dashboard.read_text())["panels"]
        ]

    def shown(self, *, within: float) -> str:
        """Each panel of the dashboard with the values of its queries, the first panel last, once there are any."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            with suppress(Failed):  # it has just been started
                if self._values(self.panels[0][1][0]) != NONE:
                    break
            time.sleep(1)
        lines = []
        for title, queries in reversed(self.panels):
            found = [self._values(query) for query in queries]
            lines.append(f"{title}: {', '.join(found)}\n")
        return "".join(lines)

    def until(self, alert: str, state: str, *, within: float) -> str:
        """Wait until an alert rule is inactive, pending or firing. Raises Failed where it takes longer, or a rule is broken."""
        end = time.monotonic() + within
        while True:
            try:
                rules = [rule for group in self._ask("/api/v1/rules", {})["groups"] for rule in group["rules"]]
            except Failed:  # it has just been started
                if time.monotonic() > end:
                    raise
                time.sleep(1)
                continue
            broken = [rule["name"] for rule in rules if rule["health"] == "err"]
            found = {rule["name"]: rule for rule in rules}.get(alert)
            if found is None or broken:
                raise Failed(f"{alert} is not among the rules, or some are broken: {broken}")
            if found["state"] == state:
                summary = "".join(each["annotations"]["summary"] for each in found["alerts"][:1])
                firing = sorted(rule["name"] for rule in rules if rule["state"] == "firing")
                return f"{alert}: {state} {summary}\n{len(rules)} rules, firing: {', '.join(firing) or 'none'}\n"
            if time.monotonic() > end:
                raise Failed(f"{alert} is {found['state']} until the end")
            time.sleep(1)

    def _values(self, query: str) -> str:
        series = self._ask("/api/v1/query", {"query": query})["result"]
        numbers = [float(each["value"][1]) for each in series]
        return f"{max(numbers):.3g}" if numbers and max(numbers) == max(numbers) else NONE

    def _ask(self, path: str, query: dict[str, str]) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        try:
            connection.request("GET", f"{path}?{urlencode(query)}")
            answer = json.loads(connection.getresponse().read())
        except (OSError, ValueError) as error:
            raise Failed(f"Prometheus did not answer {path}: {error}") from None
        finally:
            connection.close()
        if answer["status"] != "success":
            raise Failed(f"Prometheus refused {path} {query}: {answer}")
        return answer["data"]
