"""Addresses of the API's recalls, their imports and feeds, and notices."""

from django.urls import path

from recalls.api import cases, feeds, files, imports, incidents, notices, recalls

urlpatterns = [
    path("recalls", recalls.RecallList.as_view(), name="recalls"),
    path("recalls/<int:pk>", recalls.RecallDetail.as_view(), name="recall"),
    path("recalls/<int:pk>/versions", recalls.RecallVersions.as_view(), name="recall_versions"),
    path("recalls/<int:pk>/versions/publish", recalls.RecallVersionPublish.as_view(), name="recall_version_publish"),
    path("recalls/<int:pk>/versions/discard", recalls.RecallVersionDiscard.as_view(), name="recall_version_discard"),
    path("recalls/<int:pk>/submit", recalls.RecallSubmit.as_view(), name="recall_submit"),
    path("recalls/<int:pk>/return", recalls.RecallReturn.as_view(), name="recall_return"),
    path("recalls/<int:pk>/approve", recalls.RecallApprove.as_view(), name="recall_approve"),
    path("recalls/<int:pk>/embargo", recalls.RecallEmbargo.as_view(), name="recall_embargo"),
    path("recalls/<int:pk>/withdraw", recalls.RecallWithdraw.as_view(), name="recall_withdraw"),
    path("recalls/<int:pk>/assessment", cases.RecallAssessment.as_view(), name="recall_assessment"),
    path("recalls/<int:pk>/assessment/sign", cases.RecallAssessmentSign.as_view(), name="recall_assessment_sign"),
    path("recalls/<int:pk>/owner", cases.RecallOwner.as_view(), name="recall_owner"),
    path("recalls/<int:pk>/files", files.RecallFiles.as_view(), name="recall_files"),
    path("recalls/<int:pk>/incident", incidents.RecallIncident.as_view(), name="recall_incident"),
    path("recall-files/<int:pk>", files.RecallFileDetail.as_view(), name="recall_file"),
    path("recall-files/<int:pk>/content", files.RecallFileContent.as_view(), name="recall_file_content"),
    path("recall-files/<int:pk>/audience", files.RecallFileAudience.as_view(), name="recall_file_audience"),
    path("recall-files/<int:pk>/remove", files.RecallFileRemove.as_view(), name="recall_file_remove"),
    path("recall-imports", imports.RecallImportList.as_view(), name="recall_imports"),
    path("recall-imports/<int:pk>", imports.RecallImportDetail.as_view(), name="recall_import"),
    path("recall-imports/<int:pk>/changes", imports.RecallImportChanges.as_view(), name="recall_import_changes"),
    path("recall-imports/<int:pk>/rejects", imports.RecallImportRejects.as_view(), name="recall_import_rejects"),
    path(
        "recall-imports/<int:pk>/rejects/export",
        imports.RecallImportRejectsExport.as_view(),
        name="recall_import_rejects_export",
    ),
    path("recall-imports/<int:pk>/columns", imports.RecallImportColumns.as_view(), name="recall_import_columns"),
    path("recall-imports/<int:pk>/confirm", imports.RecallImportConfirm.as_view(), name="recall_import_confirm"),
    path("recall-imports/<int:pk>/submit", imports.RecallImportSubmit.as_view(), name="recall_import_submit"),
    path("recall-imports/<int:pk>/approve", imports.RecallImportApprove.as_view(), name="recall_import_approve"),
    path("recall-imports/<int:pk>/return", imports.RecallImportReturn.as_view(), name="recall_import_return"),
    path("recall-imports/<int:pk>/cancel", imports.RecallImportCancel.as_view(), name="recall_import_cancel"),
    path("recall-feeds", feeds.RecallFeedList.as_view(), name="recall_feeds"),
    path("recall-feeds/<int:pk>", feeds.RecallFeedDetail.as_view(), name="recall_feed"),
    path("recall-feeds/<int:pk>/fetch", feeds.RecallFeedFetch.as_view(), name="recall_feed_fetch"),
    path("notices", notices.NoticeList.as_view(), name="notices"),
    path("notices/<int:pk>", notices.NoticeDetail.as_view(), name="notice"),
    path("notices/<int:pk>/acknowledge", notices.NoticeAcknowledge.as_view(), name="notice_acknowledge"),
    path("notices/<int:pk>/withdraw", notices.NoticeWithdraw.as_view(), name="notice_withdraw"),
]
