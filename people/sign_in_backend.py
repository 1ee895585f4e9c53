"""Who a session belongs to, which each page of the staff asks."""

from typing import Any, Final

from allauth.account.auth_backends import AuthenticationBackend

from geo.prepared_queries import PreparedQuery, given
from people.models import User

USER: Final = PreparedQuery(lambda: User.objects.filter(pk=given("user", "bigint")))


class StaffBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's sign-in, with a prepared question for the person."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the person of a session, None where they are gone or may not sign in any more."""
        return next((user for user in USER.rows(user=user_id) if self.user_can_authenticate(user)), None)
