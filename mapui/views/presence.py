"""Still there: a page that is being typed on tells so, and learns how long the sign-in lasts."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from people.sessions import SessionLimits, session_ends_at


@require_safe
@never_cache
@login_required
def here(request: HttpRequest) -> JsonResponse:
    """Return the seconds until the sign-in ends whatever happens, and the token that forms need from now on.

    Who signs in anew in another tab gets a new token; forms that were open before send with it after all.
    """
    limits = SessionLimits(idle=settings.STAFF_IDLE_LIMIT, absolute=settings.STAFF_SESSION_LIMIT)
    ends_at = session_ends_at(request.session, limits=limits)
    return JsonResponse({"ends_s": int((ends_at - timezone.now()).total_seconds()), "token": get_token(request)})
