"""Addresses of the API's listings and flags."""

from django.urls import path

from listings import api

urlpatterns = [
    path("listings", api.ListingList.as_view(), name="listings"),
    path("listings/bulk", api.ListingsBulk.as_view(), name="listings_bulk"),
    path("listings/<str:external_id>", api.ListingDetail.as_view(), name="listing"),
    path("flags", api.FlagList.as_view(), name="flags"),
    path("flags/<int:pk>", api.FlagDetail.as_view(), name="flag"),
    path("flags/<int:pk>/claim", api.FlagClaim.as_view(), name="flag_claim"),
    path("flags/<int:pk>/decide", api.FlagDecide.as_view(), name="flag_decide"),
    path("flags/<int:pk>/messages", api.Messages.as_view(), name="messages"),
    path("attachments/<int:pk>", api.AttachmentDownload.as_view(), name="attachment"),
    path("exclusions", api.ExclusionList.as_view(), name="exclusions"),
    path("exclusions/<int:pk>", api.ExclusionDetail.as_view(), name="exclusion"),
    path("exclusions/<int:pk>/withdraw", api.ExclusionWithdraw.as_view(), name="exclusion_withdraw"),
    path("innocents", api.InnocentList.as_view(), name="innocents"),  # earlier addresses of the exclusions
    path("innocents/<int:pk>/withdraw", api.InnocentWithdraw.as_view(), name="innocent_withdraw"),
]
