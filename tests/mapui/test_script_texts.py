"""What the server gives the scripts to say is what they say."""

import re

from django.conf import settings

from mapui.templatetags.boundary_tags import boundary_texts
from mapui.templatetags.mapui_tags import finder_texts

SCRIPTS = "\n".join(
    path.read_text(encoding="utf-8") for path in sorted((settings.BASE_DIR / "mapui/static/mapui/js").rglob("*.js"))
)
KNOWN = {*finder_texts(), *boundary_texts()}


def test_every_sentence_for_scripts_is_said_by_one() -> None:
    assert {key for key in KNOWN if f'"{key}"' not in SCRIPTS} == set()


def test_every_sentence_a_script_says_is_given_to_it() -> None:
    assert set(re.findall(r'\btext\("(\w+)"', SCRIPTS)) - KNOWN == set()
