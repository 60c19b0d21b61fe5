"""Addresses of the API's takedowns, escalations, letters and observations."""

from django.urls import path

from enforcement import api

urlpatterns = [
    path("takedowns", api.TakedownList.as_view(), name="takedowns"),
    path("takedowns/<int:flag_id>", api.TakedownDetail.as_view(), name="takedown"),
    path("takedowns/<int:flag_id>/extension", api.ExtensionAsk.as_view(), name="extension_ask"),
    path("takedowns/<int:flag_id>/appeal", api.AppealMake.as_view(), name="appeal_make"),
    path("takedowns/<int:flag_id>/pack", api.PackMake.as_view(), name="pack_make"),
    path("escalations", api.EscalationList.as_view(), name="escalations"),
    path("letters", api.LetterList.as_view(), name="letters"),
    path("letters/<int:pk>", api.LetterDetail.as_view(), name="letter"),
    path("observations", api.Observations.as_view(), name="observations"),
]
