"""The rules that a spec must keep, each with the reason why."""

from __future__ import annotations

from dataclasses import dataclass

from cosem.codegen.errors import Mistakes, Span

RULES = {
    "M001": ("a class id is described in one file", "two descriptions of one class would drift apart"),
    "M002": ("a class has a Python name of its own", "all classes are imported from cosem.model"),
    "M003": (
        "since and until name known editions, in their order",
        "the edition filter would drop the element",
    ),
    "M004": ("attribute 1 is never written", "logical_name is the same for every class and implied"),
    "M005": ("an index fits an Integer8 and is not 0", "it travels as one octet; 0 means all attributes"),
    "M006": ("names are in snake_case", "one spelling for one thing, in the spec, in Python and in paths"),
    "M007": ("names in one table differ, once they are Python names", "one would hide the other"),
    "M008": ("type names are CamelCase and not taken", "modules import them side by side"),
    "M009": (
        "a type that is used is defined, here or in spec/types",
        "a class module imports no other class",
    ),
    "M010": (
        "a type is used as what it is",
        "the notation says structure, enum or bits so that a reader knows",
    ),
    "M011": ("a type that is defined is used", "a table that nothing refers to is not checked by anything"),
    "M012": ("no type contains itself", "structures have a fixed depth; recursion is what Data is for"),
    "M013": ("numbers of members are unique, named once, and fit the carrier", "they could not be encoded"),
    "M014": ("the alternatives of a choice differ", "the second could never be chosen"),
    "M015": ("a selector is 1 to 255", "it travels as one octet; 0 means no selective access"),
    "M016": ("a version has a reference", "a fact without a clause cannot be checked"),
    "M017": ("symbols belong to units", "they are what a quantity prints"),
    "M018": ("files of shared types use each other in one direction", "their modules import each other"),
    "M019": ("some edition knows each element", "one that outlives what it is in is in no edition at all"),
    "M020": ("a type has something in it", "nothing could be carried by it"),
    "M021": ("a later version is not older", "an edition would know it without those before it"),
    "M022": ("a code is not older than its classes", "an edition would have it without a class to model it"),
}
"""Rule id → (what holds, why)."""


@dataclass(frozen=True, slots=True)
class Report:
    """Notes a breach with the id of its rule in front."""

    mistakes: Mistakes

    def __call__(self, rule: str, span: Span, text: str) -> None:
        assert rule in RULES
        self.mistakes.add(span, f"{rule}: {text}")
