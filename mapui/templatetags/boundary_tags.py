"""Tags of the staff's pages about boundaries."""

from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from geo.boundaries.words import area_text

register = template.Library()

register.filter("area", area_text)


@register.filter
def share(part: float | None) -> str:
    """Return a share in per cent, one decimal below 10 %."""
    per_cent = 100 * (part or 0)
    return _("%(n)s %%") % {"n": number_format(per_cent, 0 if per_cent >= 10 else 1)}


@register.filter
def of_kind(changes: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """Return the changes of one kind: added, removed, moved."""
    return [change for change in changes if change["kind"] == kind]


@register.simple_tag
def boundary_texts() -> dict[str, str]:
    """Return every sentence that the maps, the upload and the editor say by script."""
    return {
        "zoom_in": _("Zoom in"),
        "zoom_out": _("Zoom out"),
        "metres": _("{n} m"),
        "kilometres": _("{n} km"),
        "map_failed": _("The map could not be loaded. Everything else on this page works."),
        "edit_failed": _("The districts could not be loaded. Reload the page."),
        "sending": _("Sending: {percent} %"),
        "checking": _("The file has arrived. Reading and checking it: {seconds} s"),
        "checking_too_long": _(
            "The check took longer than {minutes} minutes and was not waited for. Look whether the file was recorded; "
            "bring it in parts, or ask the administrator to import it on the server."
        ),
        "checking_long": _("Still checking: {seconds} s. A large city takes up to a minute."),
        "send_failed": _("The file did not arrive. Check the connection and send it again."),
        "too_large": _("The file is larger than {limit} MB."),
        "district": _("District {code}"),
        "vertices_of": _("{name}: {n} vertices"),
        "part": _("Part {part}"),
        "hole": _("Part {part}, hole {hole}"),
        "latitude_of": _("Latitude of vertex {n}"),
        "longitude_of": _("Longitude of vertex {n}"),
        "shared": _("with {codes}"),
        "own": _("not shared"),
        "add_after": _("Add a vertex after vertex {n}"),
        "delete": _("Delete vertex {n}"),
        "no_number": _("Type a number, such as 49.5531."),
        "far": _("This would move the vertex more than 50 km. Check the number."),
        "added": _("A vertex was added."),
        "deleted": _("The vertex was deleted."),
        "moved": _("The vertex was moved in {n} districts."),
        "moved_own": _("The vertex was moved."),
        "joined": _("The vertex was joined to the one that lay there."),
        "junction": _("Three districts meet at this vertex: move it instead of deleting it."),
        "triangle": _("An outline needs at least three vertices."),
        "collapse": _("This would close the outline on itself."),
        "undone": _("Undone."),
        "redone": _("Done again."),
        "changed_none": _("Nothing is changed yet."),
        "changed": _("Changed districts: {codes}"),
        "page": _("Vertices {from} to {to} of {n}"),
        "saving": _("Saving and checking…"),
        "save_failed": _("It was not saved. Check the connection and save again: your drawing is still here."),
    }
