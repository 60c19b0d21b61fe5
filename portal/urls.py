"""Every address of the site. Other apps are named as strings only, so that the ground imports none of them."""

from django.urls import include, path

from portal.views import probes
from portal.views.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("health/live", probes.live, name="health_live"),
    path("health/ready", probes.ready, name="health_ready"),
    path("health/startup", probes.ready, name="health_startup"),
    path("health/work", probes.work, name="health_work"),
    path("metrics", probes.metrics, name="metrics"),
    path("", include("portal.page_urls")),
    path("recalls/", include("recalls.urls")),
    path("", include("listings.urls")),
    path("", include("enforcement.urls")),
    path("api/", include("portal.api.urls")),
]
handler400 = "portal.http.errors.bad_request"
handler403 = "portal.http.errors.forbidden"
handler404 = "portal.http.errors.not_found"
handler500 = "portal.http.errors.server_error"
