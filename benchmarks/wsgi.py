"""The application as it is served, with the bare view beside it."""

import sys
from typing import Any, cast

# Only development installs them; Django and REST framework load what they find.
cast(dict[str, Any], sys.modules).update(jinja2=None, pygments=None)

from django.conf import settings  # noqa: E402

from config.wsgi import application  # noqa: E402

settings.ROOT_URLCONF = "benchmarks.urls"
__all__ = ["application"]
