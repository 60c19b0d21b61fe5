"""The API's addresses, collected from the apps by name."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from portal.api.docs import docs, errors

app_name = "api"
urlpatterns = [
    path("v1/schema", SpectacularAPIView.as_view(), name="schema"),
    path("docs", docs, name="docs"),
    path("docs/errors", errors, name="errors"),
    path("v1/", include("recalls.api_urls")),
    path("v1/", include("listings.api_urls")),
    path("v1/", include("enforcement.api_urls")),
]
