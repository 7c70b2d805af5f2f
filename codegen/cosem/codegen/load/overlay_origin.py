"""``from:``: which document a fact comes from, and where it stands in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from cosem.codegen.errors import Mistakes, Span
from cosem.codegen.ir.overlay import Origin, Source
from cosem.codegen.load.nodes import Keys, Text


@dataclass(slots=True)
class Origins:
    """Reads ``from: manual p. 12``: a key of ``sources``, then the place.

    ``usual`` is what the head of the overlay gives for facts that have no ``from`` of their own.
    """

    overlay: str
    sources: Mapping[str, Source]
    mistakes: Mistakes
    usual: Origin | None = None
    _used: set[str] = field(default_factory=set[str])

    def within(self, usual: Origin) -> Origins:
        """For facts inside of one that has an origin: the same sources, with that origin for those that name none."""
        return replace(self, usual=usual)

    def of(self, keys: Keys) -> Origin:
        """The origin that a mapping names."""
        text = keys.text("from", required=self.usual is None)
        return self.read(text) if text else self._usual()

    def read(self, text: Text) -> Origin:
        """The origin that a text names."""
        key, _, place = text.value.partition(" ")
        source = self.sources.get(key)
        if source is None:
            known = ", ".join(self.sources) or "none yet"
            self.mistakes.add(
                text.span, f"{key!r} is no source; write a source, then the place; there are {known}"
            )
            return self._usual()
        self._used.add(key)
        return Origin(self.overlay, source.document, place.strip())

    def spread(self, keys: Keys, span: Span) -> tuple[Origin, str, Span]:
        """Origin, reason and place: what each verb begins with."""
        reason = keys.text("reason", required=False)
        return self.of(keys), reason.value if reason else "", span

    def close(self, sources: Iterable[Source]) -> None:
        """Report sources that nothing comes from."""
        for source in sources:
            if source.key not in self._used:
                self.mistakes.add(source.span, f"nothing comes from {source.key!r}; remove it")

    def _usual(self) -> Origin:
        return self.usual or Origin(self.overlay, "", "")
