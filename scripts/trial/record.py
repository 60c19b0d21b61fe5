"""What the trial did: each command as it would be typed, how long it took, and the end of what it printed."""

import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path

KEPT = 8
"""Lines of what was printed; what comes before is counted."""


class Failed(RuntimeError):
    """A step did not do what it should; the trial ends."""


class Record:
    """Writes as it goes, so that a trial that fails leaves what it did until then."""

    def __init__(self, path: Path, *, title: str, introduction: str, hidden: Iterable[str]) -> None:
        self.path, self.hidden = path, tuple(hidden)
        self.text = f"# {title}\n\n{introduction}\n"

    def section(self, title: str, text: str = "") -> None:
        print(f"== {title}", flush=True)
        self._write(f"\n## {title}\n" + (f"{text}\n" if text else ""))

    def step(self, command: str, run: Callable[[], str], *, expect: str = "") -> str:
        """Run it, and keep command, time and output. Raises Failed where it raises, or `expect` is not in what it printed."""
        print(f"   {self._shown(command)}", flush=True)
        began = time.monotonic()
        problem = ""
        try:
            output = run()
        except Failed as error:
            output, problem = str(error), f"`{self._shown(command)}` failed"
        took = time.monotonic() - began
        if not problem and not re.search(expect, output):
            problem = f"`{self._shown(command)}` did not print {expect!r}"
        self._write(f"\n```console\n$ {self._shown(command)}\n{self._end_of(output)}```\nTook {took:.1f} s.\n")
        if problem:
            raise Failed(f"{problem}:\n{self._shown(output)[-3000:]}")
        return output

    def _end_of(self, output: str) -> str:
        lines = [line.rstrip()[:160] for line in self._shown(output).splitlines() if line.strip()]
        more = f"… {len(lines) - KEPT} lines more\n" if len(lines) > KEPT else ""
        return more + "".join(f"{line}\n" for line in lines[-KEPT:])

    def _shown(self, text: str) -> str:
        for secret in self.hidden:
            text = text.replace(secret, "…")
        return text

    def _write(self, text: str) -> None:
        self.text += text
        self.path.write_text(self.text, encoding="utf-8")
