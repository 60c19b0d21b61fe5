"""Who is signed in, by the number that their session has: read on every request, together with where they work."""

from django.contrib.auth.backends import BaseBackend

from portal.models import User


class SignedInBackend(BaseBackend):
    """Knows people by their number alone; passwords are checked by Django's own backend beside it."""

    def get_user(self, user_id: int) -> User | None:
        """The person with their organisation, in one query; None for an account that is locked or gone."""
        try:
            return User.objects.select_related("organisation").get(pk=user_id, is_active=True)
        except User.DoesNotExist:
            return None
