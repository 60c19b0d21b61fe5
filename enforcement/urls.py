"""Addresses of sending, the board, takedowns and their clocks, escalations, policies and calendars."""

from django.urls import path

from enforcement.appeals import views as appeals
from enforcement.calendars import views as calendars
from enforcement.checks import views as checks
from enforcement.clocks import views as timing
from enforcement.escalations.views import handling
from enforcement.escalations.views import listing as escalations
from enforcement.evidence_packs import views as packs
from enforcement.letters.views import letters, public_listing
from enforcement.oversight.views import (
    activity,
    board,
    deadline_monitor,
    failed_jobs,
    figures,
    getting_started,
    platform,
    product,
    sending,
)
from enforcement.policies import views as policies
from enforcement.redaction.views import takedown_redacted
from enforcement.sandbox import regulator_views as regulator
from enforcement.sandbox import views as sandbox
from enforcement.sellers import views as sellers
from enforcement.statements import views as statements
from enforcement.takedowns import views as takedowns

app_name = "enforcement"
urlpatterns = [
    path("send/", sending.send, name="send"),
    path("send/<int:pk>/", sending.progress, name="send_progress"),
    path("send/<int:pk>/stop/", sending.stop, name="send_stop"),
    path("board/", board.board, name="board"),
    path("board/wallboard/", board.wallboard, name="wallboard"),
    path("board/<int:pk>/", board.notice_board, name="notice_board"),
    path("products/<int:pk>/", product.product, name="product"),
    path("platforms/<int:pk>/record/", platform.platform, name="platform"),
    path("board/<int:pk>/pack/", packs.notice_pack, name="notice_pack"),
    path("seller/open/<str:token>/", sellers.enter, name="seller_link"),
    path("seller/<int:pk>/", sellers.page, name="seller_page"),
    path("takedowns/", takedowns.takedown_list, name="takedowns"),
    path("takedowns/<int:pk>/", takedowns.takedown, name="takedown"),
    path("takedowns/<int:pk>/record-check/", checks.check, name="record_check"),
    path("takedowns/<int:pk>/check/", checks.check_now, name="check_now"),
    path("takedowns/<int:pk>/pack/", packs.takedown_pack, name="takedown_pack"),
    path("takedowns/<int:pk>/redacted/", takedown_redacted, name="takedown_redacted"),
    path("takedowns/<int:pk>/pause/", timing.pause, name="clock_pause"),
    path("takedowns/<int:pk>/resume/", timing.resume, name="clock_resume"),
    path("takedowns/<int:pk>/extend/", timing.extend, name="clock_extend"),
    path("takedowns/<int:pk>/appeal/", appeals.make, name="appeal_make"),
    path("appeals/", appeals.appeal_list, name="appeals"),
    path("appeals/<int:pk>/", appeals.appeal, name="appeal"),
    path("extensions/<int:pk>/", timing.answer, name="extension_answer"),
    path("packs/", packs.period_pack, name="packs"),
    path("statements/", statements.statements, name="statements"),
    path("sandbox/", sandbox.sandbox, name="sandbox"),
    path("sandbox/create/", sandbox.create, name="sandbox_create"),
    path("sandbox/keys/add/", sandbox.key, name="sandbox_key"),
    path("sandbox/keys/revoke/", sandbox.key_revoke, name="sandbox_key_revoke"),
    path("sandbox/enter/", sandbox.enter, name="sandbox_enter"),
    path("sandbox/leave/", sandbox.leave, name="sandbox_leave"),
    path("sandbox/reset/", sandbox.reset, name="sandbox_reset"),
    path("sandbox/remove/", sandbox.remove, name="sandbox_remove"),
    path("sandbox/regulator/", regulator.regulator, name="sandbox_regulator"),
    path("sandbox/regulator/notices/<int:pk>/version/", regulator.version, name="sandbox_version"),
    path("sandbox/regulator/notices/<int:pk>/withdraw/", regulator.withdraw, name="sandbox_withdraw"),
    path("sandbox/regulator/answers/<str:kind>/<int:pk>/", regulator.answer, name="sandbox_answer"),
    path("sandbox/regulator/clocks/<int:pk>/time/", regulator.time, name="sandbox_time"),
    path("sandbox/regulator/clocks/<int:pk>/miss/", regulator.miss, name="sandbox_miss"),
    path("escalations/", escalations.escalation_list, name="escalations"),
    path("escalations/figures/", figures.escalation_figures, name="escalation_figures"),
    path("escalations/<int:pk>/", handling.escalation, name="escalation"),
    path("escalations/<int:pk>/acknowledge/", handling.acknowledge, name="escalation_acknowledge"),
    path("escalations/<int:pk>/hand-over/", handling.hand_over, name="escalation_hand_over"),
    path("escalations/<int:pk>/resolve/", handling.resolve, name="escalation_resolve"),
    path("letters/", letters.letter_list, name="letters"),
    path("letters/template/", letters.template, name="letter_template"),
    path("letters/<int:pk>/", letters.letter, name="letter"),
    path("letters/<int:pk>/letter.pdf", letters.pdf, name="letter_pdf"),
    path("letters/<int:pk>/send/", letters.send, name="letter_send"),
    path("letters/<int:pk>/discard/", letters.discard, name="letter_discard"),
    path("public-listings/", public_listing.public_listing_list, name="public_listings"),
    path("public-listings/<int:pk>/agree/", public_listing.public_listing_agree, name="public_listing_agree"),
    path("public-listings/<int:pk>/withdraw/", public_listing.public_listing_withdraw, name="public_listing_withdraw"),
    path("late-platforms/", public_listing.late_platforms, name="late_platforms"),
    path("audit/of/<str:kind>/<str:pk>/", activity.history, name="history"),
    path("failed-jobs/", failed_jobs.failed_jobs, name="failed_jobs"),
    path("getting-started/", getting_started.getting_started, name="getting_started"),
    path("deadline-monitor/", deadline_monitor.deadline_monitor, name="deadline_monitor"),
    path("policies/", policies.policy_list, name="policies"),
    path("calendars/", calendars.calendars, name="calendars"),
    path("calendars/days/add/", calendars.day_add, name="calendar_day_add"),
    path("calendars/days/<int:pk>/remove/", calendars.day_remove, name="calendar_day_remove"),
    path("calendars/recount/", calendars.recount, name="recount"),
    path("policies/add/", policies.policy_add, name="policy_add"),
    path("policies/<int:pk>/", policies.policy_edit, name="policy_edit"),
]
