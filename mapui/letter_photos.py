"""Photos on the pages of letters: the field that takes them, how they come in, how one goes out."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from appeals.errors import LetterRefused, PhotoNotTaken, TooManyPhotos
from appeals.uploads import keep_photos_in_memory, taken_in
from people.photos import MAX_BYTES, MAX_PIXELS

View = Callable[..., HttpResponse]
FIELD = "photos"


class PhotosInput(forms.FileInput):
    """The browser's own field for files, as many as one likes."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__({"accept": "image/*", "multiple": True})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile[Any]]:
        """Return all that were chosen, not the last alone."""
        return files.getlist(name) if files else []


class PhotosField(forms.Field):
    """Photos, as uploaded files; what each of them is, the deed that takes them says."""

    widget = PhotosInput

    def __init__(self) -> None:
        super().__init__(label=gettext_lazy("Photos (if you like)"), required=False)

    def clean(self, value: Any) -> list[UploadedFile[Any]]:
        """Return the files."""
        return list(value or [])

    @property
    def limits(self) -> dict[str, int]:
        """How many at once; how large each may be, in MB and in megapixels."""
        return {"most": settings.PHOTOS_AT_ONCE, "mb": MAX_BYTES // 1_000_000, "px": MAX_PIXELS // 1_000_000}

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        """Say the limits of this site beside the field."""
        limits = self.limits
        said = ngettext(
            "%(most)d photo at most, up to %(mb)d MB and %(px)d megapixels. What it remembers of the place and "
            "the camera is removed.",
            "Up to %(most)d photos, each up to %(mb)d MB and %(px)d megapixels. What they remember of the place "
            "and the camera is removed.",
            limits["most"],
        )
        self.help_text = said % limits
        return super().get_bound_field(form, field_name)


class WithPhotos(forms.Form):
    """A form that takes photos. Browsers forget chosen files whenever a page comes again: the page says so."""

    photos = PhotosField()

    def files_given(self, request: HttpRequest, *, of_letter: str = "") -> list[bytes]:
        """Return the content of the photos that were sent; call after `is_valid()`. Raises PhotosTooOften."""
        return taken_in(request, self.cleaned_data[FIELD], of_letter=of_letter)

    @property
    def photos_are_lost(self) -> bool:
        """Whether photos were chosen that the page, shown again, does not hold any more."""
        sent_by_name = self.data.getlist(FIELD) if hasattr(self.data, "getlist") else []
        return bool((self.files and self.files.getlist(FIELD)) or any(sent_by_name))

    def refuse_photos(self, refusal: LetterRefused) -> bool:
        """Say beside the field what is wrong with the photos, naming the file; return whether it was about them."""
        if not isinstance(refusal, PhotoNotTaken | TooManyPhotos):
            return False
        said = str(refusal)
        if isinstance(refusal, PhotoNotTaken):
            given = self.cleaned_data[FIELD]
            name = given[refusal.which].name if refusal.which < len(given) else ""
            said = _("“%(name)s”: %(reason)s") % {"name": name, "reason": said}
        self.add_error(FIELD, said)
        return True


class PhotosForm(WithPhotos):
    """Photos alone, on the last page of a letter."""


def takes_photos(view: View) -> View:
    """Let a view receive photos into memory. They have to be awaited before the form's token is looked for in the body:
    so the token is asked for inside.
    """
    guarded = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def receiving(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        keep_photos_in_memory(request)
        return guarded(request, *args, **kwargs)

    return receiving
