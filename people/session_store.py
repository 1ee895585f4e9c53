"""Where sessions rest: in Django's own table, read by a prepared question that each page of the staff asks first."""

from typing import Final

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from geo.prepared_queries import PreparedQuery, given

SESSION: Final = PreparedQuery(
    lambda: Session.objects.filter(session_key=given("key", "text"), expire_date__gt=given("now", "timestamptz"))
)


class SessionStore(db.SessionStore):
    """Django's store of sessions."""

    def _get_session_from_db(self) -> Session | None:
        for session in SESSION.rows(key=self.session_key, now=timezone.now()):
            return session
        self._session_key = None
        return None
