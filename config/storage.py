"""Static files: hashed names, also inside native ES modules."""

from functools import cached_property

from django.conf import settings
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedModulesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Whitenoise's hashed storage that also rewrites `import … from "./x.js";` inside modules.

    Every import needs its semicolon: Django's pattern misses one without.
    """

    support_js_module_import_aggregation = True

    def url(self, name: str, force: bool = False) -> str:
        """Return the address of a file under its hashed name. A page has twenty: each is worked out once a process."""
        if settings.DEBUG or force:
            return str(super().url(name, force))
        if name not in self._addresses:
            self._addresses[name] = str(super().url(name))
        return self._addresses[name]

    @cached_property
    def _addresses(self) -> dict[str, str]:
        return {}
