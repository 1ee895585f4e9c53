"""The moderator's desk: what waits to be prepared for the site, and one letter with what would be published of it."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from appeals import services
from appeals.errors import LetterRefused
from appeals.models import Appeal, Shown
from appeals.models.choices import Publishing
from appeals.moderated import SUSPECTED, TO_PUBLISH, TOLD_TO
from appeals.redacting import Found
from appeals.services.publishing import answers_of, public_cell, telling_in
from appeals.whole import load_messages
from geo.models import City
from mapui.letter_readers import NUMBER, reader
from mapui.lists import Queue, list_address
from mapui.permissions import staff_of_city, under_own_eyes
from mapui.words_changed import words_changed
from people.models import Membership

MODERATORS = (Membership.Role.MODERATOR,)


class VersionForm(forms.Form):
    """What everybody would read."""

    question = forms.CharField(
        label=gettext_lazy("Question, as everybody will read it"),
        max_length=services.TEXT_MAX,
        widget=forms.Textarea({"rows": 10, "lang": "uk"}),
        error_messages={"required": gettext_lazy("The question is empty.")},
    )
    answer = forms.CharField(
        label=gettext_lazy("Answer, as everybody will read it"),
        help_text=gettext_lazy("Empty while there is no answer."),
        max_length=services.TEXT_MAX,
        required=False,
        widget=forms.Textarea({"rows": 10, "lang": "uk"}),
    )
    answers = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    """How many answers stood beside it when it was written."""

    def clean_answers(self) -> int:
        """Return the number; none were seen where it was left out."""
        return self.cleaned_data["answers"] or 0

    def beside(self, answers: int) -> None:
        """Be shown once more, beside so many answers."""
        self.data = dict(self.data.items()) | {"answers": str(answers)}


class RefusalForm(forms.Form):
    """Why nothing is published."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("The writer reads this."),
        max_length=services.REASON_MAX,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": gettext_lazy("Say why: the writer reads it.")},
    )


def count_words(count: int) -> str:
    """Write how many letters the other queue holds, as far as they are counted; nothing of none."""
    return f"{TOLD_TO}+" if count > TOLD_TO else str(count or "")


@require_safe
@never_cache
@staff_of_city(*MODERATORS)
@under_own_eyes
def moderation(request: HttpRequest, city: City) -> HttpResponse:
    """Letters whose writers let them be published: those that wait for the moderator, or the others."""
    moderator = reader(request)
    letters = Appeal.objects.publishable_in_cities_of(moderator).filter(city=city).with_publishing().with_names()
    keys = TO_PUBLISH.keys(city=city, moderator=moderator)
    queue = Queue(
        request, waiting=keys, done=letters.with_text(), load=partial(TO_PUBLISH.rows, city=city, moderator=moderator)
    )
    context = {
        "city": city,
        "queue": queue,
        "rows": [{"letter": each, "stands": Publishing(each.publishing).label} for each in queue.page],
        "suspected": count_words(SUSPECTED.count_some(city=city, moderator=moderator)),
    }
    return render(request, "mapui/staff/moderation/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_of_city(*MODERATORS)
@under_own_eyes
def to_publish(request: HttpRequest, city: City, number: str) -> HttpResponse:
    """One letter beside what would be published of it; the button says what is done with that.

    Written down whichever way it was asked for: every page that answers shows the letter, a refused deed's too.
    """
    letter = _letter(request, city, number)
    now = timezone.now()
    services.open_as_moderator(appeal=letter, user=reader(request), at=now)
    load_messages(letter)  # once for all that is shown: an answer that comes now is told later
    answers = len(answers_of(letter))
    form = VersionForm(initial=_texts(services.suggested(letter, at=now)) | {"answers": answers})
    refusal = RefusalForm()
    deed = request.POST.get("to", "")
    if deed == "refuse":
        refusal = RefusalForm(request.POST)
        if refusal.is_valid() and _do(request, services.refuse_publishing, letter, refusal):
            messages.success(request, _("Nothing of the letter is published. Its writer reads why."))
            return redirect(list_address(request, "staff_moderation", city.slug))
    elif deed in {"look", "offer", "edit"}:
        form = VersionForm(request.POST)
        if form.is_valid() and deed == "offer" and _do(request, services.offer_version, letter, form):
            messages.success(request, _("The text is before its writer: it is published once they agree."))
            return redirect(list_address(request, "staff_moderation", city.slug))
        if deed == "offer":
            form.beside(answers)
        if form.is_valid() and deed == "look":
            return render(request, "mapui/staff/moderation/preview.html", _preview(city, letter, form))
    context = _originals(letter) | {
        "city": city,
        "letter": letter,
        "form": form,
        "refusal": refusal,
        "publishing": services.publishing_of(letter),
    }
    return render(request, "mapui/staff/moderation/letter.html", context)


def _letter(request: HttpRequest, city: City, number: str) -> Appeal:
    """Return the letter of a public number, where a moderator may prepare it. Raises Http404."""
    written = NUMBER.fullmatch(number)
    if written is None:
        raise Http404
    letter = TO_PUBLISH.letter(city=city, moderator=reader(request), year=int(written[1]), number=int(written[2]))
    if letter is None:
        raise Http404
    return letter


def _do(request: HttpRequest, deed: Any, letter: Appeal, form: forms.Form) -> bool:
    """Do a deed with what was filled in; a refusal stands among the form's errors."""
    try:
        deed(appeal=letter, by=reader(request), at=timezone.now(), **form.cleaned_data)
    except LetterRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _texts(shown: Shown) -> dict[str, str]:
    return {"question": shown.question, "answer": shown.answer}


def _originals(letter: Appeal) -> dict[str, Any]:
    """Return what was written, with what may tell who and where marked: texts alone, no contact and no photo."""
    conversation = list(letter.messages.all())
    texts = [letter.text, *(message.body for message in conversation)]
    original, *bodies = (_marked(text, found) for text, found in zip(texts, telling_in(letter, *texts), strict=True))
    turns = [
        {"side": message.side, "sent_at": message.sent_at, "text": body}
        for message, body in zip(conversation, bodies, strict=True)
    ]
    return {"original": original, "turns": turns}


def _marked(text: str, telling: Iterable[Found]) -> SafeString:
    """Return a text with what was found in it in <mark>."""
    parts: list[SafeString | str] = []
    at = 0
    for found in telling:
        parts += [text[at : found.start], format_html("<mark>{}</mark>", text[found.start : found.end])]
        at = found.end
    return format_html_join("", "{}", ((part,) for part in [*parts, text[at:]]))


def _preview(city: City, letter: Appeal, form: VersionForm) -> dict[str, Any]:
    """Return the text as everybody would read it, what was changed in it, and what may still tell who or where."""
    texts = {name: form.cleaned_data[name] for name in ("question", "answer")}
    replies = answers_of(letter)
    telling = zip(texts.values(), telling_in(letter, *texts.values()), strict=True)
    still = [text[one.start : one.end] for text, found in telling for one in found]
    return {
        "city": city,
        "letter": letter,
        "form": form,
        "shown": Shown(texts["question"], texts["answer"], public_cell(letter, at=timezone.now())),
        "still": list(dict.fromkeys(still)),
        "question_changed": words_changed(letter.text, texts["question"]),
        "answer_changed": words_changed("\n\n".join(reply.body for reply in replies), texts["answer"]),
    }
