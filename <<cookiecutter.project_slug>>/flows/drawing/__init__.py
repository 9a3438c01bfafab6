"""The picture of a flow: as Mermaid text, and as an SVG of our own."""

from flows.drawing.mermaid import mermaid
from flows.drawing.svg import drawn, standalone

__all__ = ["drawn", "mermaid", "standalone"]
