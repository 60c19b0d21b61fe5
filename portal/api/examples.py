"""Every call with a request that was made and the answer that it got, for the documentation.

`examples.json` is written and compared by tests/portal/test_api_examples.py, which runs the texts below: what the page
shows is what was run.
"""

import json
import shlex
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Self

FILE = Path(__file__).with_name("examples.json")
ADDRESS = "https://offshelf.example"


@dataclass(frozen=True, slots=True)
class Example:
    """One request to `path`, below /api/v1/, as JSON where it has a body, and what it was answered.

    `headers` are those beside the key and the usual ones; `text` is a body that is no JSON.
    """

    method: str
    path: str
    body: Any = None
    status: int = 0
    answer: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self:
        return cls(**stored)

    @property
    def is_file(self) -> bool:
        """Whether the answer is a file to save, and no JSON."""
        return self.path.startswith("attachments/") or self.path.rpartition("/")[2] in {
            "file",
            "content",
            "pdf",
            "pack",
            "capture",
        }

    def curl(self, address: str = ADDRESS) -> str:
        """A command for a shell in which OFFSHELF_KEY is set."""
        lines = ['curl -sS --fail-with-body -H "Authorization: Bearer $OFFSHELF_KEY"']
        if self.method != "GET":
            lines[0] += f" -X {self.method}"
            lines.append('-H "Idempotency-Key: $(uuidgen)"')
        lines += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in self.headers.items()]
        if self.body is not None:
            lines.append("-H 'Content-Type: application/json'")
            lines.append(f"-d {shlex.quote(json.dumps(self.body, ensure_ascii=False))}")
        if self.text:
            lines.append(f"--data-binary {shlex.quote(self.text)}")
        lines.append(shlex.quote(f"{address}/api/v1/{self.path}") + (" -o file" if self.is_file else ""))
        return " \\\n  ".join(lines)

    def python(self, address: str = ADDRESS) -> str:
        """A program that needs the library requests, and OFFSHELF_KEY in its environment."""
        given = ['headers={"Authorization": f"Bearer {os.environ[\'OFFSHELF_KEY\']}"}']
        if self.method != "GET":
            given[0] = given[0][:-1] + ', "Idempotency-Key": str(uuid.uuid4())}'
        if self.headers:
            given[0] = f"{given[0][:-1]}, **{self.headers!r}}}"
        if self.body is not None:
            given.append(f"json={self.body!r}")
        if self.text:
            given.append(f"data={self.text.encode()!r}")
        inner = "".join(f"    {each},\n" for each in ['"' + f"{address}/api/v1/{self.path}" + '"', *given])
        shown = "len(answer.content)" if self.is_file else "answer.text"
        needs = "import os\n" + ("import uuid\n" if self.method != "GET" else "")
        return (
            f"{needs}\nimport requests\n\nanswer = requests.{self.method.lower()}(\n{inner}    timeout=30,\n)\n"
            f"answer.raise_for_status()\nprint({shown})"
        )

    @property
    def shown(self) -> str:
        """The answer as the page shows it."""
        if self.answer is None:
            return f"{self.status}, without content"
        return self.answer if isinstance(self.answer, str) else json.dumps(self.answer, indent=2, ensure_ascii=False)


@cache
def examples() -> dict[str, Example]:
    """By method and path as the schema has them, for example "GET flags/{id}"."""
    return {call: Example.of(stored) for call, stored in json.loads(FILE.read_text(encoding="utf-8")).items()}
