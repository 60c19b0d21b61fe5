"""The WSGI entry point that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("OFFSHELF_PROCESS", "web")  # pages wait shorter for the database than other work may
application = get_wsgi_application()

from portal.database.roles import refuse_at_start  # noqa: E402  its models are there only now
from portal.http.warm_up import warm_up  # noqa: E402

refuse_at_start()
warm_up()
