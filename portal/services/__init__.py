"""Everything that changes people and organisations."""

from portal.services.accounts import (
    create_organisation,
    create_person,
    edit_organisation,
    edit_person,
    hide_first_steps,
)
from portal.services.sessions import change_password, end_session, end_sessions

__all__ = [
    "change_password",
    "create_organisation",
    "create_person",
    "edit_organisation",
    "edit_person",
    "end_session",
    "end_sessions",
    "hide_first_steps",
]
