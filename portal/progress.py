"""A progress bar for commands: one line on a terminal, otherwise a line for every 10%."""

import sys
import time


class Bar:
    """`bar(done, total)` draws; `bar.finish()` ends the line. Writes to stderr, so that output stays clean."""

    WIDTH = 30

    def __init__(self, label: str) -> None:
        self.label, self._started, self._tenth = label, time.monotonic(), -1

    def __call__(self, done: int, total: int) -> None:
        share = done / total if total else 1.0
        tenth = int(share * 10)
        if sys.stderr.isatty():
            filled = "█" * int(share * self.WIDTH)
            sys.stderr.write(f"\r{self.label} {filled:░<{self.WIDTH}} {share:4.0%}  {done:,} of {total:,}")
        elif tenth != self._tenth:
            sys.stderr.write(f"{self.label} {share:4.0%}  {done:,} of {total:,}\n")
        self._tenth = tenth
        sys.stderr.flush()

    def finish(self) -> None:
        if sys.stderr.isatty():
            sys.stderr.write("\n")
        sys.stderr.write(f"{self.label}: {time.monotonic() - self._started:.1f} s\n")
