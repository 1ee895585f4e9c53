"""The WSGI application that granian serves."""

import os
import sys
from importlib import import_module
from typing import Any, cast

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# REST framework loads requests for a client that only tests use: 5 MB of each server process. While it looks, there is
# none; whatever needs it later finds it.
modules = cast(dict[str, Any], sys.modules)
modules["requests"] = None
application = get_wsgi_application()
import_module("rest_framework.compat")
del modules["requests"]
