"""Everything that changes people, organisations and exports."""

from portal.services.accounts import (
    create_organisation,
    create_person,
    edit_organisation,
    edit_person,
    hide_getting_started,
    leaves,
)
from portal.services.exports import (
    NotKept,
    cancel_export,
    delete_export,
    delete_old_exports,
    failed_exports,
    fetch_export,
    run_export,
    run_exports_due,
    start_export,
)
from portal.services.kept_answers import delete_old_answers
from portal.services.sessions import change_password, end_session, end_sessions
from portal.services.signing_in import SignInTry, begin_sign_in, sign_in_failed, sign_in_succeeded

__all__ = [
    "NotKept",
    "SignInTry",
    "begin_sign_in",
    "cancel_export",
    "change_password",
    "create_organisation",
    "create_person",
    "delete_export",
    "delete_old_answers",
    "delete_old_exports",
    "edit_organisation",
    "edit_person",
    "end_session",
    "end_sessions",
    "failed_exports",
    "fetch_export",
    "hide_getting_started",
    "leaves",
    "run_export",
    "run_exports_due",
    "sign_in_failed",
    "sign_in_succeeded",
    "start_export",
]
