"""Classes that act: breaker, scripts, thresholds, calendar, image."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from tests.server.desk import Desk
from tests.sim.world import World, at, manager, profile, read

from cosem.core.bitstring import BitString
from cosem.core.data import Data
from cosem.core.datetime import Date, DateTime, Time
from cosem.core.errors import AccessError, ActionError
from cosem.core.obis import LogicalName
from cosem.core.rows import Rows
from cosem.model import (
    ActivityCalendar,
    DisconnectControlV0,
    ImageTransfer,
    Limiter,
    PushSetupV0,
    ScriptTable,
    SingleActionSchedule,
    SpecialDaysTable,
)
from cosem.model.c0011_special_days_table import SpecialDay
from cosem.model.c0018_image_transfer import ImageBlock, ImageTransferInitiate, ImageTransferStatus
from cosem.model.c0022_single_action_schedule import ExecutionTime
from cosem.model.c0070_disconnect_control import ControlModeV0, ControlState
from cosem.model.c0071_limiter import EmergencyProfile
from cosem.sim import Meter
from cosem.sim.breaker import LOCAL_DISCONNECT, MANUAL_DISCONNECT, MANUAL_RECONNECT

BREAKER = DisconnectControlV0("0.0.96.3.10.255")
DISCONNECTOR_SCRIPTS = ScriptTable("0.0.10.0.106.255")
IMAGE = ImageTransfer("0.0.44.0.0.255")
LIMITER = Limiter("0.0.17.0.0.255")
SCHEDULE = SingleActionSchedule("0.0.15.0.1.255")
CALENDAR = ActivityCalendar("0.0.13.0.0.255")
DAYS = SpecialDaysTable("0.0.11.0.0.255")
OFF, ON, READY = ControlState.DISCONNECTED, ControlState.CONNECTED, ControlState.READY_FOR_RECONNECTION


class Bench:
    def __init__(self, time: float = at(2024, 3, 1, 11)) -> None:
        self.world = World(time)
        self.meter: Meter = self.world.meter()
        self.desk: Desk = manager(self.meter)
        self.breaker = self.meter.conduct.breakers[BREAKER.logical_name]

    def wait(self, seconds: float, step: float = 10) -> None:
        end = self.world.time + seconds
        while self.world.time < end:
            self.world.time += step
            self.meter.tick()


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.mark.parametrize(
    ("mode", "start", "reconnected", "disconnected", "by_hand"),
    [
        # mode                    from   remote reconnect  remote disconnect  button on, button off
        (ControlModeV0.NONE, ON, ON, ON, (ON, ON)),
        (ControlModeV0.MODE_1, OFF, READY, OFF, (OFF, OFF)),
        (ControlModeV0.MODE_1, ON, ON, OFF, (ON, READY)),
        (ControlModeV0.MODE_1, READY, READY, OFF, (ON, READY)),
        (ControlModeV0.MODE_2, OFF, ON, OFF, (OFF, OFF)),
        (ControlModeV0.MODE_3, OFF, READY, OFF, (OFF, OFF)),
        (ControlModeV0.MODE_3, ON, ON, OFF, (ON, ON)),
        (ControlModeV0.MODE_4, OFF, ON, OFF, (OFF, OFF)),
        (ControlModeV0.MODE_5, READY, READY, OFF, (ON, READY)),
        (ControlModeV0.MODE_6, ON, ON, OFF, (ON, ON)),
    ],
)
def test_a_breaker_moves_as_its_mode_allows(
    bench: Bench,
    mode: ControlModeV0,
    start: ControlState,
    reconnected: ControlState,
    disconnected: ControlState,
    by_hand: tuple[ControlState, ControlState],
) -> None:
    desk, breaker = bench.desk, bench.breaker
    desk.set(BREAKER.control_mode, mode)
    moves: list[tuple[Callable[[], object], ControlState]] = [
        (lambda: invoke(desk, 2), reconnected),
        (lambda: invoke(desk, 1), disconnected),
        (lambda: breaker.move(MANUAL_RECONNECT), by_hand[0]),
        (lambda: breaker.move(MANUAL_DISCONNECT), by_hand[1]),
    ]
    for move, state in moves:
        breaker.state = start
        move()
        assert desk.get(BREAKER.control_state) == state
        assert desk.get(BREAKER.output_state) is (state == ON)


def invoke(desk: Desk, method: int) -> None:
    with suppress(ActionError):
        desk.invoke(70, BREAKER.logical_name, method, Data.integer(0))


def test_a_mode_that_no_table_has_is_refused(bench: Bench) -> None:
    with pytest.raises(AccessError):
        bench.desk.write(70, BREAKER.logical_name, 4, Data.enum(99))
    assert bench.desk.get(BREAKER.control_mode) == ControlModeV0.MODE_4


def test_moves_of_the_breaker_are_logged(bench: Bench) -> None:
    bench.desk.call(BREAKER.remote_disconnect())
    bench.desk.call(BREAKER.remote_reconnect())
    bench.breaker.move(LOCAL_DISCONNECT)
    rows = Rows(profile(bench.meter, "0.0.99.98.2.255").get(2).octets)
    assert list(rows.column(1)) == [63, 64, 65]


def test_a_script_executes_and_an_unknown_one_is_refused(bench: Bench) -> None:
    bench.desk.call(DISCONNECTOR_SCRIPTS.execute(1))
    assert bench.desk.get(BREAKER.output_state) is False
    bench.desk.call(DISCONNECTOR_SCRIPTS.execute(2))
    assert bench.desk.get(BREAKER.output_state) is True
    for unknown in (0, 3):
        with pytest.raises(ActionError):
            bench.desk.call(DISCONNECTOR_SCRIPTS.execute(unknown))


def test_a_script_writes_attributes_with_the_type_of_the_table(bench: Bench) -> None:
    bench.desk.call(ScriptTable("0.0.10.0.100.255").execute(2))
    assert read(bench.meter, "0.0.14.0.0.255", "active_mask") == b"RATE2"


def test_a_script_that_runs_itself_ends(bench: Bench) -> None:
    table = bench.meter.logical_device.objects[DISCONNECTOR_SCRIPTS.logical_name]
    myself = Data.structure(
        [
            Data.enum(2),
            Data.long_unsigned(9),
            Data.octet_string(table.logical_name),
            Data.integer(1),
            Data.long_unsigned(1),
        ]
    )
    table.put("scripts", Data.array([Data.structure([Data.long_unsigned(1), Data.array([myself])])]))
    with pytest.raises(ActionError):
        bench.desk.call(DISCONNECTOR_SCRIPTS.execute(1))


def test_a_single_action_runs_once_at_its_time(bench: Bench) -> None:
    bench.desk.set(SCHEDULE.execution_time, [ExecutionTime(Time.of(12, 30, 0, 0), Date.parse("2024-03-01"))])
    bench.wait(1700)
    assert bench.desk.get(BREAKER.output_state) is True
    bench.wait(200)
    assert bench.desk.get(BREAKER.output_state) is False
    bench.breaker.state = ON
    bench.wait(90_000, step=600)
    assert bench.desk.get(BREAKER.output_state) is True


def test_the_limiter_acts_after_a_minute_over_the_threshold(bench: Bench) -> None:
    bench.meter.tick()
    bench.desk.set(LIMITER.threshold_normal, Data.double_long_unsigned(1))
    assert bench.desk.get(LIMITER.threshold_active).value == 1
    bench.wait(50)
    assert bench.desk.get(BREAKER.output_state) is True
    bench.wait(30)
    assert bench.desk.get(BREAKER.output_state) is False


def test_an_emergency_profile_lowers_the_threshold_for_its_time(bench: Bench) -> None:
    for group, lowered in ((2, False), (1, True)):
        start = DateTime.parse("2024-03-01 12:00:00+01:00")
        bench.desk.set(LIMITER.emergency_profile, EmergencyProfile(group, start, 300))
        bench.wait(10)
        assert bench.desk.get(LIMITER.emergency_profile_active) is lowered
        assert bench.desk.get(LIMITER.threshold_active).value == (2300 if lowered else 17_250)
    bench.wait(300)
    assert bench.desk.get(LIMITER.emergency_profile_active) is False


def test_the_register_monitor_runs_its_script_on_crossing(bench: Bench) -> None:
    pushed: list[LogicalName] = []
    bench.meter.conduct.on_push = lambda name, _: pushed.append(name)
    monitor = bench.meter.logical_device.objects[LogicalName("0.0.16.1.0.255")]
    monitor.put("thresholds", [Data.long_unsigned(1000)])
    bench.wait(100)
    assert pushed == [LogicalName("0.0.25.9.0.255")]


def test_a_push_hands_out_the_values_of_its_list(bench: Bench) -> None:
    bodies: list[Data] = []
    bench.meter.conduct.on_push = lambda _, body: bodies.append(body)
    bench.desk.call(PushSetupV0("0.0.25.9.0.255").push())
    value = bodies[0].value
    assert isinstance(value, tuple)
    assert value[0] == b"12345678"
    assert value[2] == read(bench.meter, "1.0.1.8.0.255")


def test_the_passive_calendar_takes_over_by_method_and_at_its_time(bench: Bench) -> None:
    desk = bench.desk
    desk.set(CALENDAR.calendar_name_passive, b"NEW")
    desk.call(CALENDAR.activate_passive_calendar())
    assert desk.get(CALENDAR.calendar_name_active) == b"NEW"
    assert desk.get(CALENDAR.week_profile_table_active) == []
    desk.set(CALENDAR.calendar_name_passive, b"LATER")
    desk.set(CALENDAR.activate_passive_calendar_time, DateTime.parse("2024-03-01 12:30:00+01:00"))
    bench.wait(1700)
    assert desk.get(CALENDAR.calendar_name_active) == b"NEW"
    bench.wait(200)
    assert desk.get(CALENDAR.calendar_name_active) == b"LATER"


def test_special_days_are_inserted_replaced_and_deleted(bench: Bench) -> None:
    desk = bench.desk
    desk.call(DAYS.insert(SpecialDay(9, Date.parse("*-08-15"), 2)))
    desk.call(DAYS.insert(SpecialDay(9, Date.parse("*-08-16"), 1)))
    days = {day.index: day.specialday_date for day in desk.get(DAYS.entries)}
    assert sorted(days) == [1, 2, 3, 4, 9]
    assert days[9] == Date.parse("*-08-16")
    desk.call(DAYS.delete(9))
    assert len(desk.get(DAYS.entries)) == 4
    with pytest.raises(ActionError):
        desk.call(DAYS.delete(9))


# Image transfer

FIRMWARE = bytes(range(256)) * 2


def send(desk: Desk, number: int, block: bytes | None = None) -> None:
    content = FIRMWARE[number * 200 : number * 200 + 200] if block is None else block
    desk.call(IMAGE.image_block_transfer(ImageBlock(number, content)))


def test_an_image_arrives_in_any_order_is_verified_and_activated(bench: Bench) -> None:
    desk = bench.desk
    desk.call(IMAGE.image_transfer_initiate(ImageTransferInitiate(b"XYZ-3P 2.0.0", len(FIRMWARE))))
    assert desk.get(IMAGE.image_transfer_status) == ImageTransferStatus.IMAGE_TRANSFER_INITIATED
    for number in (2, 0, 0):
        send(desk, number)
    assert desk.get(IMAGE.image_transferred_blocks_status) == BitString(b"\xa0", 3)
    assert desk.get(IMAGE.image_first_not_transferred_block_number) == 1
    with pytest.raises(ActionError):
        desk.call(IMAGE.image_verify())
    send(desk, 1)
    assert desk.get(IMAGE.image_first_not_transferred_block_number) == 3
    with pytest.raises(ActionError):
        desk.call(IMAGE.image_activate())
    desk.call(IMAGE.image_verify())
    info = desk.get(IMAGE.image_to_activate_info)
    assert [(item.image_to_activate_size, item.image_to_activate_identification) for item in info] == [
        (len(FIRMWARE), b"XYZ-3P 2.0.0")
    ]
    assert bench.meter.conduct.images[IMAGE.logical_name].image == FIRMWARE
    desk.call(IMAGE.image_activate())
    assert desk.get(IMAGE.image_transfer_status) == ImageTransferStatus.IMAGE_ACTIVATION_SUCCESSFUL
    assert read(bench.meter, "1.0.0.2.0.255") == b"XYZ-3P 2.0.0"


def test_blocks_that_do_not_fit_are_refused(bench: Bench) -> None:
    desk = bench.desk
    with pytest.raises(ActionError):
        send(desk, 0)
    desk.call(IMAGE.image_transfer_initiate(ImageTransferInitiate(b"X", len(FIRMWARE))))
    for number, block in (
        (0, b"short"),
        (0, bytes(201)),
        (2, bytes(200)),
        (3, b""),
        (0xFFFF_FFFF, bytes(200)),
    ):
        with pytest.raises(ActionError):
            send(desk, number, block)
    assert desk.get(IMAGE.image_first_not_transferred_block_number) == 0


def test_an_image_is_refused_while_transfer_is_off_or_it_is_too_large(bench: Bench) -> None:
    desk = bench.desk
    for size in (0, 0xFFFF_FFFF):
        with pytest.raises(ActionError):
            desk.call(IMAGE.image_transfer_initiate(ImageTransferInitiate(b"X", size)))
    desk.set(IMAGE.image_transfer_enabled, False)
    with pytest.raises(ActionError):
        desk.call(IMAGE.image_transfer_initiate(ImageTransferInitiate(b"X", 100)))
