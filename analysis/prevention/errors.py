"""Why a deed of prevention is not done."""


class MeasureRefused(Exception):
    """A deed of prevention is not done; the message says why and what to do."""


class NotTheirs(MeasureRefused):
    """Whoever acts does not serve the district that day, or may not do this there."""


class NoHotspotThere(MeasureRefused):
    """No hotspot of today holds that cell any more."""


class NotATopicOfPlaces(MeasureRefused):
    """Protected topics have no place."""


class BadDay(MeasureRefused):
    """A deed that is done lies ahead, or a planned one behind, or either too far away."""


class BadWords(MeasureRefused):
    """The words are missing, too long, or plainly name somebody or a home."""


class MeasureChanged(MeasureRefused):
    """Somebody else changed the measure, or a button was pressed twice."""
