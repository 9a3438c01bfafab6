"""Where recordings and their words go, with and without the last slash: the platform follows no redirect."""

from django.urls import path

from calls.uploads import transcription, upload

urlpatterns = [
    path("tropo/recordings/<str:name>", upload),
    path("tropo/recordings/<str:name>/", upload, name="recording-upload"),
    path("tropo/transcriptions/<str:name>", transcription),
    path("tropo/transcriptions/<str:name>/", transcription, name="recording-words"),
]
