"""What every page is made of, loaded before the first reader asks for one."""

import gc

from django.conf import settings
from django.template.loader import get_template
from django.urls import get_resolver
from django.utils import translation


def warm_up() -> None:
    """Load addresses, templates and languages, for which otherwise the first reader of each page in each process waits; called
    once by what serves pages. They stay until the program ends: the garbage collector, which would stop a request for some
    80 ms to walk through them, leaves them alone (portal/start.py says the same of what is imported)."""
    _ = get_resolver().reverse_dict
    folder = settings.BASE_DIR / "templates"
    for path in sorted(folder.rglob("*.html")):
        get_template(str(path.relative_to(folder)))
    for language, _ in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("Yes")
    gc.collect()
    gc.freeze()
