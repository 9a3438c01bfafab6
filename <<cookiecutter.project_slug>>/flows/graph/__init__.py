"""A flow as a graph: its edges and its version, read from its code as it is written."""

from flows.graph.description import Description, describe, edges, followers, reachable
from flows.graph.edges import Edge, Kind

__all__ = ["Description", "Edge", "Kind", "describe", "edges", "followers", "reachable"]
