"""Categories among what the public reads and staff may propose to change."""

from typing import Final

from appeals.models import Category
from people.models import Membership
from people.subjects import Kind, Subject

CATEGORY: Final = Subject(
    kind=Kind.CATEGORY,
    model=Category,
    open_fields=("name_uk", "name_en", "guidance_uk", "guidance_en"),
    closed_fields=("lane", "position", "protected"),
    deciders=(),
    proposers=(Membership.Role.COORDINATOR, Membership.Role.MODERATOR),
    is_of_city=False,
)
"""Every city has the same: an administrator decides. What care a letter gets is no text, and is proposed nowhere."""
