"""Words of the opening kit: what each item is called, where it is mended, and what the public sees in each stage."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from geo.stages import Need, Stage


@dataclass(frozen=True, slots=True)
class NeedWords:
    """An item's name, and the page where it is mended: its address's name and what the link says."""

    title: Promise
    page: str
    link: Promise


NEEDS: Final = {
    Need.BOUNDARIES: NeedWords(_("Boundaries"), "staff_boundaries", _("Boundaries of the districts")),
    Need.ADDRESSES: NeedWords(_("Addresses"), "staff_addresses", _("Bring addresses in")),
    Need.OFFICERS: NeedWords(_("An officer for every district"), "staff_officers", _("Officers and substitutes")),
    Need.CONTACTS: NeedWords(_("Contacts of the officers"), "staff_phones", _("Phones")),
    Need.STAFF: NeedWords(_("Moderator and supervisor"), "staff_people", _("Staff of the city")),
    Need.TEXTS: NeedWords(_("Texts"), "staff_city", _("Texts and settings of the city")),
    Need.PRACTICE: NeedWords(_("Letters answered in time"), "staff_training", _("Training copy")),
    Need.ANSWERED: NeedWords(_("No letter waits"), "staff_people", _("Who answers: staff of the city")),
}


@dataclass(frozen=True, slots=True)
class StageWords:
    """What a stage is for everybody else, and what the button says that leads there."""

    seen: Promise
    button: Promise


STAGES: Final = {
    Stage.DRAFT: StageWords(_("Nobody but the staff sees the city."), _("Back to a draft")),
    Stage.TRAINING: StageWords(
        _("The city has a page, marked as training. It answers no address, and letters reach those who train."),
        _("Begin the training"),
    ),
    Stage.PILOT: StageWords(
        _("Everybody finds their officer; the city is marked as a pilot. Letters come in where the city takes them."),
        _("Begin the pilot"),
    ),
    Stage.OPEN: StageWords(
        _("Everybody finds their officer. Letters come in where the city takes them."), _("Open the city")
    ),
    Stage.CLOSED: StageWords(
        _("The city has no page any more. Whoever wrote still reads their letter with the receipt."),
        _("Close the city"),
    ),
}
