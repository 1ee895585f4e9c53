"""The WSGI application that granian serves."""

import os
import sys
from typing import Any, cast

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# REST framework loads it for a client that only tests use: 5 MB of each server process. Osmium, which brings it, works
# in a process of its own.
cast(dict[str, Any], sys.modules)["requests"] = None

application = get_wsgi_application()
