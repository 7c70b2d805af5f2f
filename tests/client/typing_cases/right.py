"""Uses of both clients that type checkers accept, with the types that they infer."""

from __future__ import annotations

from typing import assert_type

from cosem.client import AsyncClient, Client, MeterObject, Profile, connect
from cosem.core.data import Data
from cosem.core.datetime import DateTime
from cosem.core.quantity import Quantity
from cosem.core.rows import Rows
from cosem.devices.gb_companion import EventLogRow, GbCompanion
from cosem.model import (
    CATALOGUE,
    Clock,
    DemandRegister,
    DisconnectControl,
    ExtendedRegister,
    ProfileGeneric,
    ProfileGenericV0,
    Register,
    RegisterV0,
    SecuritySetup,
)
from cosem.model.c0064_security_setup import KeyPairType
from cosem.model.c0070_disconnect_control import ControlState
from cosem.model.types import CaptureObject, ScalerUnit

ENERGY = Register("1.0.1.8.0.255")
PROFILE = ProfileGeneric("1.0.99.1.0.255")
BREAKER = DisconnectControl("0.0.96.3.10.255")
CLOCK = Clock("0.0.1.0.0.255")
SECURITY = SecuritySetup("0.0.43.0.0.255")


async def asyncio_colour() -> None:
    async with connect("tcp://192.0.2.7:4059") as meter:
        assert_type(meter, AsyncClient)
        assert_type(await meter.get(BREAKER.control_state), ControlState)
        assert_type(await meter.get(BREAKER.output_state), bool)
        assert_type(await meter.get(ENERGY.value), Data)
        assert_type(await meter.get(ENERGY.scaler_unit), ScalerUnit)
        assert_type(await meter.get(PROFILE.buffer), Rows)
        assert_type(await meter.get(PROFILE.capture_objects), list[CaptureObject])
        assert_type(await meter.get(CLOCK.time), DateTime)
        assert_type(await meter.call(SECURITY.generate_certificate_request(KeyPairType(0))), bytes | None)
        assert_type(await meter.read(ENERGY), Quantity)
        assert_type(await meter.profile(PROFILE, last=96, catalogue=CATALOGUE), Profile)
        assert_type(await meter.get(GbCompanion.event_log.buffer), list[EventLogRow])
        assert_type(await meter.profile(GbCompanion.event_log, last=5), Profile)
        assert_type(await meter.objects(CATALOGUE), list[MeterObject])
        await meter.set(CLOCK.time_zone, 60)
        await meter.set(CLOCK.time, DateTime.parse("2024-01-01"))
        await meter.call(BREAKER.remote_disconnect())


def blocking_colour(meter: Client) -> None:
    with meter:
        assert_type(meter.get(BREAKER.control_state), ControlState)
        assert_type(meter.get(PROFILE.capture_objects), list[CaptureObject])
        assert_type(meter.call(SECURITY.generate_certificate_request(KeyPairType(0))), bytes | None)
        assert_type(meter.read(RegisterV0("1.0.1.8.0.255")), Quantity)
        assert_type(meter.read(ExtendedRegister("1.0.1.6.0.255")), Quantity)
        assert_type(meter.read(DemandRegister("1.0.1.4.0.255")), Quantity)
        assert_type(meter.profile(ProfileGenericV0("1.0.99.1.0.255")), Profile)
        assert_type(meter.profile(GbCompanion.event_log), Profile)
        meter.set(CLOCK.time_zone, 60)
