"""Who serves a district: users and their roles, officers, stations, postings, leaves, help lines."""

from people.corrections import CardReport
from people.models.help_lines import HelpLine
from people.models.officers import Leave, Officer, Posting, PostingQuerySet, Station
from people.models.users import Membership, User, UserManager

__all__ = [
    "CardReport",
    "HelpLine",
    "Leave",
    "Membership",
    "Officer",
    "Posting",
    "PostingQuerySet",
    "Station",
    "User",
    "UserManager",
]
