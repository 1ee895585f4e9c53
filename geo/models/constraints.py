"""Constraints of the territory that forms can ask too."""

from collections.abc import Container
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _


class ValidGeometry(models.CheckConstraint):
    """The database refuses a geometry that is not valid (OGC) or is empty; nothing to check where there is none.

    Django's own check in Python cannot evaluate `isvalid` on None, so a form asks GEOS instead.
    """

    def __init__(self, *, field: str, name: str, **options: Any) -> None:
        self.field = field
        super().__init__(condition=Q(**{f"{field}__isvalid": True, f"{field}__isempty": False}), name=name, **options)

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        """Return what a migration writes."""
        path, args, kwargs = super().deconstruct()
        kwargs.pop("condition")
        return path, args, kwargs | {"field": self.field}

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Container[str] | None = None,
        using: str | None = None,
    ) -> None:
        """Raise ValidationError with the reason and the place that GEOS names."""
        geometry = getattr(instance, self.field)
        if geometry is None or (exclude and self.field in exclude):
            return
        if geometry.empty:
            raise ValidationError({self.field: _("The outline is empty.")})
        if not geometry.valid:
            raise ValidationError(
                {self.field: _("The outline is not valid: %(why)s.") % {"why": geometry.valid_reason}}
            )
