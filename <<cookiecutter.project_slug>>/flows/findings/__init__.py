"""What is wrong with the flows as they are written, each with its place and what to do."""

from flows.findings.finding import Finding, Level
from flows.findings.project import at_deployment, certain, everything

__all__ = ["Finding", "Level", "at_deployment", "certain", "everything"]
