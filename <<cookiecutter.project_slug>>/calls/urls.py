"""Where recordings go, with and without the last slash: the platform follows no redirect."""

from django.urls import path

from calls.uploads import upload

urlpatterns = [
    path("tropo/recordings/<str:name>", upload),
    path("tropo/recordings/<str:name>/", upload, name="recording-upload"),
]
