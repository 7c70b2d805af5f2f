"""An overlay → a package: its classes, its objects, what else it says, and a catalogue of all of it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from cosem.codegen.emit.device_classes import write_classes, write_types
from cosem.codegen.emit.device_module import (
    DEVICE,
    Constants,
    DevicePackage,
    Written,
    code_literal,
    origin_literal,
    source_name,
    text_literal,
    tuple_literal,
)
from cosem.codegen.emit.device_objects import unit_class, unit_literal, write_object_list, write_objects
from cosem.codegen.emit.env import environment, header
from cosem.codegen.emit.model import PACKAGE, Package, home_literal, write_shared
from cosem.codegen.emit.module import Module
from cosem.codegen.ir.names import upper
from cosem.codegen.ir.overlay import Association, DeviceModel, PushItem, PushList, TextList, TextPlace

_PUSH = "cosem.core.push_list"
_TEXT = "cosem.core.text_list"


def render_devices(devices: Sequence[DeviceModel]) -> dict[str, str]:
    """``cosem/devices``: a package for each overlay of the spec, and the list of them."""
    if not devices:
        return {}
    names = sorted(device.overlay.name for device in devices)
    env = environment()
    sources = {
        "cosem/devices/__init__.py": env.get_template("devices_init.py.j2").render(
            header=header(["spec/overlays"]), names=names
        )
    }
    homes: dict[int, dict[str, Module]] = {}
    written: dict[str, Written] = {}
    extended = {overlay.name for device in devices for overlay in device.overlays[:-1]}
    # Those that others stand on come first: what is theirs is imported.
    for device in sorted(devices, key=lambda each: len(each.overlays)):
        # The books' shared types are where they are for every device that stands on the same books.
        if id(device.base) not in homes:
            homes[id(device.base)] = write_shared(device.base, Package())
        name = device.overlay.name
        package = DevicePackage(
            f"cosem.devices.{name}", device, {**homes[id(device.base)]}, extended=name in extended
        )
        for overlay in device.overlays[:-1]:
            package.below = written.get(overlay.name, Written()).above(package.below)
        sources |= _rendered(package)
        written[name] = package.written
    return sources


def render_project(device: DeviceModel, package: str) -> dict[str, str]:
    """A package of its own that can be installed, with its project file around it."""
    overlay = device.overlay
    source = source_name(overlay.file)
    env = environment()
    return {
        **render_device(device, package),
        f"{package}/py.typed": "",
        "pyproject.toml": env.get_template("package_pyproject.toml.j2").render(
            header=header([source]),
            package=package,
            overlay=overlay,
            description=json.dumps(f"{overlay.title}: typed COSEM objects", ensure_ascii=False),
        ),
        "README.md": env.get_template("package_readme.md.j2").render(
            package=package, overlay=overlay, source=source
        ),
    }


def render_device(device: DeviceModel, name: str) -> dict[str, str]:
    """Path → source of the modules of package ``name``, before black. It stands on the books alone."""
    return _rendered(DevicePackage(name, device, write_shared(device.base, Package())))


def _rendered(package: DevicePackage) -> dict[str, str]:
    device, name = package.device, package.name
    write_types(package)
    classes = write_classes(package)
    entries = write_object_list(package)
    write_objects(package, classes)
    _write_device(package, entries)
    _write_catalogue(package)
    outer = Package({module.path: module.render() for module in package.modules})
    title = device.overlay.title
    doc = f"{title}: classes, objects and facts about the device, beyond the books."
    outer.lazy(name, package.sources[-1], doc, package.exported)
    return outer.sources


def _write_catalogue(package: DevicePackage) -> None:
    doc = "From class id and version to the device's classes; what is not its own is the books'."
    into = Module(f"{package.name}.catalogue", package.sources, doc, {"CATALOGUE"})
    classes = sorted(package.classes.items())
    rows = ", ".join(f"{key}: {home_literal(package.name, *home)}" for key, home in classes)
    books = into.use(PACKAGE, "CATALOGUE")
    arguments = [repr(package.name), f"{{{rows}}}", books]
    if package.rows:
        given = (f"{row!r}: {home_literal(package.name, *home)}" for row, home in package.rows.items())
        arguments.append(f"rows={{{', '.join(given)}}}")
    into.add(
        "constant.py.j2",
        name="CATALOGUE",
        make=into.use("cosem.core.catalogue", "Catalogue"),
        arguments=arguments,
    )
    package.modules.append(into)
    package.export(into.name, ["CATALOGUE"])


def _write_device(package: DevicePackage, entries: Constants) -> None:
    """``DEVICE``, and behind it the longer of its tables in modules of their own."""
    device, overlay = package.device, package.device.overlay
    push = _write_push(package)
    text = _write_text(package)
    changes = _write_changes(package)
    into = Module(
        f"{package.name}.device", package.sources, f"What {overlay.title} is, in one value.", {"DEVICE"}
    )
    arguments = [repr(overlay.name), repr(overlay.title)]
    if overlay.ends:
        arguments.append(f"ends={text_literal(overlay.ends)}")
    if len(device.overlays) > 1:
        arguments.append(f"extends={tuple_literal(repr(each.name) for each in device.overlays[:-1])}")
    if device.variants:
        arguments.append(f"variants={tuple_literal(map(repr, device.variants))}")
    if device.match:
        match = into.use(DEVICE, "Match")
        arguments.append(
            "match="
            + tuple_literal(
                f"{match}({each.flag!r}, {each.device_name!r}, {each.firmware!r})" for each in device.match
            )
        )
    if device.associations:
        arguments.append(
            f"associations={tuple_literal(_association(each, into) for each in device.associations)}"
        )
    if device.objects:
        arguments.append(f"objects={_joined(entries, into)}")
    if push.groups:
        arguments.append(f"push={_joined(push, into)}")
    if text.groups:
        arguments.append(f"text_lists={_joined(text, into)}")
    if device.link:
        facts = ", ".join(f"{fact.key}={fact.value}" for fact in device.link)
        arguments.append(f"link={into.use(DEVICE, 'LinkFacts')}({facts})")
    if device.quirks:
        quirk = into.use(DEVICE, "Quirk")
        rows = (f"{quirk}.{upper(use.name)}: {origin_literal(use.origin, into)}" for use in device.quirks)
        arguments.append(f"quirks={{{', '.join(rows)}}}")
    if device.changes:
        arguments.append(f"changes={_joined(changes, into)}")
    into.add("constant.py.j2", name="DEVICE", make=into.use(DEVICE, "Device"), arguments=arguments)
    package.modules.append(into)
    package.export(into.name, ["DEVICE"])


def _write_push(package: DevicePackage) -> Constants:
    constants = Constants(package.series("push_lists", f"What {package.device.overlay.title} pushes."))
    for row in package.device.push:
        if isinstance(row, PushList):
            into = constants.room()
            constants.add(upper(row.name), into.use(_PUSH, "PushList"), _push(row, package, into), into)
    constants.close("PUSH_LISTS")
    package.finish(constants.series)
    return constants


def _write_text(package: DevicePackage) -> Constants:
    """Lists that come as text telegrams."""
    doc = f"What {package.device.overlay.title} sends as text telegrams."
    constants = Constants(package.series("text_lists", doc))
    for row in package.device.push:
        if isinstance(row, TextList):
            into = constants.room()
            constants.add(upper(row.name), into.use(_TEXT, "TextList"), _text(row, package, into), into)
    constants.close("TEXT_LISTS")
    package.finish(constants.series)
    return constants


def _push(row: PushList, package: DevicePackage, into: Module) -> list[str]:
    arguments = [repr(row.name), origin_literal(row.origin, into)]
    if row.count is not None:
        arguments.append(f"count={row.count}")
    if row.texts:
        arguments.append(f"texts={{{', '.join(f'{at}: {text!r}' for at, text in row.texts)}}}")
    if row.items:
        arguments.append(f"items={tuple_literal(_item(item, package, into) for item in row.items)}")
    if row.described_by is not None:
        arguments.append(f"described_by={row.described_by}")
    if row.coded:
        units, media = unit_class(package, into), into.use("cosem.obis", "MEDIA")
        arguments += ["coded=True", f"units={units}", f"media={media}"]
    if row.codes:
        texts = ", ".join(f"{code_literal(code, into)}: {text!r}" for code, text in row.codes)
        arguments.append(f"codes={{{texts}}}")
    return arguments


def _item(item: PushItem, package: DevicePackage, into: Module) -> str:
    facts = [
        repr(item.name),
        repr(item.at),
        code_literal(item.obis, into) if item.obis else "",
        f"class_id={item.class_id}" if item.class_id is not None else "",
        f"attribute={item.attribute}" if item.attribute != 2 else "",
        f"scaler={item.scaler}" if item.scaler is not None else "",
        f"unit={unit_literal(item.unit, package, into)}" if item.unit else "",
    ]
    return f"{into.use(_PUSH, 'PushItem')}({', '.join(filter(None, facts))})"


def _text(row: TextList, package: DevicePackage, into: Module) -> list[str]:
    arguments = [repr(row.name), origin_literal(row.origin, into)]
    if row.identification:
        arguments.append(f"identification={row.identification!r}")
    if row.codes:
        texts = ", ".join(f"{code_literal(code, into)}: {text!r}" for code, text in row.codes)
        arguments.append(f"codes={{{texts}}}")
    if row.values:
        values = (
            f"{name!r}: ({', '.join(_place(each, into) for each in places)},)" for name, places in row.values
        )
        arguments.append(f"values={{{', '.join(values)}}}")
    return [*arguments, f"units={unit_class(package, into)}"]


def _place(place: TextPlace, into: Module) -> str:
    facts = [
        str(place.index),
        repr(place.form) if place.form else "",
        f"columns=({', '.join(map(repr, place.columns))},)" if place.columns else "",
    ]
    return f"{into.use(_TEXT, 'TextValue')}({', '.join(filter(None, facts))})"


def _write_changes(package: DevicePackage) -> Constants:
    """What differs from the books."""
    doc = "What differs from the books, and where that stands."
    constants = Constants(package.series("changes", doc))
    for number, each in enumerate(package.device.changes, 1):
        into = constants.room()
        arguments = [repr(each.verb), repr(each.element), origin_literal(each.origin, into)]
        arguments += [repr(each.reason)] if each.reason else []
        constants.add(f"CHANGE_{number}", into.use(DEVICE, "Change"), arguments, into)
    constants.close("CHANGES")
    package.finish(constants.series)
    return constants


def _joined(constants: Constants, into: Module) -> str:
    """All constants of a series as one tuple."""
    names = [into.symbol(module, name) for module, name in constants.groups]
    return names[0] if len(names) == 1 else f"({', '.join(f'*{name}' for name in names)})"


def _association(row: Association, into: Module) -> str:
    facts = [
        repr(row.name),
        str(row.client),
        origin_literal(row.origin, into),
        f"server_sap={row.server}" if row.server != 1 else "",
        f"mechanism={row.mechanism}" if row.mechanism else "",
        "ciphered=True" if row.ciphered else "",
        f"suite={row.suite}" if row.suite is not None else "",
        f"policy=frozenset({{{', '.join(map(repr, row.policy))}}})" if row.policy else "",
        f"association={code_literal(row.association, into)}" if row.association else "",
        f"security_setup={code_literal(row.security_setup, into)}" if row.security_setup else "",
        f"invocation_counter={code_literal(row.invocation_counter, into)}" if row.invocation_counter else "",
        "pre_established=True" if row.pre_established else "",
    ]
    return f"{into.use(DEVICE, 'DeviceAssociation')}({', '.join(filter(None, facts))})"
