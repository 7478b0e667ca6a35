"""Our company: sites, departments, posts and who holds them, people, absences, calendars, scopes; and the address
book of outside organisations.

Django looks for a room's tables here; other modules say `models.Person`.
"""

from yinuo.org.models.address_book import Organisation
from yinuo.org.models.calendars import CalendarDay, CalendarStamp, CalendarYear, SiteCalendar, WorkingHours
from yinuo.org.models.company import (
    Absence,
    Department,
    Holding,
    Location,
    Person,
    PersonSkill,
    Post,
    Site,
    Skill,
    in_force,
    zone_of,
)
from yinuo.org.models.handing_over import HandedOver, HandOver
from yinuo.org.models.keeping import Batch, BatchRow, FirstView, SavedView
from yinuo.org.models.letterhead import Letterhead
from yinuo.org.models.rights import Invitation, Presence, RoleGrant, Scope, ScopeGrant
from yinuo.org.models.tokens import Token

__all__ = [
    "Absence",
    "Batch",
    "BatchRow",
    "CalendarDay",
    "CalendarStamp",
    "CalendarYear",
    "Department",
    "FirstView",
    "HandOver",
    "HandedOver",
    "Holding",
    "Invitation",
    "Letterhead",
    "Location",
    "Organisation",
    "Person",
    "PersonSkill",
    "Post",
    "Presence",
    "RoleGrant",
    "SavedView",
    "Scope",
    "ScopeGrant",
    "Site",
    "SiteCalendar",
    "Skill",
    "Token",
    "WorkingHours",
    "in_force",
    "zone_of",
]
