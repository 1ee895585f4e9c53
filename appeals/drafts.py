"""What a writer has decided before sending: plain values, no database."""

from dataclasses import dataclass

from appeals.models.choices import AnswerBy, KeepFrom, Lane, Stance


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A letter that is ready to be sent.

    `place` is (longitude, latitude) in degrees, WGS 84; `address` the words the writer knows it by; either, both or
    none: then `district` (a code) alone says where. `category` is the key of a category. A formal appeal needs
    `name`, `residence` and one of `email` and `phone` (law 393/96-ВР, article 5). Contacts count only as far as
    `answer_by` allows. `kept_supervisor` names, by key of the user, the supervisor whom the letter is about.
    """

    district: str = ""
    place: tuple[float, float] | None = None
    address: str = ""
    lane: str = Lane.MESSAGE
    category: str
    text: str
    stance: str = Stance.MYSELF
    answer_by: str = AnswerBy.RECEIPT
    name: str = ""
    residence: str = ""
    email: str = ""
    phone: str = ""
    keep_from: str = KeepFrom.NOBODY
    kept_supervisor: int | None = None
