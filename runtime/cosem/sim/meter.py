"""A simulated meter: one of a meter file, with a serial number, a seed and a clock of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from cosem.core.data import Data
from cosem.core.errors import InvalidValueError
from cosem.core.obis import LogicalName
from cosem.core.simple import write_simple
from cosem.server import (
    NO_AUTHENTICATION,
    Association,
    AssociationPolicy,
    Authentication,
    Column,
    HostedObject,
    HostedProfile,
    LogicalDevice,
    PhysicalDevice,
)
from cosem.sim.clock import MeterClock
from cosem.sim.conduct import Conduct
from cosem.sim.live import ConstantCell, Live, LiveNumber, LiveTime, MeasuredCell, TimeCell
from cosem.sim.load import Load
from cosem.sim.meter_file import AssociationSpec, MeterFile
from cosem.sim.noise import mix
from cosem.sim.object_file import ColumnSpec, Identified, LiveSpec, ObjectSpec, ProfileSpec, Timed
from cosem.sim.periodic_rows import Cell, EveryDay, EveryMonth, EverySeconds, Grid, PeriodicRows
from cosem.sim.sources import Sources

_MANAGEMENT: Final = 1
_CLOCK, _TIME = 8, 2


class Meter:
    """A meter as a :class:`~cosem.server.LogicalDevice`; :meth:`device` puts it on a connection of its own.

    ``now`` gives the time in seconds since 1970 (UTC); every measured value is a function of it and of ``seed``,
    which comes from the serial number unless given. ``conduct`` is what the meter does beyond answering; call
    :meth:`tick` about once a second for that. Raises MeterFileError for names in the file that lead nowhere.
    """

    __slots__ = ("_live", "_sources", "clock", "conduct", "file", "logical_device", "serial")

    def __init__(
        self,
        file: MeterFile,
        *,
        now: Callable[[], float] = time.time,
        serial: int | None = None,
        seed: int | None = None,
        sap: int = _MANAGEMENT,
    ) -> None:
        self.file = file
        self.serial = file.identity.serial if serial is None else serial
        rules = file.clock
        self.clock = MeterClock(
            now, zone=rules.zone, begins=rules.begins, ends=rules.ends, saving=rules.saving
        )
        number = mix(0, self.serial) if seed is None else mix(1, seed)
        self._sources = Sources(self._loads(number), file.supply, self.clock, number)
        self._live: dict[tuple[bytes, int], Live] = {}
        hosted = {
            spec.template.logical_name: self._hosted(spec) for spec in file.objects if spec.profile is None
        }
        for spec in file.objects:
            if spec.profile is not None:
                hosted[spec.template.logical_name] = self._profile(spec, spec.profile, hosted)
        self.logical_device = LogicalDevice(
            sap,
            self.device_name,
            [hosted[spec.template.logical_name] for spec in file.objects],
            [_association(spec, file, sap) for spec in file.associations],
        )
        self.conduct = Conduct(self.logical_device, self.clock, file.event_logs)
        self._share_grants()

    @property
    def device_name(self) -> bytes:
        """The logical device name."""
        return self.file.identity.device_name(self.serial)

    def device(self) -> PhysicalDevice:
        """The meter alone on its connection."""
        return PhysicalDevice([self.logical_device])

    def tick(self) -> None:
        """Do what is due by now, see :meth:`cosem.sim.conduct.Conduct.tick`."""
        self.conduct.tick()

    def _share_grants(self) -> None:
        """Meters of one file are alike: what associations are granted is worked out for the first alone."""
        device = self.logical_device
        device.seal()
        for client, association in device.associations.items():
            if association.grants is not None:
                self.file.grants.setdefault((client, device.sap == _MANAGEMENT), association.grants)

    def _loads(self, seed: int) -> dict[str, Load]:
        """The loads of the file; with noise they are up to a third larger or smaller from one meter to the next."""
        return {
            name: Load(
                spec.curve,
                annual=spec.annual * (1 + spec.noise * (mix(seed, number) % 1000 - 500) / 1500),
                start=spec.start,
                noise=spec.noise,
                seed=mix(seed, -1 - number),
                zone=self.file.clock.zone * 60,
                active=spec.active,
            )
            for number, (name, spec) in enumerate(self.file.loads.items())
        }

    def _hosted(self, spec: ObjectSpec) -> HostedObject:
        hosted = spec.template.copy()
        for index, given in spec.live.items():
            value = self._value(given)
            hosted.bind({index: value})
            if not isinstance(value, Data):
                self._live[hosted.logical_name, index] = value
        return hosted

    def _value(self, spec: LiveSpec) -> Live | Data:
        if isinstance(spec, Identified):
            text = self.file.identity.text(spec.identity, self.serial)
            return Data(write_simple(spec.tag, text if spec.is_text else text.encode()))
        try:
            if isinstance(spec, Timed):
                return LiveTime(self._sources.moment(spec.moment), self.clock)
            return LiveNumber(self._sources.number(spec.source), spec.tag, spec.scaler, self.clock)
        except InvalidValueError as error:
            raise spec.place.mistake(str(error)) from None

    def _profile(
        self, spec: ObjectSpec, profile: ProfileSpec, hosted: dict[LogicalName, HostedObject]
    ) -> HostedProfile:
        columns = [_column(column, hosted) for column in profile.columns]
        period = profile.period
        rows: PeriodicRows | None = None
        if period:
            grid: Grid = (
                EverySeconds(period)
                if isinstance(period, int)
                else EveryDay(self.clock)
                if period == "day"
                else EveryMonth(self.clock)
            )
            rows = PeriodicRows(
                self.clock,
                grid,
                [self._cell(column) for column in columns],
                capacity=profile.entries,
                since=self.clock.midnight(self.file.identity.installed),
            )
        try:
            return HostedProfile(
                spec.template.description,
                columns,
                entries=profile.entries,
                capture_period=period if isinstance(period, int) else 86_400 if period == "day" else 0,
                sort_method=profile.sort_method,
                sort_column=None if profile.sort_object is None else _column(profile.sort_object, hosted),
                rows=rows,
            )
        except InvalidValueError as error:
            raise spec.place.mistake(str(error)) from None

    def _cell(self, column: Column) -> Cell:
        live = self._live.get((column.logical_name, column.attribute_index))
        if live is not None and column.data_index == 0:
            return MeasuredCell(live, self.clock)
        if column.class_id == _CLOCK and column.attribute_index == _TIME:
            return TimeCell(self.clock)
        return ConstantCell(lambda: column.read(self.logical_device.read))


def _column(spec: ColumnSpec, hosted: dict[LogicalName, HostedObject]) -> Column:
    captured = hosted.get(spec.logical_name)
    if captured is None:
        raise spec.place.mistake(f"no object {spec.logical_name} to capture")
    key = int(spec.attribute) if spec.attribute.isdigit() else spec.attribute
    try:
        index = captured.attribute(key)
    except InvalidValueError as error:
        raise spec.place.mistake(str(error)) from None
    return Column(captured.description.CLASS_ID, spec.logical_name, index, spec.element)


def _association(spec: AssociationSpec, file: MeterFile, sap: int) -> Association:
    authentication = (
        NO_AUTHENTICATION if spec.password is None else Authentication.low(spec.password.reveal())
    )
    return Association(
        spec.client,
        AssociationPolicy(authentication, max_receive_pdu_size=spec.max_pdu_size),
        spec.rights,
        version=spec.version,
        grants=file.grants.get((spec.client, sap == _MANAGEMENT)),
    )
