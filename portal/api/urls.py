"""The API's addresses, collected from the apps by name."""

from django.urls import include, path

from portal.api import audit, exports, keys, organisations
from portal.api.docs import docs, errors
from portal.api.schema_view import SchemaView

app_name = "api"
urlpatterns = [
    path("v1/schema", SchemaView.as_view(), name="schema"),
    path("docs", docs, name="docs"),
    path("docs/errors", errors, name="errors"),
    path("v1/key", keys.OwnKey.as_view(), name="key"),
    path("v1/platforms", organisations.PlatformList.as_view(), name="platforms"),
    path("v1/exports", exports.ExportList.as_view(), name="exports"),
    path("v1/exports/<int:pk>", exports.ExportDetail.as_view(), name="export"),
    path("v1/exports/<int:pk>/file", exports.ExportFile.as_view(), name="export_file"),
    path("v1/exports/<int:pk>/cancel", exports.ExportCancel.as_view(), name="export_cancel"),
    path("v1/exports/<int:pk>/delete", exports.ExportDelete.as_view(), name="export_delete"),
    path("v1/audit", audit.AuditList.as_view(), name="audit"),
    path("v1/audit/<int:pk>", audit.AuditDetail.as_view(), name="audit_event"),
    path("v1/audit/export", audit.AuditExport.as_view(), name="audit_export"),
    path("v1/", include("recalls.api_urls")),
    path("v1/", include("listings.api_urls")),
    path("v1/", include("enforcement.api_urls")),
]
