"""Every address of the site. Other apps are named as strings only, so that the ground imports none of them."""

from django.urls import include, path

from portal.views.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
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
