"""Why a letter or a message is refused: every name is a sentence, and every message says what to do next."""


class LetterRefused(Exception):
    """The writer's request cannot be done; the text is a sentence for the writer, in the active language."""


class LettersNotOpen(LetterRefused):
    """The city does not take letters yet."""


class BadDraft(LetterRefused):
    """A choice that does not exist: a lane, a stance, a way to answer."""


class UnknownCategory(LetterRefused):
    """There is no such category."""


class UnknownAddressee(LetterRefused):
    """The city has no such district in force, or neither a place nor a district was given."""


class PlaceInAnotherDistrict(LetterRefused):
    """The marked place is served by another district than the one the writer chose."""

    def __init__(self, sentence: str, *, code: str, name: str) -> None:
        super().__init__(sentence)
        self.code, self.name = code, name


class NeedsIdentity(LetterRefused):
    """A formal appeal lacks a name, a residence or a contact (law 393/96-ВР, article 5), or the chosen one is empty."""


class NobodyAbove(LetterRefused):
    """The letter is to be kept from everybody who could answer it here; outside bodies take it."""

    def __init__(self, sentence: str, *, bodies: tuple[str, ...]) -> None:
        super().__init__(sentence)
        self.bodies = bodies
        """Name and contact of each, in the active language."""


class TextMissing(LetterRefused):
    """A letter or a message without a word in it, or longer than the limit."""


class BadIdempotencyKey(LetterRefused):
    """The Idempotency-Key is missing, too short to be unique, or not visible ASCII."""


class KeyUsedForAnotherLetter(LetterRefused):
    """The same Idempotency-Key came with another content."""


class KeyUsedForAnotherMessage(LetterRefused):
    """The same key came with other words."""


class UnknownReceipt(LetterRefused):
    """No letter has this receipt."""


class ConversationClosed(LetterRefused):
    """The letter is closed: nothing can be added."""


class NotPossibleNow(LetterRefused):
    """The letter's state does not allow this."""


class AnsweredMeanwhile(LetterRefused):
    """The office has answered since whoever prepares the letter for the site was shown it."""


class NotYours(LetterRefused):
    """Whoever wants to do something with the letter may not read it, or may only read it."""


class UnknownBody(LetterRefused):
    """There is no such outside body to forward to."""


class BadRegistration(LetterRefused):
    """The number or the day of an entry in the unified register cannot be right."""


class TermRefused(LetterRefused):
    """The law does not let the term of the letter be lengthened so."""


class TooManyPhotos(LetterRefused):
    """More photos than one turn of a conversation, or the whole of it, may hold."""


class PhotosTooOften(TooManyPhotos):
    """More photos came from one address lately than the server draws anew for it."""


class PhotoNotTaken(LetterRefused):
    """A photo is too large, or is no photo: `people.photos` says which. `which` counts from 0 among those given."""

    def __init__(self, sentence: str, *, which: int = 0) -> None:
        super().__init__(sentence)
        self.which = which


class UnknownPhoto(LetterRefused):
    """The letter has no such photo."""
