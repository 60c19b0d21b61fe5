"""Everything that changes people, organisations, webhook endpoints and exports."""

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
from portal.services.webhooks import (
    add_endpoint,
    delete_endpoint,
    disable_endpoint,
    edit_endpoint,
    enable_endpoint,
    replay,
    rotate_secret,
    send_test,
)

__all__ = [
    "NotKept",
    "SignInTry",
    "add_endpoint",
    "begin_sign_in",
    "cancel_export",
    "change_password",
    "create_organisation",
    "create_person",
    "delete_endpoint",
    "delete_export",
    "delete_old_answers",
    "delete_old_exports",
    "disable_endpoint",
    "edit_endpoint",
    "edit_organisation",
    "edit_person",
    "enable_endpoint",
    "end_session",
    "end_sessions",
    "failed_exports",
    "fetch_export",
    "hide_getting_started",
    "leaves",
    "replay",
    "rotate_secret",
    "run_export",
    "run_exports_due",
    "send_test",
    "sign_in_failed",
    "sign_in_succeeded",
    "start_export",
]
