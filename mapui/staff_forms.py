"""Forms about the staff of a city: roles, an invitation, a first password."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geo.models import City
from people.models import Membership, Officer, User
from people.rights import StaffDeedRefused, cards_free_for, refuse_roles

Role = Membership.Role


class RolesForm(forms.Form):
    """Roles in one city, and the card of an officer."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        choices=[
            (Role.OFFICER, gettext_lazy("Officer: reads and answers the letters of their districts")),
            (Role.SUPERVISOR, gettext_lazy("Supervisor: reads all letters of the city, sees that none is late")),
            (Role.MODERATOR, gettext_lazy("Moderator: keeps cards and texts right")),
            (Role.ANALYST, gettext_lazy("Analyst: sees numbers, never letters")),
            (Role.COORDINATOR, gettext_lazy("Coordinator: boundaries, officers, staff; never letters")),
        ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one role.")},
    )
    officer = forms.ModelChoiceField(
        Officer.objects.none(),
        label=gettext_lazy("Card of the officer"),
        help_text=gettext_lazy("For the role of officer: whose districts this person serves."),
        required=False,
        empty_label=gettext_lazy("None"),
    )

    def __init__(self, *args: Any, city: City, whom: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.city, self.whom = city, whom
        self.officer_field.queryset = cards_free_for(whom).filter(city=city).defer("phone")

    @property
    def officer_field(self) -> "forms.ModelChoiceField[Officer]":
        """The field of the card, for its choices."""
        field: forms.ModelChoiceField[Officer] = self.fields["officer"]  # type: ignore[assignment]
        return field

    def clean(self) -> dict[str, Any]:
        """Say what the rules refuse, beside the field that it is about."""
        try:
            refuse_roles(
                self.cleaned_data.get("roles", []),
                officer=self.cleaned_data.get("officer"),
                city=self.city,
                whom=self.whom,
            )
        except StaffDeedRefused as refusal:
            if "roles" not in self.errors:
                self.add_error("roles", str(refusal))
        return self.cleaned_data


class MemberForm(RolesForm):
    """Roles of somebody who is a member already: none at all lets them leave."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].required = False
        self.fields["roles"].help_text = _("Without any role the person leaves the staff of this city.")


class InvitationForm(RolesForm):
    """Who is invited, and as what."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=150)
    email = forms.EmailField(label=gettext_lazy("E-mail"), help_text=gettext_lazy("They will sign in with it."))
    field_order = ("name", "email", "roles", "officer")


class FirstPasswordForm(forms.Form):
    """The password of somebody who joins."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        help_text=gettext_lazy("At least 12 characters. Three or four words that only you put together do well."),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        strip=False,
    )
    again = forms.CharField(
        label=gettext_lazy("The same password once more"),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        strip=False,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """Refuse a password that is short, common, or like the name."""
        validate_password(self.cleaned_data["password"], self.user)
        return str(self.cleaned_data["password"])

    def clean_again(self) -> str:
        """Both must be the same."""
        if "password" in self.cleaned_data and self.cleaned_data["again"] != self.cleaned_data["password"]:
            raise ValidationError(_("The two passwords differ."))
        return str(self.cleaned_data["again"])
