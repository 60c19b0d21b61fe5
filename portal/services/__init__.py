"""Everything that changes people, organisations and exports."""

from portal.services.account_links import find_link
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
from portal.services.factor_resets import (
    ask_factor_reset,
    confirm_factor_reset,
    open_reset_of,
    refuse_factor_reset,
)
from portal.services.inactivity import lock_if_inactive, lock_inactive_people, unlock_person
from portal.services.invitations import invite_again, invite_person
from portal.services.kept_answers import delete_old_answers
from portal.services.passkeys import add_passkey, challenge, registration, use_passkey
from portal.services.passwords import (
    answer_password_requests,
    ask_for_new_password,
    change_password,
    require_new_password,
    set_password_by_link,
)
from portal.services.second_factors import (
    add_app,
    app_address,
    begin_factor,
    factor_failed,
    has_factor,
    make_recovery_codes,
    new_app_secret,
    remove_factor,
    use_code,
)
from portal.services.sessions import end_session, end_sessions
from portal.services.signing_in import SignInTry, begin_sign_in, password_accepted, sign_in_failed, signed_in
from portal.services.single_sign_on import (
    edit_single_sign_on,
    enter_by_sign_on,
    provider_of,
    sign_on_for,
    sign_on_refused,
)

__all__ = [
    "NotKept",
    "SignInTry",
    "add_app",
    "add_passkey",
    "answer_password_requests",
    "app_address",
    "ask_factor_reset",
    "ask_for_new_password",
    "begin_factor",
    "begin_sign_in",
    "cancel_export",
    "challenge",
    "change_password",
    "confirm_factor_reset",
    "create_organisation",
    "create_person",
    "delete_export",
    "delete_old_answers",
    "delete_old_exports",
    "edit_organisation",
    "edit_person",
    "edit_single_sign_on",
    "end_session",
    "end_sessions",
    "enter_by_sign_on",
    "factor_failed",
    "failed_exports",
    "fetch_export",
    "find_link",
    "has_factor",
    "hide_getting_started",
    "invite_again",
    "invite_person",
    "leaves",
    "lock_if_inactive",
    "lock_inactive_people",
    "make_recovery_codes",
    "new_app_secret",
    "open_reset_of",
    "password_accepted",
    "provider_of",
    "refuse_factor_reset",
    "registration",
    "remove_factor",
    "require_new_password",
    "run_export",
    "run_exports_due",
    "set_password_by_link",
    "sign_in_failed",
    "sign_on_for",
    "sign_on_refused",
    "signed_in",
    "start_export",
    "unlock_person",
    "use_code",
    "use_passkey",
]
