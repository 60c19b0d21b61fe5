"""Addresses of the API's notices."""

from django.urls import path

from recalls import api

urlpatterns = [
    path("notices", api.NoticeList.as_view(), name="notices"),
    path("notices/<int:pk>", api.NoticeDetail.as_view(), name="notice"),
    path("notices/<int:pk>/acknowledge", api.NoticeAcknowledge.as_view(), name="notice_acknowledge"),
]
