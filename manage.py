#!/usr/bin/env python
"""Django's command line for Offshelf: `manage.py help` lists the commands."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from portal.database import acting

    acting.begin(acting.SYSTEM)  # commands are the operator's, who sees everything
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Offshelf does not start: {error}")
