"""Everything that changes people and organisations."""

from portal.services.accounts import create_organisation, create_person, edit_organisation, edit_person

__all__ = ["create_organisation", "create_person", "edit_organisation", "edit_person"]
