"""What the staff can do with a letter, as a table: the words on the page, the form, the deed."""

import datetime
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appeals import services
from appeals.models import Addressee, Appeal, Body, Registration
from appeals.services.keeping import REGISTER_NUMBER_MAX
from appeals.words import MOVE_NAMES
from appeals.workflow import Move, Side
from geo.labels import in_counting_order
from geo.models import District
from geo.names import in_current_language
from geo.prepared_queries import PreparedQuery, answers_of, given
from mapui.letter_forms import CategoryChoice
from people.models import User

IN_FORCE: Final = PreparedQuery(
    lambda: (
        District.objects.in_force_at(given("at", "timestamptz"), city=given("city", "bigint"))
        .order_by()
        .values_list("pk", "code", "name_uk", "name_en")
    )
)
NEXT_TO: Final = PreparedQuery(
    lambda: (
        District.objects.filter(city=given("city", "bigint"))
        .bordering(given("district", "bigint"), at=given("at", "timestamptz"))
        .order_by()
        .values_list("code", flat=True)
    )
)
BODIES: Final = PreparedQuery(lambda: Body.objects.of(given("city", "bigint")))


class DeedForm(forms.Form):
    """What a deed asks; this one asks nothing."""

    def __init__(self, data: QueryDict | None = None, *, letter: Appeal) -> None:
        super().__init__(data, auto_id=f"id_{type(self).__name__.removesuffix('Form').lower()}_%s")
        self.letter = letter

    @property
    def last_day(self) -> datetime.date | None:
        """The day until whose end the law wants it done, where it says one."""
        return None

    def do(self, deed: "Deed", *, by: User) -> None:
        """Do it with what was filled in. Raises appeals.errors.LetterRefused."""
        assert deed.do is not None  # noqa: S101 - a form without one does it itself
        deed.do(appeal=self.letter, by=by, at=timezone.now(), **self.cleaned_data)


class ReasonForm(DeedForm):
    """Why, in words that the writer reads."""

    reason = forms.CharField(
        label=_("Why"),
        help_text=_("The writer reads this."),
        max_length=services.REASON_MAX,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Say why: the writer reads it.")},
    )


class CloseForm(ReasonForm):
    """Why a letter is closed."""


class ReturnForm(ReasonForm):
    """What a formal appeal lacks."""

    @property
    def last_day(self) -> datetime.date | None:
        """Ten days after receipt (393/96-ВР, article 5)."""
        return services.return_by(self.letter)


class TransferForm(ReasonForm):
    """To which district, or up to the supervisors."""

    UP = "."
    to = forms.ChoiceField(label=_("To whom"), error_messages={"required": _("Choose to whom.")})
    field_order = ("to", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now, above = timezone.now(), self.letter.addressee == Addressee.SUPERVISOR
        of_city = {"city": self.letter.city_id, "at": now}
        there, next_to = answers_of(
            IN_FORCE.asked(**of_city), NEXT_TO.asked(**of_city, district=self.letter.district_id)
        )
        names = {
            code: in_current_language(*known) for key, code, *known in there if above or key != self.letter.district_id
        }
        near = {self.letter.district.code, *next_to}
        by_distance: dict[bool, list[tuple[str, str]]] = {True: [], False: []}
        for code in sorted(names, key=in_counting_order):
            by_distance[code in near].append((code, names[code]))
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose")),
            *([] if above else [(self.UP, _("Supervisors of the city"))]),
            (_("Here and next to it") if above else _("Neighbouring districts"), by_distance[True]),
            (_("Further away"), by_distance[False]),
        ]

    def do(self, deed: "Deed", *, by: User) -> None:
        """Hand it over, sideways or up."""
        reason, to = self.cleaned_data["reason"], self.cleaned_data["to"]
        handed: dict[str, Any] = {"appeal": self.letter, "by": by, "at": timezone.now(), "reason": reason}
        if to == self.UP:
            services.hand_up(**handed)
        else:
            services.transfer(to=District.objects.get(city=self.letter.city_id, code=to), **handed)


