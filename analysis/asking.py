"""Who asks for numbers: somebody signed in, or a script with a token; and what they may have today.

A token narrows what its owner may do (one city, some kinds) and widens nothing: every question goes to its owner's
rights of this moment.
"""

import base64
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import timezone

from analysis.models import Token
from analysis.models.tokens import PREFIX
from analysis.released import reads_releases_of
from analysis.tokens import DeadToken, kinds_open_to, show_token
from appeals.models import reads_letters_in
from geo.models import City
from geo.problems import register_problem
from people.models import Membership, User

SCHEME = "bearer"
CHALLENGE = 'Bearer realm="dilnychnyi"'

register_problem(DeadToken, 401, "token-refused", **{"WWW-Authenticate": CHALLENGE})


@dataclass(frozen=True, slots=True)
class Asker:
    """A person, and the token that speaks for them, if it is a script that asks."""

    user: User | AnonymousUser
    token: Token | None = None

    @property
    def name(self) -> str:
        """As files name who had them made."""
        return str(self.token or self.user)

    def reads_live(self, city: City) -> bool:
        """Whether they may see live counts of a city: its officers (own districts) and supervisors."""
        return self._opens(Token.Kind.LIVE, city) and reads_letters_in(self.user, city)

    def exports_live(self, city: City) -> bool:
        """Whether they may take live counts of a city away: its supervisors."""
        if not isinstance(self.user, User) or not self.reads_live(city):
            return False
        return self.user.has_role(city, Membership.Role.SUPERVISOR)

    def reads_releases(self, city: City) -> bool:
        """Whether they may see what was released of a city."""
        return self._opens(Token.Kind.RELEASES, city) and reads_releases_of(self.user, city)

    def cities_with_releases(self) -> list[City]:
        """The cities on the site whose releases they may see."""
        if not isinstance(self.user, User):
            return []
        mine = City.objects.visible_on_site().filter(memberships__user=self.user).distinct()
        return [city for city in mine if self.reads_releases(city)]

    def _opens(self, kind: Token.Kind, city: City) -> bool:
        token = self.token
        if token is None:
            return True
        return token.city_id == city.pk and kind in token.kinds and kind in kinds_open_to(token.owner, city)


def asker_of(request: HttpRequest) -> Asker:
    """Return who asks: a token that is shown speaks before a sign-in does. Raises DeadToken."""
    text = _shown(request.headers.get("Authorization", ""))
    if text is None:
        return Asker(request.user if isinstance(request.user, User) else AnonymousUser())
    token = show_token(text, at=timezone.now())
    return Asker(token.owner, token)


def _shown(header: str) -> str | None:
    """The token of `Authorization: Bearer …`; or of `Basic …`, for programs that know no other: as the password.

    Any other password is not for us: a site may stand behind one.
    """
    scheme, _space, text = header.partition(" ")
    if scheme.lower() == SCHEME:
        return text.strip()
    if scheme.lower() != "basic":
        return None
    try:
        _name, _colon, password = base64.b64decode(text.strip(), validate=True).decode().partition(":")
    except ValueError:
        return None
    return password if password.startswith(PREFIX) else None
