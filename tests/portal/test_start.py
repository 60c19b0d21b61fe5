"""What every program of the product pays for when it starts."""

import json
import subprocess
import sys

from django.conf import settings

PROGRAM = """
import gc, json, sys
usual = gc.get_threshold()
import django
django.setup()
print(json.dumps({"full": gc.get_stats()[2]["collections"], "frozen": gc.get_freeze_count(),
                  "usual": gc.get_threshold() == usual and gc.isenabled(), "loaded": sorted(sys.modules)}))
"""


def test_a_program_starts_without_what_few_need_and_without_collecting_what_stays() -> None:
    done = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-c", PROGRAM], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout.splitlines()[-1])
    assert {"listings.models", "enforcement.services", "portal.media.imaging"} <= set(found["loaded"]), "all is there"
    assert {"openpyxl", "fpdf", "fontTools", "uharfbuzz", "pyarrow", "numpy"} & set(found["loaded"]) == set()
    assert found["full"] <= 1, "full collections while modules were imported"
    assert found["frozen"] > 100_000
    assert found["usual"], "collected as ever from then on"
