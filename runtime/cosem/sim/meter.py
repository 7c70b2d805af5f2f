"""A simulated meter: one of a meter file, with a serial number, a seed and a clock of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from cosem.core.access import Selection
from cosem.core.data import Data
from cosem.core.datetime import DateTime, InvertedDateTime
from cosem.core.device import Quirk
from cosem.core.errors import AccessError, InvalidValueError
from cosem.core.obis import LogicalName
from cosem.core.simple import write_simple
from cosem.server import (
    NO_AUTHENTICATION,
    Association,
    AssociationPolicy,
    Authentication,
    Column,
    DataAccessResult,
    HostedObject,
    HostedProfile,
    LogicalDevice,
    PhysicalDevice,
)
from cosem.server.association import CURRENT_ASSOCIATION
from cosem.server.columns import NO_COLUMN, boundaries
from cosem.sim.blend import Blend, Through
from cosem.sim.clock import MeterClock
from cosem.sim.compact_data import host_compact_data
from cosem.sim.conduct import Conduct
from cosem.sim.event_log import fill_log
from cosem.sim.live import (
    ConstantCell,
    Live,
    LiveNumber,
    LiveTime,
    MeasuredCell,
    TimeCell,
    bounded,
    shown,
)
from cosem.sim.load import Load
from cosem.sim.meter_file import AssociationSpec, MeterFile
from cosem.sim.noise import mix
from cosem.sim.object_file import ColumnSpec, Identified, LiveSpec, ObjectSpec, ProfileSpec, Timed
from cosem.sim.periodic_rows import (
    Cell,
    EveryDay,
    EveryMonth,
    EverySeconds,
    Grid,
    NewestFirst,
    PeriodicRows,
)
from cosem.sim.sources import Sources

_MANAGEMENT: Final = 1
_CLOCK, _TIME = 8, 2
_LIFO, _BY_RANGE = 2, 1


class Meter:
    """A meter as a :class:`~cosem.server.LogicalDevice`; :meth:`device` puts it on a connection of its own.

    ``now`` gives the time in seconds since 1970 (UTC); every measured value is a function of it and of ``seed``,
    which comes from the serial number unless given. ``sap`` is that of the file unless given. ``further`` are logical
    devices for associations at other SAPs, with the same objects. ``conduct`` is what the meter does beyond answering;
    call :meth:`tick` about once a second for that. Raises MeterFileError for names in the file that lead nowhere.
    """

    __slots__ = (
        "_live",
        "_seed",
        "_since",
        "clock",
        "conduct",
        "file",
        "further",
        "logical_device",
        "serial",
        "sources",
    )

    def __init__(
        self,
        file: MeterFile,
        *,
        now: Callable[[], float] = time.time,
        serial: int | None = None,
        seed: int | None = None,
        sap: int | None = None,
    ) -> None:
        self.file = file
        self.serial = file.identity.serial if serial is None else serial
        rules = file.clock
        self.clock = MeterClock(
            now,
            zone=rules.zone,
            begins=rules.begins,
            ends=rules.ends,
            saving=rules.saving,
            moments=InvertedDateTime if Quirk.INVERTED_DEVIATION in file.quirks else DateTime,
        )
        self._seed = number = mix(0, self.serial) if seed is None else mix(1, seed)
        self._since = self.clock.midnight(file.identity.installed)
        self.sources = Sources(self._loads(number), file.supply, self.clock, number, since=self._since)
        self._live: dict[tuple[bytes, int], Live] = {}
        hosted = {
            spec.template.logical_name: self._hosted(spec) for spec in file.objects if spec.profile is None
        }
        for spec in file.objects:
            if spec.profile is not None:
                hosted[spec.template.logical_name] = self._profile(spec, spec.profile, hosted)
        objects = [hosted[spec.template.logical_name] for spec in file.objects]
        elsewhere = sorted({spec.server for spec in file.associations if spec.server is not None})
        self.further = [self._device(server, objects, server) for server in elsewhere]
        self.logical_device = self._device(file.sap if sap is None else sap, objects, None)
        self._begin(hosted)
        self.conduct = Conduct(self.logical_device, self.clock, file.event_logs)
        self._share_grants()

    @property
    def device_name(self) -> bytes:
        """The logical device name."""
        return self.file.identity.device_name(self.serial)

    def device(self) -> PhysicalDevice:
        """The meter alone on its connection."""
        return PhysicalDevice([self.logical_device, *self.further])

    def tick(self) -> None:
        """Do what is due by now, see :meth:`cosem.sim.conduct.Conduct.tick`."""
        self.conduct.tick()

    def _share_grants(self) -> None:
        """Meters of one file are alike: what associations are granted is worked out for the first alone."""
        for device in (self.logical_device, *self.further):
            device.seal()
            sap = device.sap if device in self.further else int(device.sap == _MANAGEMENT)
            for client, association in device.associations.items():
                if association.grants is not None:
                    self.file.grants.setdefault((client, sap), association.grants)

    def _device(self, sap: int, objects: Sequence[HostedObject], server: int | None) -> LogicalDevice:
        """The logical device of the associations that name this server, or none."""
        offered = [
            _association(spec, self.file, sap) for spec in self.file.associations if spec.server == server
        ]
        return LogicalDevice(sap, self.device_name, objects, offered)

    def _begin(self, hosted: Mapping[LogicalName, HostedObject]) -> None:
        """What needs the other objects: compact data, and what event logs have seen already."""
        for number, spec in enumerate(self.file.objects):
            own = hosted[spec.template.logical_name]
            if spec.compact:
                columns = [_column(column, hosted) for column in spec.compact]
                host_compact_data(own, columns, self.logical_device)
            if spec.profile is None or not isinstance(own, HostedProfile):
                continue
            if spec.profile.period and spec.profile.sort_method > _LIFO:
                self._sort_in(own, spec.profile)
            if spec.profile.past is not None:
                fill_log(
                    own,
                    [self._cell(column) for column in own.columns],
                    spec.profile.past,
                    self.logical_device,
                    clock=self.clock,
                    since=self._since,
                    seed=mix(self._seed, 1_000_000 + number),
                )

    def _sort_in(self, own: HostedProfile, profile: ProfileSpec) -> None:
        """Rows of a sorted profile up to now; it takes in further ones when it is told to capture."""
        rows = self._periodic(own.columns, profile)
        for index in range(len(rows)):
            own.rows.append(rows.row(index))

    def _periodic(self, columns: Sequence[Column], profile: ProfileSpec) -> PeriodicRows:
        period = profile.period
        grid: Grid = (
            EverySeconds(period)
            if isinstance(period, int)
            else EveryDay(self.clock)
            if period == "day"
            else EveryMonth(self.clock)
        )
        return PeriodicRows(
            self.clock,
            grid,
            [self._cell(column) for column in columns],
            capacity=profile.entries,
            since=self._since,
        )

    def _loads(self, seed: int) -> dict[str, Through]:
        """The loads of the file; with noise they are up to a third larger or smaller from one meter to the next."""
        loads: dict[str, Through] = {
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
        for name, weights in self.file.blends.items():
            loads[name] = Blend([(weight, loads[load]) for load, weight in weights.items()])
        return loads

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
                return LiveTime(self.sources.moment(spec.moment), self.clock)
            source = shown(self.sources.number(spec.source), spec.factor, spec.offset)
            if spec.beyond is not None:
                source = bounded(source, spec.tag, spec.scaler, spec.beyond)
            return LiveNumber(source, spec.tag, spec.scaler, self.clock)
        except InvalidValueError as error:
            raise spec.place.mistake(str(error)) from None

    def _profile(
        self, spec: ObjectSpec, profile: ProfileSpec, hosted: dict[LogicalName, HostedObject]
    ) -> HostedProfile:
        columns = [_column(column, hosted) for column in profile.columns]
        if profile.kept:
            columns = [NO_COLUMN] * (len(boundaries(profile.kept[0])) - 1)
        period = profile.period
        rows: PeriodicRows | NewestFirst | None = None
        if period and profile.sort_method <= _LIFO:
            rows = self._periodic(columns, profile)
            if profile.sort_method == _LIFO:
                rows = NewestFirst(rows)
        host = EntriesOnlyProfile if Quirk.NO_SELECTIVE_ACCESS_BY_RANGE in self.file.quirks else HostedProfile
        try:
            hosted_profile = host(
                spec.template.description,
                columns,
                entries=profile.entries,
                capture_period=period if isinstance(period, int) else 86_400 if period == "day" else 0,
                sort_method=profile.sort_method,
                sort_column=None if profile.sort_object is None else _column(profile.sort_object, hosted),
                rows=rows,
                moments=self.clock.moments,
            )
            for index, value in profile.shown.items():
                hosted_profile.put(index, value)
            for row in profile.kept:
                hosted_profile.rows.append(row)
        except InvalidValueError as error:
            raise spec.place.mistake(str(error)) from None
        return hosted_profile

    def _cell(self, column: Column) -> Cell:
        live = self._live.get((column.logical_name, column.attribute_index))
        if live is not None and column.data_index == 0:
            return MeasuredCell(live, self.clock)
        if column.class_id == _CLOCK and column.attribute_index == _TIME:
            return TimeCell(self.clock)
        if column.logical_name == CURRENT_ASSOCIATION:
            column = replace(column, logical_name=self._first_association())
        return ConstantCell(lambda: column.read(self.logical_device.read))

    def _first_association(self) -> LogicalName:
        """The object of the first association: who a profile says was there, for what it has captured already."""
        names = (name for name in self.logical_device.objects if CURRENT_ASSOCIATION[:4] == name[:4])
        return LogicalName(next(names, CURRENT_ASSOCIATION))


class EntriesOnlyProfile(HostedProfile):
    """A profile with the quirk ``no_selective_access_by_range``: a range is refused, entries work."""

    __slots__ = ()

    def select(self, index: int, selection: Selection) -> Data:
        if selection.selector == _BY_RANGE:
            raise AccessError(DataAccessResult.SCOPE_OF_ACCESS_VIOLATED)
        return super().select(index, selection)


def _column(spec: ColumnSpec, hosted: Mapping[LogicalName, HostedObject]) -> Column:
    captured = hosted.get(spec.logical_name)
    if captured is None and spec.class_id:
        return Column(spec.class_id, spec.logical_name, int(spec.attribute), spec.element)
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
        AssociationPolicy(
            authentication,
            max_receive_pdu_size=spec.max_pdu_size,
            high_level=spec.high_level,
            ciphered=spec.ciphered,
            quirks=file.quirks,
        ),
        spec.rights,
        instance=spec.instance,
        version=spec.version,
        security_setup=spec.security_setup or LogicalName(bytes(6)),
        grants=file.grants.get((spec.client, int(sap == _MANAGEMENT) if spec.server is None else sap)),
    )
