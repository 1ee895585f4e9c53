"""Forms about a city itself: adding one, its settings, its promise."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from appeals.models import PROMISE_MAX
from geo.models import City
from people.cities import SETTINGS


class NewCityForm(forms.ModelForm[City]):
    """A city in draft, and who coordinates it first."""

    coordinator = forms.CharField(label=_("Name of the first coordinator"), max_length=150)
    email = forms.EmailField(label=_("E-mail of the first coordinator"), help_text=_("They will sign in with it."))

    class Meta:
        model = City
        fields = ("name_uk", "name_en", "slug", "katottg")
        help_texts = {
            "slug": _("Latin letters, as in poltava: the city's page will be at this address, and stay there."),
            "katottg": _("UA and 17 digits, where it is known."),
        }


class CityForm(forms.ModelForm[City]):
    """What a coordinator changes of a city. Saving is the deed `people.cities.change_settings`."""

    class Meta:
        model = City
        fields = SETTINGS
        widgets = {
            "welcome_uk": forms.Textarea({"rows": 4}),
            "welcome_en": forms.Textarea({"rows": 4, "lang": "en"}),
            "accent": forms.RadioSelect,
            "basemap_url": forms.TextInput({"inputmode": "url", "autocomplete": "off"}),
        }
        help_texts = {
            "welcome_uk": _("Stands on the city's page, as plain text; up to 600 characters. Empty: nothing is shown."),
            "welcome_en": _("For those who read English. Empty: they see the Ukrainian text."),
        }

    def changes(self) -> dict[str, Any]:
        """Return what was typed, by the name of the setting."""
        return {name: self.cleaned_data[name] for name in SETTINGS}


class LogoForm(forms.Form):
    """The picture of a city's logo."""

    logo = forms.FileField(
        label=_("Logo"),
        help_text=_("PNG, JPEG, WebP or HEIC, on a white ground. It stands in the header, 36 px high."),
        widget=forms.FileInput({"accept": "image/png,image/jpeg,image/webp,image/heic"}),
        error_messages={"required": _("Choose a picture.")},
    )


class PromiseForm(forms.Form):
    """Within how many working days a message is answered."""

    days = forms.IntegerField(
        label=_("Working days"),
        validators=[MinValueValidator(1), MaxValueValidator(PROMISE_MAX)],
        widget=forms.NumberInput({"min": 1, "max": PROMISE_MAX, "inputmode": "numeric"}),
    )
