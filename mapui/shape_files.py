"""A file of polygons that somebody of the staff uploads: what is asked about it, and how it waits between steps."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapui.uploads import KeptUpload, keep_upload, kept_upload


class ShapeFileForm(forms.Form):
    """A file with polygons, or one kept from the step before, where it comes from and how to read it."""

    file = forms.FileField(
        required=False, widget=forms.FileInput(attrs={"accept": ".geojson,.json,.topojson,.gpkg,.kml,.kmz,.zip"})
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    source = forms.CharField(
        label=gettext_lazy("Where it comes from"),
        help_text=gettext_lazy("The decision, its date, who drew it. Empty: the name of the file."),
        max_length=300,
        required=False,
    )
    layer = forms.CharField(
        label=gettext_lazy("Layer"),
        help_text=gettext_lazy("Only where the file has several."),
        max_length=100,
        required=False,
    )
    crs_epsg = forms.IntegerField(
        label=gettext_lazy("EPSG number of the coordinate system"),
        help_text=gettext_lazy("Only where the file does not say it: 4326 is WGS 84, 5564 is UCS-2000 zone 6."),
        min_value=1024,
        max_value=999_999,
        required=False,
    )

    file_label: Any
    file_help: Any
    instead_of_file: tuple[str, ...] = ("kept",)
    """Fields that say what is taken where no file is chosen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label, self.fields["file"].help_text = self.file_label, self.file_help

    def clean(self) -> dict[str, Any]:
        """Refuse a file that is too large, and none at all where nothing is taken in its place."""
        given = self.cleaned_data
        file = given.get("file")
        if file and file.size > settings.IMPORT_MAX_BYTES:
            limit = settings.IMPORT_MAX_BYTES // 1_000_000
            self.add_error("file", _("The file is larger than %(limit)d MB.") % {"limit": limit})
        if not (file or self.errors or any(given.get(name) for name in self.instead_of_file)):
            self.add_error("file", _("Choose a file."))
        return given

    def upload(self, *, owner: str) -> KeptUpload:
        """Return the file that came with the form, or the one kept from before. Raises UploadExpired."""
        if file := self.cleaned_data["file"]:
            return keep_upload(file, owner=owner)
        return kept_upload(self.cleaned_data["kept"], owner=owner)
