"""The platform's addresses, with and without the last slash: a redirect would end the call."""

from django.urls import path

from flows.addresses import find_grammar
from flows.served import view
from flows.views import turn

urlpatterns = [
    path("tropo", turn),
    path("tropo/", turn, name="tropo"),
    path("tropo/grammars/<str:name>", view(find_grammar)),
    path("tropo/<str:token>", turn),
    path("tropo/<str:token>/", turn),
]
