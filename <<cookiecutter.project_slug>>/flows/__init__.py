"""The conversation, written as it is spoken: a flow is a class, a step is a decorated method.

class Reception(Flow):
    @ask("To book an appointment, press 1.", Options(appointment="1"), otherwise="front_desk")
    def start(self, answer: str) -> Next:
        return self.city
"""

from flows.flow import Flow
from flows.steps import Leg, Next, ask, say, transfer

__all__ = ["Flow", "Leg", "Next", "ask", "say", "transfer"]
