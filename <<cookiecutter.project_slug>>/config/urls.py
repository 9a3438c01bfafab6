"""Every address of this project."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="reports:overview")),
    path("", include("flows.urls")),
    path("", include("calls.urls")),
    path("", include("ops.urls")),
    path("reports/", include("reports.urls")),
    path("login/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path(settings.ADMIN_URL, admin.site.urls),
]
