"""The meter: hosted objects behind access rights, associations, and listeners."""

from __future__ import annotations

from cosem.apdu import ActionResult, DataAccessResult
from cosem.server.association import Association
from cosem.server.columns import Column
from cosem.server.device import LogicalDevice, PhysicalDevice
from cosem.server.hosted import HostedObject, custom_class
from cosem.server.listen import MeterServer
from cosem.server.profile import HostedProfile
from cosem.server.rights import Access, ObjectRights, Rights
from cosem.server.threaded import serve_in_thread
from cosem.session.authentication import NO_AUTHENTICATION, Authentication
from cosem.session.host import AssociationPolicy

__all__ = [
    "NO_AUTHENTICATION",
    "Access",
    "ActionResult",
    "Association",
    "AssociationPolicy",
    "Authentication",
    "Column",
    "DataAccessResult",
    "HostedObject",
    "HostedProfile",
    "LogicalDevice",
    "MeterServer",
    "ObjectRights",
    "PhysicalDevice",
    "Rights",
    "custom_class",
    "serve_in_thread",
]
