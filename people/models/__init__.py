"""Who serves a district and who signs in: users, roles, invitations, officers, stations, postings, help lines,
pages, changes."""

from people.models.help_lines import HelpLine
from people.models.invitations import INVITATION_LASTS, Invitation, invitation_key_hash, new_invitation_key
from people.models.officers import Leave, Officer, Posting, PostingQuerySet, Station
from people.models.pages import PAGE_MAX, Page, PageVersion, PageVersionQuerySet
from people.models.proposals import Proposal, ProposalQuerySet
from people.models.staff_deeds import StaffDeed
from people.models.users import KEEPERS, READERS, Membership, User, UserManager

__all__ = [
    "INVITATION_LASTS",
    "KEEPERS",
    "PAGE_MAX",
    "READERS",
    "HelpLine",
    "Invitation",
    "Leave",
    "Membership",
    "Officer",
    "Page",
    "PageVersion",
    "PageVersionQuerySet",
    "Posting",
    "PostingQuerySet",
    "Proposal",
    "ProposalQuerySet",
    "StaffDeed",
    "Station",
    "User",
    "UserManager",
    "invitation_key_hash",
    "new_invitation_key",
]
