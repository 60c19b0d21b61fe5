"""`python -m listings.matching.settling_child PARENT`: reads listings for their keys in a process of its own.

Whoever starts it is listings/services/settling_process.py. It has no database and no secrets, and its texts are a
stranger's: one that breaks, hangs or kills it costs this process, and nothing else.
"""

import gc
import json
import pickle
import sys

from listings.matching.settling import Sought, answer, receive, send
from portal.local.parent_death import die_with_parent

COLLECT_AFTER = 100_000  # objects: what is remembered of words lives on, and reading makes hardly any cycles


def main(parent: int) -> None:
    """Answer each list of the fields of listings with a list of `Answer` in JSON, by the `Sought` that came last."""
    die_with_parent(parent=parent)
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
    sought = Sought(None, frozenset())
    while (body := receive(sys.stdin.buffer)) is not None:
        message = pickle.loads(body)  # noqa: S301  of the process that started this one
        if isinstance(message, Sought):
            sought = message
            gc.freeze()
        else:
            answers = json.dumps([answer(fields, sought) for fields in message], ensure_ascii=False)
            send(sys.stdout.buffer, answers.encode(errors="surrogatepass"))


if __name__ == "__main__":
    main(int(sys.argv[1]))