class ForwardForm(ReasonForm):
    """To which other body."""

    to = forms.ModelChoiceField(
        Body.objects.none(),
        label=_("To which body"),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose to whom.")},
    )
    field_order = ("to", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to: Any = self.fields["to"]
        to.queryset = Body.objects.of(self.letter.city)
        to.choices = [("", to.empty_label), *((body.pk, body.name) for body in BODIES.rows(city=self.letter.city_id))]

    @property
    def last_day(self) -> datetime.date | None:
        """Five days after receipt of a formal appeal (393/96-ВР, article 7)."""
        return services.forward_by(self.letter)


class DayInput(forms.DateInput):
    """The browser's own field for a day."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ExtendForm(ReasonForm):
    """To which day the term is extended."""

    until = forms.DateField(label=_("New last day"), widget=DayInput())
    field_order = ("until", "reason")


class CategoryForm(DeedForm):
    """What the letter is about in truth."""

    to = CategoryChoice(label=_("Category"), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("to", self.letter.category_id)


class RegisterForm(DeedForm):
    """The entry in the unified register."""

    number = forms.CharField(label=_("Number in the unified register"), max_length=REGISTER_NUMBER_MAX)
    on = forms.DateField(label=_("Registered on"), widget=DayInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known := self.letter.registration:
            self.initial = {"number": known.number, "on": known.on}

    def do(self, deed: "Deed", *, by: User) -> None:
        """Write it down."""
        entry = Registration(self.cleaned_data["number"], self.cleaned_data["on"])
        services.register(appeal=self.letter, registration=entry, by=by, at=timezone.now())


class NoteForm(DeedForm):
    """Words for the colleagues."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    body = forms.CharField(
        label=_("Note for the office"),
        help_text=_("The writer never reads this."),
        max_length=services.TEXT_MAX,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Write the note: it is empty.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid.uuid4())

    def do(self, deed: "Deed", *, by: User) -> None:
        """Keep it."""
        services.add_note(appeal=self.letter, author=by, written_at=timezone.now(), **self.cleaned_data)


@dataclass(frozen=True, slots=True)
class Deed:
    """One row: `name` stands in the address; a move of the table is offered where the table allows it."""

    name: str
    label: str | Promise
    icon: str
    done: str | Promise
    do: Callable[..., object] | None = None
    form: type[DeedForm] = DeedForm

    @property
    def asks(self) -> bool:
        """Whether there is something to fill in: else the deed is one button."""
        return self.form is not DeedForm


def _move(move: Move, icon: str, done: str | Promise, do: Callable[..., object] | None, **more: Any) -> Deed:
    return Deed(move.value, MOVE_NAMES[move], icon, done, do, **more)


DEEDS: Mapping[str, Deed] = {
    deed.name: deed
    for deed in (
        _move(Move.ACCEPT, "check", _("The letter is accepted."), services.accept),
        _move(Move.START_WORK, "play", _("Work has begun."), services.start_work),
        _move(Move.STUDY, "book-open", _("The letter has a month now."), services.study),
        Deed(
            "transfer",
            _("Transfer or hand up"),
            "arrow-right-left",
            _("The letter is handed over."),
            None,
            TransferForm,
        ),
        _move(Move.FORWARD, "forward", _("The letter is forwarded."), services.forward, form=ForwardForm),
        _move(Move.RETURN, "undo-2", _("The appeal is returned."), services.return_to_writer, form=ReturnForm),
        _move(Move.EXTEND, "calendar-plus", _("The term is extended."), services.extend, form=ExtendForm),
        Deed(
            "category",
            _("Change the category"),
            "tag",
            _("The category is changed."),
            services.change_category,
            CategoryForm,
        ),
        Deed("register", _("Unified register"), "clipboard-list", _("The entry is kept."), form=RegisterForm),
        _move(Move.CLOSE, "lock", _("The letter is closed."), services.close, form=CloseForm),
        _move(Move.MARK_SPAM, "ban", _("The letter is set aside as spam."), services.mark_spam),
        _move(Move.NOT_SPAM, "inbox", _("The letter is back."), services.not_spam),
        Deed("note", _("Note for the office"), "sticky-note", _("The note is kept."), form=NoteForm),
    )
}


def open_deeds(letter: Appeal, side: Side) -> list[Deed]:
    """Return the deeds that a side can do now; what is written down beside a letter ends only with the letter."""
    if letter.is_erased:
        return []
    moves = {move.value for move in letter.moves_of(side)} | {"category", "register", "note"}
    return [deed for name, deed in DEEDS.items() if name in moves]
