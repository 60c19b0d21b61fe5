"""Django's PostgreSQL backend, in which every statement runs in the name of who acts (portal/database/backend/base.py)."""
