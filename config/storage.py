"""Static files: hashed names, also inside native ES modules."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedModulesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Whitenoise's hashed storage that also rewrites `import … from "./x.js";` inside modules.

    Every import needs its semicolon: Django's pattern misses one without.
    """

    support_js_module_import_aggregation = True
