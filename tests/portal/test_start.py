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


PAGES = """
import gc, json
import django
django.setup()
before = gc.get_freeze_count()
from portal.http.warm_up import warm_up
warm_up()
left = len(gc.get_objects())
from django.template import engines
from django.urls import get_resolver
from django.utils.translation import trans_real
cached = engines["django"].engine.template_loaders[0].loaders[0].get_template_cache
print(json.dumps({"templates": len(cached), "addresses": get_resolver()._populated, "languages": sorted(trans_real._translations),
                  "frozen": gc.get_freeze_count() - before, "left": left}))
"""


def test_a_program_that_serves_pages_has_loaded_what_they_are_made_of() -> None:
    done = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-c", PAGES], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["templates"] >= len(list((settings.BASE_DIR / "templates").rglob("*.html")))
    assert found["addresses"]
    assert {code for code, _ in settings.LANGUAGES} <= set(found["languages"])
    assert found["frozen"] > 50_000
    assert found["left"] < 5_000, "what the collector walks through when it collects in full"


def test_the_server_of_pages_loads_them_before_it_serves_one() -> None:
    program = "import gc, django; django.setup(); usual = gc.get_freeze_count()\nimport portal.wsgi\nprint(gc.get_freeze_count() - usual)"
    done = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-c", program], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    assert int(done.stdout.splitlines()[-1]) > 50_000
