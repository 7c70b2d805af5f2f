"""Associations of a logical device, and the objects of class 15 that describe them (Blue Book 4.4.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Final

from cosem.apdu import ApplicationContextName, DataAccessResult, MechanismName
from cosem.core.access import AttributeSpec, CosemObject, Selection
from cosem.core.bitstring import BitString
from cosem.core.codecs import DATA
from cosem.core.data import Data
from cosem.core.errors import AccessError, CodecError, InvalidValueError
from cosem.core.obis import LogicalName
from cosem.core.simple import Value
from cosem.server.hosted import HostedObject, custom_class
from cosem.server.rights import Grants, Rights
from cosem.session.association import DLMS_VERSION, LOGICAL_NAMES, Negotiated
from cosem.session.authentication import Authentication
from cosem.session.host import AssociationPolicy

CURRENT_ASSOCIATION: Final = LogicalName("0.0.40.0.0.255")

_OBJECT_LIST: Final = 2
_NON_ASSOCIATED, _ASSOCIATED = 0, 2
_HIGHEST_CLIENT: Final = 0x7F
_NO_REFERENCE: Final = LogicalName(bytes(6))
_MOST_FAILURES: Final = 0xFFFF_FFFF
_ALL, _BY_CLASS, _BY_OBJECT_LIST, _BY_OBJECT = 1, 2, 3, 4
"""Selectors of object_list."""

_ATTRIBUTES: Final = (
    "object_list",
    "associated_partners_id",
    "application_context_name",
    "xdlms_context_info",
    "authentication_mechanism_name",
    "secret",
    "association_status",
    "security_setup_reference",
    "user_list",
    "current_user",
)
"""Attributes from 2 on; version 0 ends with 8, version 1 with 9."""
_WRITABLE: Final = frozenset({7})
_LAST: Final = (8, 9, 11, 11)
"""By version: the last attribute."""


class Association:
    """One association that a logical device offers: which client may open it, how, and what it may do then.

    ``rights`` are worked out for the objects of the device; ``grants`` gives them worked out already, from a
    device that is alike. ``instance`` numbers the object 0.0.40.0.e.255 (0: in the order of the device).
    ``version`` is that of Association LN. ``failures`` counts AARQs in a row that were refused.
    """

    __slots__ = (
        "client_sap",
        "failures",
        "grants",
        "instance",
        "negotiated",
        "open",
        "policy",
        "rights",
        "security_setup",
        "server_sap",
        "version",
    )

    def __init__(
        self,
        client_sap: int,
        policy: AssociationPolicy,
        rights: Rights,
        *,
        instance: int = 0,
        version: int = 1,
        security_setup: LogicalName = _NO_REFERENCE,
        grants: Grants | None = None,
    ) -> None:
        if not 0 <= version < len(_LAST):
            raise InvalidValueError(f"Association LN has no version {version} here")
        if not 0 <= client_sap <= _HIGHEST_CLIENT:
            raise InvalidValueError(f"a client SAP is 0 to {_HIGHEST_CLIENT}, not {client_sap}")
        self.client_sap = client_sap
        self.server_sap = 0  # until a logical device takes it in
        self.policy = policy
        self.rights = rights
        self.instance = instance
        self.version = version
        self.security_setup = security_setup
        self.grants = grants
        self.negotiated: Negotiated | None = None
        self.open = 0
        self.failures = 0

    def copy(self) -> Association:
        """The same association for another device that is alike."""
        return Association(
            self.client_sap,
            self.policy,
            self.rights,
            instance=self.instance,
            version=self.version,
            security_setup=self.security_setup,
            grants=self.grants,
        )

    def opened(self, negotiated: Negotiated) -> None:
        """A client has opened it."""
        self.negotiated = negotiated
        self.open += 1
        self.failures = 0

    def closed(self) -> None:
        """A client has left it."""
        self.open -= 1

    def refused(self) -> None:
        """An AARQ was refused."""
        self.failures = min(self.failures + 1, _MOST_FAILURES)


@cache
def association_class(version: int) -> type[CosemObject]:
    """Association LN, its values encoded by hand."""
    specs = [
        AttributeSpec(
            index,
            name,
            DATA,
            writable=index in _WRITABLE,
            selectors=dict.fromkeys((_ALL, _BY_CLASS, _BY_OBJECT_LIST, _BY_OBJECT), DATA)
            if index == 2
            else None,
        )
        for index, name in enumerate(_ATTRIBUTES, 2)
        if index <= _LAST[version]
    ]
    return custom_class(15, version, specs, name="Association LN")


class AssociationObject(HostedObject):
    """An association as a client sees it; ``negotiated`` is what its own session agreed, if it is the current one.

    Attribute 7, the secret, can be written where rights grant it, and never be read.
    """

    __slots__ = ("_negotiated", "association")

    def __init__(
        self, association: Association, logical_name: LogicalName, negotiated: Negotiated | None = None
    ) -> None:
        self.association = association
        self._negotiated = negotiated
        policy = association.policy
        values: dict[str, object] = {
            "object_list": self._object_list,
            "associated_partners_id": Data.structure(
                [Data.integer(association.client_sap), Data.long_unsigned(association.server_sap)]
            ),
            "application_context_name": _object_identifier(
                1,
                ApplicationContextName.LOGICAL_NAME_REFERENCING_WITH_CIPHERING
                if policy.ciphered
                else LOGICAL_NAMES,
            ),
            "xdlms_context_info": self._context_info,
            "authentication_mechanism_name": _object_identifier(
                2, policy.authentication.mechanism if policy.high_level is None else policy.high_level
            ),
            "association_status": self._status,
            "security_setup_reference": Data.octet_string(association.security_setup),
            "user_list": Data.array(
                [
                    Data.structure([Data.unsigned(user), Data.visible_string("")])
                    for user in sorted(policy.users or ())
                ]
            ),
        }
        known = {spec.name for spec in association_class(association.version).ATTRIBUTES.values()}
        super().__init__(
            association_class(association.version)(logical_name),
            {name: value for name, value in values.items() if name in known},
        )
        if policy.authentication.mechanism is MechanismName.LOW_LEVEL_SECURITY:
            self.bind(setters={"secret": self._set_secret})

    def select(self, index: int, selection: Selection) -> Data:
        if index != _OBJECT_LIST:
            return super().select(index, selection)
        grants, version = self._grants(), self.association.version
        try:
            value = selection.parameters.value
        except CodecError:
            raise AccessError(DataAccessResult.TYPE_UNMATCHED) from None
        match selection.selector, value:
            case 1, None:
                return grants.without_rights(version)
            case 2, list(classes):
                return grants.without_rights(
                    version, [number for number in classes if isinstance(number, int)]
                )
            case 3, list(objects):
                return grants.selected(version, [_definition(item) for item in objects])
            case 4, tuple():
                return grants.selected(version, [_definition(value)])
            case ((1 | 2 | 3 | 4), _):
                raise AccessError(DataAccessResult.TYPE_UNMATCHED)
            case _:
                raise AccessError(DataAccessResult.SCOPE_OF_ACCESS_VIOLATED)

    def _grants(self) -> Grants:
        return self.association.grants or Grants({})

    def _object_list(self) -> Data:
        return self._grants().object_list(self.association.version)

    def _status(self) -> Data:
        here = self._negotiated is not None or self.association.open > 0
        return Data.enum(_ASSOCIATED if here else _NON_ASSOCIATED)

    def _context_info(self) -> Data:
        policy = self.association.policy
        agreed = self._negotiated or self.association.negotiated
        if agreed is None:
            agreed = Negotiated(policy.conformance, 0, policy.max_receive_pdu_size)
        return Data.structure(
            [
                Data.bit_string(BitString(int(agreed.conformance).to_bytes(3), 24)),
                Data.long_unsigned(agreed.max_receive_pdu_size),
                Data.long_unsigned(agreed.max_send_pdu_size),
                Data.unsigned(DLMS_VERSION),
                Data.integer(0),
                Data.octet_string(b""),
            ]
        )

    def _set_secret(self, value: Data) -> None:
        secret = value.value
        if not isinstance(secret, bytes):
            raise AccessError(DataAccessResult.TYPE_UNMATCHED)
        self.association.policy = replace(self.association.policy, authentication=Authentication.low(secret))


def association_objects(associations: Mapping[int, Association]) -> list[AssociationObject]:
    """The objects 0.0.40.0.e.255, by e."""
    return [
        AssociationObject(association, CURRENT_ASSOCIATION.having(e=instance))
        for instance, association in associations.items()
    ]


def _object_identifier(kind: int, number: int) -> Data:
    """2.16.756.5.8.kind.number, by its arcs."""
    return Data.structure(
        [
            Data.unsigned(2),
            Data.unsigned(16),
            Data.long_unsigned(756),
            Data.unsigned(5),
            Data.unsigned(8),
            Data.unsigned(kind),
            Data.unsigned(number),
        ]
    )


def _definition(value: Value) -> tuple[int, LogicalName]:
    match value:
        case (int(class_id), bytes(name)) if len(name) == 6:
            return class_id, LogicalName(name)
        case _:
            raise AccessError(DataAccessResult.TYPE_UNMATCHED)
