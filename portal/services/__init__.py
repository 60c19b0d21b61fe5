"""Everything that changes people, organisations and exports."""

from portal.services.accounts import (
    create_organisation,
    create_person,
    edit_organisation,
    edit_person,
    hide_first_steps,
)
from portal.services.exports import (
    NotKept,
    cancel_export,
    delete_export,
    delete_old_exports,
    exports_given_up,
    fetch_export,
    run_export,
    run_exports_due,
    start_export,
)
from portal.services.sessions import change_password, end_session, end_sessions

__all__ = [
    "NotKept",
    "cancel_export",
    "change_password",
    "create_organisation",
    "create_person",
    "delete_export",
    "delete_old_exports",
    "edit_organisation",
    "edit_person",
    "end_session",
    "end_sessions",
    "exports_given_up",
    "fetch_export",
    "hide_first_steps",
    "run_export",
    "run_exports_due",
    "start_export",
]
