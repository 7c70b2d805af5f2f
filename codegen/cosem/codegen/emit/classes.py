"""Interface class versions → Python classes."""

from __future__ import annotations

from dataclasses import dataclass, field

from cosem.codegen.emit.module import Module
from cosem.codegen.emit.types import CODECS, TypeWriter
from cosem.codegen.ir.model import Attribute, InterfaceClass, Method, Selector, Version
from cosem.codegen.ir.names import camel, identifier
from cosem.codegen.ir.types import Builtin

_ACCESS = "cosem.core.access"


@dataclass(slots=True)
class ClassWriter:
    """Writes the versions of one class; their types and references go into the home of ``types``."""

    cls: InterfaceClass
    types: TypeWriter
    _references: dict[tuple[object, ...], str] = field(default_factory=dict[tuple[object, ...], str])

    def write(self, version: Version, into: Module) -> str:
        """Write one version; gives the name of its class."""
        name = version_name(self.cls, version)
        into.add(
            "class.py.j2",
            name=name,
            cls=self.cls,
            version=version,
            doc=_class_doc(self.cls, version),
            base=into.use(_ACCESS, "CosemObject"),
            classvar=into.use("typing", "ClassVar"),
            mapping=into.use("collections.abc", "Mapping"),
            attribute_spec=into.use(_ACCESS, "AttributeSpec"),
            method_spec=into.use(_ACCESS, "MethodSpec"),
            logical_name=into.use(CODECS, "LOGICAL_NAME"),
            attributes=[self._attribute(attribute, into) for attribute in version.attributes],
            methods=[self._method(method, into) for method in version.methods],
        )
        return name

    def _attribute(self, attribute: Attribute, into: Module) -> dict[str, object]:
        hint = self._hint(attribute.name)
        codec = self.types.codec(attribute.type, into, hint)
        if attribute.selectors:
            reference = make = self.types.symbol(self._reference(attribute, hint), into)
        else:
            make = into.use(_ACCESS, "ReadWrite" if attribute.writable else "ReadOnly")
            reference = f"{make}[{self.types.annotation(attribute.type, into, hint)}]"
        selectors = ", ".join(
            f"{selector.number}: {self.types.codec(selector.type, into, self._selector_hint(hint, selector))}"
            for selector in attribute.selectors
        )
        return {
            "index": attribute.index,
            "name": attribute.name,
            "python": identifier(attribute.name),
            "doc": _row_doc("Attribute", attribute, "dynamic" if attribute.dynamic else "static"),
            "codec": codec,
            "reference": reference,
            "make": make,
            "options": ("" if attribute.writable else ", writable=False")
            + (", dynamic=True" if attribute.dynamic else "")
            + (f", selectors={{{selectors}}}" if selectors else ""),
        }

    def _method(self, method: Method, into: Module) -> dict[str, object]:
        hint = self._hint(method.name)
        taken = self.types.codec(method.takes, into, hint) if method.takes else None
        given = self.types.codec(method.returns, into, f"{hint}Result") if method.returns else None
        result = self.types.annotation(method.returns, into, f"{hint}Result") if method.returns else "None"
        parameter = ""
        if method.takes is not None:
            parameter = f"data: {self.types.annotation(method.takes, into, hint)}"
            if isinstance(method.takes, Builtin) and method.takes.name == "integer":
                parameter += " = 0"
        return {
            "index": method.index,
            "name": method.name,
            "python": identifier(method.name),
            "doc": _row_doc("Method", method, "mandatory" if method.mandatory else "optional"),
            "parameter": parameter,
            "encoded": f"{taken}.encode_data(data)" if taken else "None",
            "codec": given or "None",
            "result": f"{into.use(_ACCESS, 'MethodCall')}[{result}]",
            "make": into.use(_ACCESS, "MethodCall"),
            "options": (f", takes={taken}" if taken else "")
            + (f", returns={given}" if given else "")
            + (", mandatory=True" if method.mandatory else ""),
        }

    def _reference(self, attribute: Attribute, hint: str) -> str:
        """The class of references to an attribute with selectors, shared by the versions that agree on it."""
        key = (attribute.name, attribute.type, attribute.writable, attribute.selectors)
        if key not in self._references:
            types = self.types
            types.ready(attribute.type, hint)
            for selector in attribute.selectors:
                types.ready(selector.type, self._selector_hint(hint, selector))
            name = self._references[key] = types.fresh(f"{hint}Reference", str)
            home = types.home
            value = types.annotation(attribute.type, home, hint)
            access = home.use(_ACCESS, "ReadWrite" if attribute.writable else "ReadOnly")
            home.add(
                "reference.py.j2",
                name=name,
                base=f"{access}[{value}]",
                result=f"{access}[{value}]",
                make=access,
                selection=home.use(_ACCESS, "Selection"),
                attribute=attribute,
                selectors=[self._selector(selector, hint) for selector in attribute.selectors],
            )
        return self._references[key]

    def _selector(self, selector: Selector, hint: str) -> dict[str, object]:
        home, types = self.types.home, self.types
        inner = self._selector_hint(hint, selector)
        codec = types.codec(selector.type, home, inner)
        bare = isinstance(selector.type, Builtin) and selector.type.name == "null-data"
        return {
            "number": selector.number,
            "python": identifier(selector.name),
            "doc": selector.doc or f"The part of the attribute that selector {selector.number} chooses.",
            "parameter": "" if bare else f"parameters: {types.annotation(selector.type, home, inner)}",
            "encoded": f"{codec}.encode_data({'None' if bare else 'parameters'})",
        }

    def _hint(self, name: str) -> str:
        return f"{self.cls.python}{camel(name)}"

    def _selector_hint(self, hint: str, selector: Selector) -> str:
        return f"{hint}{camel(selector.name)}"


def version_name(cls: InterfaceClass, version: Version) -> str:
    """``RegisterV0``."""
    return f"{cls.python}V{version.number}"


def _class_doc(cls: InterfaceClass, version: Version) -> str:
    facts = [f"{cls.name} (class {cls.id}, version {version.number}). {version.ref}."]
    if version.confidence != "high":
        facts.append(f"Confidence: {version.confidence}.")
    return " ".join(facts) + (f"\n\n{cls.doc}" if cls.doc else "")


def _row_doc(what: str, row: Attribute | Method, kind: str) -> str:
    facts = [f"{what} {row.index}, {kind}."]
    if row.doc:
        facts.append(row.doc)
    if row.ref:
        facts.append(f"{row.ref}.")
    if row.confidence != "high":
        facts.append(f"Confidence: {row.confidence}.")
    return " ".join(facts)
