"""Addresses of the reports. The names stay."""

from django.urls import path

from reports import views

app_name = "reports"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("calls/", views.calls, name="calls"),
    path("calls/<uuid:call_id>/", views.call, name="call"),
    path("recordings/<uuid:recording_id>/", views.recording, name="recording"),
    path("flows/", views.flows, name="flows"),
    path("flows/<str:name>/", views.flow, name="flow"),
]
