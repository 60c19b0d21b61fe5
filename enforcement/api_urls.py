"""Addresses of the API's takedowns and observations."""

from django.urls import path

from enforcement import api

urlpatterns = [
    path("takedowns/<int:flag_id>", api.TakedownDetail.as_view(), name="takedown"),
    path("takedowns/<int:flag_id>/extension", api.ExtensionAsk.as_view(), name="extension_ask"),
    path("takedowns/<int:flag_id>/appeal", api.AppealMake.as_view(), name="appeal_make"),
    path("observations", api.Observations.as_view(), name="observations"),
]
