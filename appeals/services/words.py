"""What people type: cleaned and measured once for letters and messages alike."""

from django.utils.translation import gettext as _

from appeals.errors import TextMissing

TEXT_MAX = 8_000
"""Characters in a letter or a message, at most."""
REASON_MAX = 2_000
"""Characters in a reason that a form takes, at most."""
EMAIL_MAX = 254
"""Characters of an e-mail, at most; Django's validator lets 320 pass, its field 254 (RFC 5321, section 4.5.3.1.3)."""


def worded(text: str) -> str:
    """Return a text as it is kept. Raises TextMissing where it is empty or longer than TEXT_MAX."""
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise TextMissing(_("Write what happened: the text is empty."))
    if len(text) > TEXT_MAX:
        raise TextMissing(
            _("The text is too long: %(length)s characters, at most %(most)s.")
            % {"length": len(text), "most": TEXT_MAX}
        )
    return text
