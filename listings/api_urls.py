"""Addresses of the API's listings, uploads, imports, searches, flags, messages, links for sellers, exclusions and dry runs."""

from django.urls import path

from listings.api import bulk, dry_runs, exclusions, flags, imports, listings, messages, searches, seller_links, uploads

urlpatterns = [
    path("listings", listings.ListingList.as_view(), name="listings"),
    path("listings/bulk", listings.ListingsBulk.as_view(), name="listings_bulk"),
    path("listings/<str:external_id>", listings.ListingDetail.as_view(), name="listing"),
    path("uploads", uploads.UploadList.as_view(), name="uploads"),
    path("uploads/<int:pk>", uploads.UploadDetail.as_view(), name="upload"),
    path("uploads/<int:pk>/import", uploads.UploadImport.as_view(), name="upload_import"),
    path("imports", imports.ImportList.as_view(), name="imports"),
    path("imports/<int:pk>", imports.ImportDetail.as_view(), name="import"),
    path("imports/<int:pk>/rejects", imports.ImportRejects.as_view(), name="import_rejects"),
    path("imports/<int:pk>/rejects/export", imports.ImportRejectsExport.as_view(), name="import_rejects_export"),
    path("imports/<int:pk>/columns", imports.ImportColumns.as_view(), name="import_columns"),
    path("imports/<int:pk>/confirm", imports.ImportConfirm.as_view(), name="import_confirm"),
    path("imports/<int:pk>/refuse", imports.ImportRefuse.as_view(), name="import_refuse"),
    path("imports/<int:pk>/cancel", imports.ImportCancel.as_view(), name="import_cancel"),
    path("searches", searches.SearchList.as_view(), name="searches"),
    path("flags", flags.FlagList.as_view(), name="flags"),
    path("flags/bulk/claim", bulk.FlagsClaim.as_view(), name="flags_claim"),
    path("flags/claim-next", bulk.FlagClaimNext.as_view(), name="flags_claim_next"),
    path("flags/bulk/decide", bulk.FlagsDecide.as_view(), name="flags_decide"),
    path("flags/<int:pk>", flags.FlagDetail.as_view(), name="flag"),
    path("flags/<int:pk>/claim", flags.FlagClaim.as_view(), name="flag_claim"),
    path("flags/<int:pk>/release", flags.FlagRelease.as_view(), name="flag_release"),
    path("flags/<int:pk>/hand-over", flags.FlagHandOver.as_view(), name="flag_hand_over"),
    path("flags/<int:pk>/decide", flags.FlagDecide.as_view(), name="flag_decide"),
    path("flags/<int:pk>/undo", flags.FlagUndo.as_view(), name="flag_undo"),
    path("flags/<int:pk>/answer", flags.FlagAnswer.as_view(), name="flag_answer"),
    path("flags/<int:pk>/overrule", flags.FlagOverrule.as_view(), name="flag_overrule"),
    path("flags/<int:pk>/messages", messages.Messages.as_view(), name="messages"),
    path("flags/<int:pk>/messages/read", messages.MessagesRead.as_view(), name="messages_read"),
    path("flags/<int:pk>/seller-links", seller_links.SellerLinks.as_view(), name="seller_links"),
    path("seller-links/<int:pk>", seller_links.SellerLinkDetail.as_view(), name="seller_link"),
    path("seller-links/<int:pk>/revoke", seller_links.SellerLinkRevoke.as_view(), name="seller_link_revoke"),
    path("attachments/<int:pk>", messages.AttachmentDownload.as_view(), name="attachment"),
    path("exclusions", exclusions.ExclusionList.as_view(), name="exclusions"),
    path("exclusions/<int:pk>", exclusions.ExclusionDetail.as_view(), name="exclusion"),
    path("exclusions/<int:pk>/withdraw", exclusions.ExclusionWithdraw.as_view(), name="exclusion_withdraw"),
    path("recalls/<int:pk>/dry-runs", dry_runs.DryRunList.as_view(), name="dry_runs"),
    path("dry-runs/<int:pk>", dry_runs.DryRunDetail.as_view(), name="dry_run"),
    path("dry-runs/<int:pk>/cancel", dry_runs.DryRunCancel.as_view(), name="dry_run_cancel"),
    path("innocents", exclusions.InnocentList.as_view(), name="innocents"),  # earlier addresses of the exclusions
    path("innocents/<int:pk>/withdraw", exclusions.InnocentWithdraw.as_view(), name="innocent_withdraw"),
]
