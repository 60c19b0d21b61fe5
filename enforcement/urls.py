"""Addresses of sending, the board, takedowns and their clocks, escalations, policies and calendars."""

from django.urls import path

from enforcement.views import appeals, board, calendars, caring, cases, letters, packs, policies, send, timing

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
    path("takedowns/<int:pk>/pause/", timing.pause, name="clock_pause"),
    path("takedowns/<int:pk>/resume/", timing.resume, name="clock_resume"),
    path("takedowns/<int:pk>/extend/", timing.extend, name="clock_extend"),
    path("takedowns/<int:pk>/appeal/", appeals.make, name="appeal_make"),
    path("appeals/", appeals.appeal_list, name="appeals"),
    path("appeals/<int:pk>/", appeals.appeal, name="appeal"),
    path("extensions/<int:pk>/", timing.answer, name="extension_answer"),
    path("packs/", packs.period_pack, name="packs"),
    path("escalations/", cases.escalation_list, name="escalations"),
    path("escalations/<int:pk>/", caring.escalation, name="escalation"),
    path("escalations/<int:pk>/acknowledge/", caring.acknowledge, name="escalation_acknowledge"),
    path("escalations/<int:pk>/hand-over/", caring.hand_over, name="escalation_hand_over"),
    path("escalations/<int:pk>/resolve/", caring.resolve, name="escalation_resolve"),
    path("letters/", letters.letter_list, name="letters"),
    path("letters/template/", letters.template, name="letter_template"),
    path("letters/<int:pk>/", letters.letter, name="letter"),
    path("letters/<int:pk>/send/", letters.send, name="letter_send"),
    path("letters/<int:pk>/discard/", letters.discard, name="letter_discard"),
    path("namings/", letters.naming_list, name="namings"),
    path("namings/<int:pk>/agree/", letters.naming_agree, name="naming_agree"),
    path("namings/<int:pk>/withdraw/", letters.naming_withdraw, name="naming_withdraw"),
    path("named/", letters.named, name="named"),
    path("watchdog/", cases.watchdog, name="watchdog"),
    path("watchdog/takedowns/<int:pk>/again/", cases.take_up_again, name="take_up_again"),
    path("policies/", policies.policy_list, name="policies"),
    path("calendars/", calendars.calendars, name="calendars"),
    path("calendars/days/add/", calendars.day_add, name="calendar_day_add"),
    path("calendars/days/<int:pk>/remove/", calendars.day_remove, name="calendar_day_remove"),
    path("calendars/recount/", calendars.recount, name="recount"),
    path("policies/add/", policies.policy_add, name="policy_add"),
    path("policies/<int:pk>/", policies.policy_edit, name="policy_edit"),
]
