"""What is changed in the administration is written down with all other changes of cards and texts."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from people.models import Proposal, User
from people.proposing import written_down
from people.subjects import values_of


class WrittenDown:
    """Mixin of an admin of what `people.subjects` names."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the row, and write down what is otherwise now."""
        before = values_of(type(obj)._default_manager.get(pk=obj.pk)) if change else None
        super().save_model(request, obj, form, change)  # type: ignore[misc]
        by = request.user if isinstance(request.user, User) else None
        written_down(obj, before, by=by, through=Proposal.Through.ADMINISTRATION, at=timezone.now())
