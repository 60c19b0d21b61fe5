"""SCIM 2.0 as a directory speaks it: what it asks, and what it is answered (RFC 7643, RFC 7644). Knows no database.

A user is: userName (the email address), name or displayName, active, roles. Other attributes are accepted and not kept.
"""

import re
from typing import Any

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"
MAX_RESULTS, MAX_OPERATIONS, MAX_PATH = 100, 100, 300
NOT_KEPT = frozenset({
    "emails", "externalid", "title", "phonenumbers", "addresses", "preferredlanguage", "locale", "timezone", "usertype", "nickname",
    "profileurl", "photos", "ims", "groups", "entitlements", "id", "meta", "schemas", "password", "x509certificates",
})  # fmt: skip
"""Attributes of RFC 7643 that a directory may send, and that change nothing here."""
_FILTER = re.compile(
    r'\s*(?:urn:ietf:params:scim:schemas:core:2\.0:User:)?(username|id)\s+eq\s+"((?:[^"\\]|\\.)*)"\s*', re.IGNORECASE
)
_NAMES = ("formatted", "givenname", "familyname")


class BadMessage(ValueError):
    """What was sent is not SCIM; `kind` is a scimType of RFC 7644."""

    def __init__(self, detail: str, kind: str) -> None:
        super().__init__(detail)
        self.detail, self.kind = detail, kind


def filter_of(text: str) -> tuple[str, str]:
    """Attribute (userName or id, in small letters) and value. Raises BadMessage for any other filter."""
    if (match := _FILTER.fullmatch(text)) is None:
        raise BadMessage('The filters are: userName eq "…" and id eq "…".', "invalidFilter")
    return match[1].lower(), re.sub(r"\\(.)", r"\1", match[2])


def user_of(body: Any) -> dict[str, Any]:
    """The fields of a whole user (POST, PUT): email, is_active, and name and roles where it says them.
    Raises BadMessage."""
    if not isinstance(body, dict) or USER not in _list(body.get("schemas")):
        raise BadMessage(f"Send a JSON object whose schemas have {USER}.", "invalidSyntax")
    found = fields_of(body)
    if not found.get("email"):
        raise BadMessage("userName is required. It is the email address of the person.", "invalidValue")
    return {"is_active": True, **found}


def fields_of(attributes: dict[str, Any]) -> dict[str, Any]:
    """Those of our fields that some attributes of a user say. Names of attributes have no case."""
    told = {str(name).lower(): value for name, value in attributes.items()}
    found: dict[str, Any] = {}
    if "username" in told:
        found["email"] = _text(told["username"], "userName")
    if "active" in told:
        found["is_active"] = _flag(told["active"])
    if "roles" in told:
        found["roles"] = [_text(_value(each), "roles") for each in _list(told["roles"])]
    if name := _name(told):
        found["name"] = name
    return found


def changes_of(body: Any) -> dict[str, Any]:
    """The fields that a PATCH changes. Raises BadMessage for an operation or a path that there is not."""
    operations = body.get("Operations") if isinstance(body, dict) else None
    if not isinstance(body, dict) or PATCH not in _list(body.get("schemas")) or not isinstance(operations, list):
        raise BadMessage(f"Send a JSON object with Operations whose schemas have {PATCH}.", "invalidSyntax")
    if len(operations) > MAX_OPERATIONS:
        raise BadMessage(f"Send up to {MAX_OPERATIONS} Operations.", "tooMany")
    attributes: dict[str, Any] = {}
    for each in operations:
        if not isinstance(each, dict):
            raise BadMessage("Each of Operations is a JSON object.", "invalidSyntax")
        for name, value in _change(str(each.get("op", "")).lower(), each.get("path"), each.get("value")).items():
            known = attributes.get(name)
            attributes[name] = known | value if isinstance(known, dict) and isinstance(value, dict) else value
    return fields_of(attributes)


def _change(op: str, path: Any, value: Any) -> dict[str, Any]:
    """The attributes that one operation sets, under names in small letters."""
    if op not in {"add", "replace", "remove"}:
        raise BadMessage("op is add, replace or remove.", "invalidSyntax")
    if path is None:
        if op == "remove" or not isinstance(value, dict):
            raise BadMessage(
                "Without a path, value is a JSON object of attributes, and op is add or replace.", "noTarget"
            )
        return {key: each for name, part in value.items() for key, each in _set(str(name), part).items()}
    if not isinstance(path, str) or len(path) > MAX_PATH:
        raise BadMessage(f"path is a text of up to {MAX_PATH} characters.", "invalidPath")
    if op == "remove":
        name = next(iter(_set(path, None)), "")
        if name in {"username", "active"}:
            raise BadMessage(f"{name} cannot be removed.", "mutability")
        return {"roles": []} if name == "roles" else {}
    return _set(path, value)


def _set(path: str, value: Any) -> dict[str, Any]:
    """An attribute by its path: `name.givenName`, `roles[primary eq "True"].value`. What we do not keep sets nothing."""
    plain = re.sub(rf"^{re.escape(USER)}:", "", path, flags=re.IGNORECASE)
    name, part = re.split(r"[.\[]", plain, maxsplit=1)[0].lower(), plain.rpartition(".")[2]
    if name in {"username", "active", "displayname", "roles"}:
        return {name: value}
    if name == "name":
        return {name: value if isinstance(value, dict) else {part: value}}
    if name in NOT_KEPT or name.startswith("urn:"):
        return {}
    raise BadMessage(f"There is no attribute {plain[:80]}.", "invalidPath")


def _name(told: dict[str, Any]) -> str:
    """displayName, or else name: formatted, or its parts."""
    if shown := told.get("displayname"):
        return _text(shown, "displayName")
    parts = told.get("name")
    if not isinstance(parts, dict):
        return ""
    named = {
        str(key).lower(): _text(value, "name") for key, value in parts.items() if value and str(key).lower() in _NAMES
    }
    whole = " ".join(named[key] for key in _NAMES[1:]) if named.keys() >= {*_NAMES[1:]} else ""
    return named.get("formatted", "") or whole


def _text(value: Any, name: str) -> str:
    text = " ".join(value.split()) if isinstance(value, str) else ""
    if not text or len(text) > 254 or not text.isprintable():
        raise BadMessage(f"{name} is a text of up to 254 characters, without control characters.", "invalidValue")
    return text


def _flag(value: Any) -> bool:
    """True and false; as texts too, as some directories send them."""
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    if not isinstance(value, bool):
        raise BadMessage("active is true or false.", "invalidValue")
    return value


def _value(each: Any) -> Any:
    return each.get("value") if isinstance(each, dict) else each


def _list(value: Any) -> list[Any]:
    return value[:MAX_OPERATIONS] if isinstance(value, list) else [] if value is None else [value]


def listed(resources: list[dict[str, Any]], total: int, start: int) -> dict[str, Any]:
    return {
        "schemas": [LIST], "totalResults": total, "startIndex": start, "itemsPerPage": len(resources), "Resources": resources,
    }  # fmt: skip


def error(status: int, detail: str, kind: str = "") -> dict[str, Any]:
    return {"schemas": [ERROR], "status": str(status), "detail": detail} | ({"scimType": kind} if kind else {})
