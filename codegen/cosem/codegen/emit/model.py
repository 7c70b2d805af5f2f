"""The object model → ``cosem/model``: a module per class id, shared types, the lazy package and its catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from cosem.codegen.emit.classes import ClassWriter, version_name
from cosem.codegen.emit.env import environment, header, wrapped
from cosem.codegen.emit.module import Module, import_order, name_order
from cosem.codegen.emit.types import TypeWriter
from cosem.codegen.ir.model import InterfaceClass, Model, TypeFile
from cosem.codegen.passes.scope import Scope, class_scope, definition_references, shared_types

PACKAGE = "cosem.model"
WHOLE_LINES = 400
"""A class whose module would be longer is spread over several; black may add some lines to these."""


@dataclass(slots=True)
class Package:
    """What is written, and which module has which name."""

    sources: dict[str, str] = field(default_factory=dict[str, str])
    names: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    versions: list[tuple[int, int, str, str]] = field(default_factory=list[tuple[int, int, str, str]])

    def put(self, module: Module) -> None:
        """Add a finished module."""
        self.sources[module.path] = module.render()

    def lazy(self, name: str, source: str, doc: str, homes: Mapping[str, Sequence[str]]) -> None:
        """Add the ``__init__`` of package ``name``, which imports on demand, and the index that it needs.

        ``homes`` has the names by module, which need not be one of the package.
        """
        found = [
            (module, sorted(names, key=import_order))
            for module, names in sorted(homes.items(), key=lambda home: import_order(home[0]))
        ]
        exported = sorted((name for _, names in found for name in names), key=name_order)
        env, folder, top = environment(), name.replace(".", "/"), header([source])
        self.sources[f"{folder}/__init__.py"] = env.get_template("lazy_init.py.j2").render(
            header=top, doc=doc, package=name, lazy=found, exported=exported
        )
        self.sources[f"{folder}/_index.py"] = env.get_template("index.py.j2").render(
            header=top,
            doc="Which module has which name.",
            lazy=[(relative(name, module), wrapped(names)) for module, names in found],
        )


def render(model: Model) -> dict[str, str]:
    """Path under ``generated/`` → source, before black."""
    package = Package()
    homes = write_shared(model, package)
    for cls in model.classes:
        _class(model, cls, homes, package)
    package.put(_catalogue(package))
    package.names[f"{PACKAGE}.catalogue"] = ["CATALOGUE"]
    doc = "The interface classes: ``Register`` is the newest version, ``RegisterV0`` a fixed one."
    package.lazy(PACKAGE, "spec/classes", doc, package.names)
    return package.sources


def _catalogue(package: Package) -> Module:
    module = Module(f"{PACKAGE}.catalogue", ["spec/classes"], "From class id and version to the classes.")
    rows = ", ".join(
        f"({class_id}, {version}): {home_literal(PACKAGE, module, name)}"
        for class_id, version, module, name in sorted(package.versions)
    )
    module.add(
        "constant.py.j2",
        name="CATALOGUE",
        make=module.use("cosem.core.catalogue", "Catalogue"),
        arguments=[repr(PACKAGE), f"{{{rows}}}"],
    )
    return module


def write_shared(model: Model, package: Package) -> dict[str, Module]:
    """Write the shared types, a module or more for each file; gives the module of each name."""
    homes: dict[str, Module] = {}
    lazy: dict[str, list[str]] = {}
    shared = shared_types(model)
    for file in _by_use(model.types):
        local = {definition.name: definition for definition in file.types}
        others = {name: definition for name, definition in shared.items() if name not in local}
        doc = f"Shared types: {file.stem.replace('_', ' ')}."
        series = Series(f"{PACKAGE}.types.{file.stem}", [f"spec/{file.file}"], doc)
        writer = TypeWriter(Scope(local, others), series.more(), homes, series.more)
        writer.define_all()
        homes |= writer.where
        for module in series.modules:
            package.put(module)
            lazy[module.name] = sorted(name for name in local if writer.where[name] is module)
    if lazy:
        doc = "Structures, enumerations and bits that several interface classes use."
        package.lazy(f"{PACKAGE}.types", "spec/types", doc, lazy)
    return homes


def _by_use(files: Sequence[TypeFile]) -> list[TypeFile]:
    """Files behind those that they use; a rule says that there is such an order."""
    home = {definition.name: file for file in files for definition in file.types}
    ordered: dict[str, TypeFile] = {}

    def place(file: TypeFile) -> None:
        used = (home[name.name] for definition in file.types for name in definition_references(definition))
        for other in sorted((other for other in used if other is not file), key=lambda other: other.stem):
            if other.stem not in ordered:
                place(other)
        ordered[file.stem] = file

    for file in files:
        if file.stem not in ordered:
            place(file)
    return list(ordered.values())


@dataclass(slots=True)
class Series:
    """Modules that are filled one after the other: ``name``, ``name_2``, …"""

    name: str
    sources: list[str]
    doc: str
    modules: list[Module] = field(default_factory=list[Module])

    def more(self) -> Module:
        """The next one."""
        number = len(self.modules) + 1
        name = self.name if number == 1 else f"{self.name}_{number}"
        self.modules.append(Module(name, self.sources, self.doc))
        return self.modules[-1]


def _class(model: Model, cls: InterfaceClass, homes: Mapping[str, Module], package: Package) -> None:
    """Write a class into one module, or, where that would be too long, its types and each version into their own."""
    stem = f"c{PurePosixPath(cls.file).stem}"
    names = {cls.python, *(version_name(cls, version) for version in cls.versions)}
    whole = _module(cls, stem, "", names)
    _write(model, cls, homes, lambda: whole, [whole] * len(cls.versions))
    if whole.lines <= WHOLE_LINES:
        package.put(whole)
        package.names[whole.name] = [cls.python, *(version_name(cls, version) for version in cls.versions)]
        _index(cls, [whole] * len(cls.versions), package)
        return
    types = Series(f"{PACKAGE}.{stem}_types", [f"spec/{cls.file}"], _module_doc(cls, ": types"))
    parts = [
        _module(cls, f"{stem}_v{version.number}", f": version {version.number}", names)
        for version in cls.versions
    ]
    where = _write(model, cls, homes, types.more, parts)
    for module in (*(module for module in types.modules if module.blocks), *parts):
        package.put(module)
    facade = _module(cls, stem, ": all of it", set())
    exported = sorted(where)
    for name in exported:
        facade.use(where[name].name, name)
    for version, part in zip(cls.versions, parts, strict=True):
        facade.use(part.name, version_name(cls, version))
        package.names[part.name] = [version_name(cls, version)]
    facade.use(parts[-1].name, cls.python)
    package.names[parts[-1].name].append(cls.python)
    facade.add("exports.py.j2", names=sorted([*exported, *names], key=name_order))
    package.put(facade)
    _index(cls, parts, package)


def _module(cls: InterfaceClass, stem: str, suffix: str, own: set[str]) -> Module:
    return Module(f"{PACKAGE}.{stem}", [f"spec/{cls.file}"], _module_doc(cls, suffix), own)


def _module_doc(cls: InterfaceClass, suffix: str) -> str:
    return f"{cls.name} (class {cls.id}){suffix}."


def _write(
    model: Model,
    cls: InterfaceClass,
    homes: Mapping[str, Module],
    more: Callable[[], Module],
    parts: Sequence[Module],
) -> dict[str, Module]:
    """Write a class: its types, each version into its part, the plain name behind the newest; where names are."""
    writer = TypeWriter(class_scope(model, cls), more(), homes, more)
    writer.define_all()
    classes = ClassWriter(cls, writer)
    name = ""
    for version, part in zip(cls.versions, parts, strict=True):
        name = classes.write(version, part)
    parts[-1].blocks.append(f"{cls.python} = {name}")
    return writer.where


def _index(cls: InterfaceClass, parts: Sequence[Module], package: Package) -> None:
    for version, part in zip(cls.versions, parts, strict=True):
        package.versions.append((cls.id, version.number, part.name, version_name(cls, version)))


def relative(package: str, module: str) -> str:
    """A module as ``import_module(…, package)`` takes it: ``.c0003_register``, and in full if it is another's."""
    return module.removeprefix(package) if module.startswith(f"{package}.") else module


def home_literal(package: str, module: str, name: str) -> str:
    """A class as the catalogue of ``package`` names it."""
    return repr(f"{relative(package, module)}:{name}")
