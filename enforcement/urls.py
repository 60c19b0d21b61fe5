"""Addresses of sending, the board, takedowns, escalations and policies."""

from django.urls import path

from enforcement.views import board, cases, packs, policies, send

app_name = "enforcement"
urlpatterns = [
    path("send/", send.send, name="send"),
    path("send/progress/", send.progress, name="send_progress"),
    path("board/", board.board, name="board"),
    path("board/<int:pk>/", board.notice_board, name="notice_board"),
    path("board/<int:pk>/pack/", packs.notice_pack, name="notice_pack"),
    path("takedowns/", board.takedown_list, name="takedowns"),
    path("takedowns/<int:pk>/", cases.takedown, name="takedown"),
    path("takedowns/<int:pk>/look/", cases.look, name="look"),
    path("takedowns/<int:pk>/pack/", packs.takedown_pack, name="takedown_pack"),
    path("packs/", packs.period_pack, name="packs"),
    path("escalations/", cases.escalation_list, name="escalations"),
    path("escalations/<int:pk>/acknowledge/", cases.acknowledge, name="escalation_acknowledge"),
    path("escalations/<int:pk>/letter/", cases.letter, name="letter"),
    path("watchdog/", cases.watchdog, name="watchdog"),
    path("policies/", policies.policy_list, name="policies"),
    path("policies/add/", policies.policy_add, name="policy_add"),
    path("policies/<int:pk>/", policies.policy_edit, name="policy_edit"),
]
