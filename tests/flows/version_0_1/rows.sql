-- A small site that worked on version 0.1, written by its own services and sealed by its own worker between Monday, 2 March
-- 2026, 15:00 UTC and a day and a half later: pg_dump --data-only. Loaded in one transaction, since rows refer to later ones.
-- Flags: 1 removed and proved, 2 claimed and not proved, 3 dismissed, 4 seller asked, 5 and 6 (at Market One) late, and 7
-- with everything that a case can have.
INSERT INTO public.django_content_type VALUES
	(1, 'auth', 'permission'),
	(2, 'auth', 'group'),
	(3, 'contenttypes', 'contenttype'),
	(4, 'sessions', 'session'),
	(5, 'portal', 'organisation'),
	(6, 'portal', 'pulse'),
	(7, 'portal', 'user'),
	(8, 'portal', 'apikey'),
	(9, 'portal', 'auditevent'),
	(10, 'portal', 'auditseal'),
	(11, 'portal', 'mail'),
	(12, 'portal', 'notification'),
	(13, 'portal', 'signinfailure'),
	(14, 'portal', 'hook'),
	(15, 'portal', 'auditstamp'),
	(16, 'portal', 'thumbnail'),
	(17, 'portal', 'session'),
	(18, 'portal', 'export'),
	(19, 'recalls', 'recall'),
	(20, 'recalls', 'recallimport'),
	(21, 'recalls', 'recallreject'),
	(22, 'recalls', 'recallversion'),
	(23, 'recalls', 'product'),
	(24, 'recalls', 'picture'),
	(25, 'recalls', 'notice'),
	(26, 'recalls', 'sending'),
	(27, 'listings', 'catalogueimport'),
	(28, 'listings', 'cataloguereject'),
	(29, 'listings', 'decision'),
	(30, 'listings', 'flag'),
	(31, 'listings', 'listing'),
	(32, 'listings', 'listingchange'),
	(33, 'listings', 'ruleswitch'),
	(34, 'listings', 'knowninnocent'),
	(35, 'listings', 'readingcorrection'),
	(36, 'listings', 'savedview'),
	(37, 'listings', 'message'),
	(38, 'listings', 'attachment'),
	(39, 'listings', 'messagesread'),
	(40, 'listings', 'dryrun'),
	(41, 'listings', 'dryrunresult'),
	(42, 'enforcement', 'escalation'),
	(43, 'enforcement', 'heartbeat'),
	(44, 'enforcement', 'observation'),
	(45, 'enforcement', 'policy'),
	(46, 'enforcement', 'policystep'),
	(47, 'enforcement', 'takedown'),
	(48, 'enforcement', 'calendarday'),
	(49, 'enforcement', 'extension'),
	(50, 'enforcement', 'pause');
INSERT INTO public.django_content_type VALUES
	(51, 'enforcement', 'letter'),
	(52, 'enforcement', 'lettertemplate'),
	(53, 'enforcement', 'naming'),
	(54, 'enforcement', 'hostpace'),
	(55, 'enforcement', 'appeal');
INSERT INTO public.django_migrations VALUES
	(1, 'contenttypes', '0001_initial', '2026-11-29 12:27:51.231672+00'),
	(2, 'contenttypes', '0002_remove_content_type_name', '2026-11-29 12:27:51.239476+00'),
	(3, 'auth', '0001_initial', '2026-11-29 12:27:51.267254+00'),
	(4, 'auth', '0002_alter_permission_name_max_length', '2026-11-29 12:27:51.275424+00'),
	(5, 'auth', '0003_alter_user_email_max_length', '2026-11-29 12:27:51.282298+00'),
	(6, 'auth', '0004_alter_user_username_opts', '2026-11-29 12:27:51.285381+00'),
	(7, 'auth', '0005_alter_user_last_login_null', '2026-11-29 12:27:51.28962+00'),
	(8, 'auth', '0006_require_contenttypes_0002', '2026-11-29 12:27:51.296995+00'),
	(9, 'auth', '0007_alter_validators_add_error_messages', '2026-11-29 12:27:51.300189+00'),
	(10, 'auth', '0008_alter_user_username_max_length', '2026-11-29 12:27:51.303088+00'),
	(11, 'auth', '0009_alter_user_last_name_max_length', '2026-11-29 12:27:51.308725+00'),
	(12, 'auth', '0010_alter_group_name_max_length', '2026-11-29 12:27:51.321315+00'),
	(13, 'auth', '0011_update_proxy_permissions', '2026-11-29 12:27:51.327164+00'),
	(14, 'auth', '0012_alter_user_first_name_max_length', '2026-11-29 12:27:51.333094+00'),
	(15, 'portal', '0001_extensions', '2026-11-29 12:27:51.349454+00'),
	(16, 'portal', '0002_initial', '2026-11-29 12:27:51.806542+00'),
	(17, 'portal', '0003_seals_by_digest', '2026-11-29 12:27:51.843994+00'),
	(18, 'portal', '0004_languages', '2026-11-29 12:27:51.864764+00'),
	(19, 'portal', '0005_outbox', '2026-11-29 12:27:52.038807+00'),
	(20, 'portal', '0006_time_stamps', '2026-11-29 12:27:52.069501+00'),
	(21, 'portal', '0007_thumbnails', '2026-11-29 12:27:52.087298+00'),
	(22, 'portal', '0008_reader_language', '2026-11-29 12:27:52.116459+00'),
	(23, 'portal', '0009_workplace', '2026-11-29 12:27:52.189932+00'),
	(24, 'portal', '0010_audit_words', '2026-11-29 12:27:52.226227+00'),
	(25, 'portal', '0011_exports', '2026-11-29 12:27:52.553426+00'),
	(26, 'recalls', '0001_initial', '2026-11-29 12:27:53.377374+00'),
	(27, 'recalls', '0002_embargo_and_writers', '2026-11-29 12:27:53.623697+00'),
	(28, 'listings', '0001_initial', '2026-11-29 12:27:53.697033+00'),
	(29, 'listings', '0002_initial', '2026-11-29 12:27:57.128675+00'),
	(30, 'listings', '0003_innocents_and_rules', '2026-11-29 12:27:57.436651+00'),
	(31, 'listings', '0004_reading_corrections', '2026-11-29 12:27:58.022344+00'),
	(32, 'listings', '0005_pictures', '2026-11-29 12:27:58.090967+00'),
	(33, 'listings', '0006_innocents_bound_to_what_was_judged', '2026-11-29 12:27:58.92359+00'),
	(34, 'listings', '0007_innocents_of_a_regulator', '2026-11-29 12:27:59.207119+00'),
	(35, 'listings', '0008_appeals', '2026-11-29 12:27:59.315708+00'),
	(36, 'listings', '0009_pictures_again', '2026-11-29 12:27:59.342101+00'),
	(37, 'listings', '0010_title_words', '2026-11-29 12:27:59.443858+00'),
	(38, 'listings', '0011_saved_views', '2026-11-29 12:27:59.633048+00'),
	(39, 'listings', '0012_queue_order', '2026-11-29 12:28:00.150248+00'),
	(40, 'listings', '0013_undo_second_person_seller_clock', '2026-11-29 12:28:01.666137+00'),
	(41, 'listings', '0014_messages', '2026-11-29 12:28:01.899784+00'),
	(42, 'listings', '0015_dry_runs', '2026-11-29 12:28:02.23503+00'),
	(43, 'listings', '0016_regulator_of_flags', '2026-11-29 12:28:02.594187+00'),
	(44, 'listings', '0017_overrule_second', '2026-11-29 12:28:02.786189+00'),
	(45, 'enforcement', '0001_initial', '2026-11-29 12:28:02.944943+00'),
	(46, 'enforcement', '0002_initial', '2026-11-29 12:28:06.81213+00'),
	(47, 'enforcement', '0003_captures_as_a_whole', '2026-11-29 12:28:06.998108+00'),
	(48, 'enforcement', '0004_calendars_and_timing', '2026-11-29 12:28:08.402131+00'),
	(49, 'enforcement', '0005_messages_of_escalations', '2026-11-29 12:28:08.47515+00'),
	(50, 'enforcement', '0006_letters_and_naming', '2026-11-29 12:28:09.883696+00');
INSERT INTO public.django_migrations VALUES
	(51, 'enforcement', '0007_letters_of_before', '2026-11-29 12:28:10.010925+00'),
	(52, 'enforcement', '0008_letters_only', '2026-11-29 12:28:10.080568+00'),
	(53, 'enforcement', '0009_host_pace', '2026-11-29 12:28:10.094238+00'),
	(54, 'enforcement', '0010_appeals', '2026-11-29 12:28:10.191663+00'),
	(55, 'enforcement', '0011_repeat_offenders', '2026-11-29 12:28:10.311109+00'),
	(56, 'enforcement', '0012_caring', '2026-11-29 12:28:11.095998+00'),
	(57, 'enforcement', '0013_history_rescans', '2026-11-29 12:28:11.302785+00'),
	(58, 'enforcement', '0014_due_order', '2026-11-29 12:28:11.498038+00'),
	(59, 'enforcement', '0015_set_aside', '2026-11-29 12:28:11.586155+00'),
	(60, 'enforcement', '0016_second_person_from', '2026-11-29 12:28:11.656829+00'),
	(61, 'enforcement', '0017_figures', '2026-11-29 12:28:11.86219+00'),
	(62, 'enforcement', '0018_regulator_of_takedowns', '2026-11-29 12:28:12.770245+00'),
	(63, 'enforcement', '0019_overrule_second', '2026-11-29 12:28:12.835007+00'),
	(64, 'enforcement', '0020_broken_looks', '2026-11-29 12:28:12.93517+00'),
	(65, 'recalls', '0003_sendings', '2026-11-29 12:28:13.244797+00'),
	(66, 'recalls', '0004_order_to_send', '2026-11-29 12:28:13.318842+00'),
	(67, 'sessions', '0001_initial', '2026-11-29 12:28:13.348468+00');
INSERT INTO public.portal_organisation VALUES
	(1, 'regulator', 'Product Safety Authority', 'psa', 'America/New_York', 'US', 'duty@psa.example.gov', '', '2026-03-02 15:00:00+00', 'en', '', '', ''),
	(2, 'platform', 'Bazaarly', 'bazaarly', 'Asia/Shanghai', 'CN', 'safety@bazaarly.example', '', '2026-03-02 15:00:00+00', 'en', '', '', ''),
	(3, 'platform', 'Market One', 'market-one', 'Europe/Berlin', 'DE', 'safety@market-one.example', '', '2026-03-02 15:00:00+00', 'en', '', '', '');
INSERT INTO public.portal_user VALUES
	(1, 'md5$KHND17rxGUAv0xWe51gjEt$c3439b7c83ffaef1ebed6d3db057a42d', NULL, false, false, true, '2026-03-02 15:00:00+00', 'ada@psa.example.gov', 'Ada Lindqvist', 'regulator_staff', '', 1, 'never', '', NULL),
	(2, 'md5$qIkCYJMxwUXb05HN4t7jxJ$11cf45618b98b367d42f9b209b06981f', NULL, false, false, true, '2026-03-02 15:00:00+00', 'ines@psa.example.gov', 'Ines Duarte', 'admin', '', 1, 'never', '', NULL),
	(3, 'md5$NW0Vor6OQULovkLivDnzdj$58cc588bc19aef0cdc30d2b36d90049d', NULL, false, false, true, '2026-03-02 15:00:00+00', 'nia@bazaarly.example', 'Nia Adeyemi', 'moderator', '', 2, 'never', '', NULL),
	(4, 'md5$XL31xIAN783fgz2zXzneKp$55a082b6a98ff2979dc525d34289c113', NULL, false, false, true, '2026-03-02 15:00:00+00', 'omar@bazaarly.example', 'Omar Haddad', 'platform_manager', '', 2, 'never', '', NULL),
	(5, 'md5$19dP1XF82iuoSgCNMfj5Qs$f81762b2ea426cdde7487bbe560e5702', NULL, false, false, true, '2026-03-02 15:00:00+00', 'Jonas@market-one.example', 'Jonas Brandt', 'moderator', '', 3, 'never', '', NULL),
	(6, 'md5$pEjR6Bq73UypPpy9VMNXMO$8e10c00df045770d3068a09fec4f9026', NULL, false, false, true, '2026-03-03 23:00:00+00', 'li@bazaarly.example', 'Li Wen', 'moderator', '', 2, 'never', '', NULL);
INSERT INTO public.listings_catalogueimport VALUES
	(1, 'done', 0, '2026-03-03 23:00:00+00', NULL, NULL, '2026-03-03 23:00:00+00', 0, '', 'full', 'feeds/catalogue.csv', 'catalogue.csv', 0, 0, 0, 0, 0, 0, NULL, 2),
	(2, 'done', 0, '2026-03-04 00:30:00+00', NULL, NULL, '2026-03-04 00:30:00+00', 0, '', 'full', 'catalogues/x.csv', 'Kanarienvogel-7731.csv', 0, 0, 0, 0, 0, 0, NULL, 2);
INSERT INTO public.listings_listing VALUES
	(1, 'L-0', 'Hearthline HL-200R ceramic tower heater, lot 0', '', 'Hearthline', '', '', 'seller 0', '', NULL, '', 'https://bazaarly.example/item/L-0', '', '53b709961779188a9b7de1e7264d2f17c13f3924dc474ad67107ad013afba7ef', '{}', false, true, '2026-03-02 15:00:00+00', '2026-03-02 15:00:00+00', 2, NULL, '', NULL),
	(2, 'L-1', 'Hearthline HL-200R ceramic tower heater, lot 1', '', 'Hearthline', '', '', 'seller 1', '', NULL, '', 'https://bazaarly.example/item/L-1', '', 'f0da1558361b577736271c2de2a945d026bd84c60754b6750d1b9345865f208c', '{}', false, true, '2026-03-02 15:00:00+00', '2026-03-02 15:00:00+00', 2, NULL, '', NULL),
	(3, 'L-2', 'Hearthline HL-200R ceramic tower heater, lot 2', '', 'Hearthline', '', '', 'seller 0', '', NULL, '', 'https://bazaarly.example/item/L-2', '', '0bdd06825377bc0272d2143ba8b5a1994196ac763f7d1cb7d6cea9b9f837a96d', '{}', false, true, '2026-03-02 15:00:00+00', '2026-03-02 15:00:00+00', 2, NULL, '', NULL),
	(4, 'L-3', 'Hearthline HL-200R ceramic tower heater, lot 3', '', 'Hearthline', '', '', 'seller 1', '', NULL, '', 'https://bazaarly.example/item/L-3', '', '977e51d3c2fc1ec9548c9a705683f4aaf25b5db1f3847e36473b69457f6aa222', '{}', false, true, '2026-03-02 15:00:00+00', '2026-03-02 15:00:00+00', 2, NULL, '', NULL),
	(5, 'L-4', 'Hearthline HL-200R ceramic tower heater, lot 4', '', 'Hearthline', '', '', 'seller 0', '', NULL, '', 'https://bazaarly.example/item/L-4', '', '692033cf278ac3819cce8a89f11793cc70b992068a2b071ba6c2690cb9f68511', '{}', false, true, '2026-03-02 15:00:00+00', '2026-03-02 15:00:00+00', 2, NULL, '', NULL),
	(6, 'L-5', 'Hearthline HL-200R ceramic tower heater, lot 5', '', 'Hearthline', '', '', 'seller 1', '', NULL, '', 'https://market-one.example/item/L-5', '', '2b6c9e50b7c7b0d3c0e1157c1d92f6a1acd31cf23009dfaa4c926409fcd41cef', '{}', false, true, '2026-03-02 15:00:00+00', '2026-03-02 15:00:00+00', 3, NULL, '', NULL),
	(7, 'L-quiet', 'Garden chair', '', 'Hearthline', '', '', 'northside-deals', '', NULL, '', 'https://shop.example.org/listing/L-quiet', '', '2ed577d4479c8fd4504a4f2fbb746b2771a2e02e6841560d41f6fc10118b26a0', '{}', false, true, '2026-03-02 15:00:00+00', '2026-03-02 15:00:00+00', 2, NULL, 'abababababababab', NULL),
	(8, 'L-Kanarienvogel-7731', 'Heater Kanarienvogel-7731', '', 'Hearthline', '', '', 'seller Kanarienvogel-7731', '', NULL, '', 'https://shop.example.org/listing/L-Kanarienvogel-7731', 'https://shop.example.org/Kanarienvogel-7731.jpg', '0218368aa773606783a98e2ea7f93c33b09abbfba3724f893ed35d1951491bd0', '{}', false, true, '2026-03-04 00:30:00+00', '2026-03-04 00:30:00+00', 2, NULL, '', NULL);
INSERT INTO public.recalls_recall VALUES
	(1, '26011', 'published', 'normal', NULL, 'Hearthline HL-200R Ceramic Tower Heaters Recalled Due to Fire Hazard', '26011 hearthline hl-200r ceramic tower heaters recalled due to fire hazard', 0, false, '2026-03-02 15:00:00+00', '2026-03-02 15:00:00+00', 1, 1, NULL),
	(2, '26012', 'draft', 'normal', NULL, 'Lamp recalled', '26012 lamp recalled', 0, false, '2026-03-02 15:00:00+00', NULL, 1, 2, NULL),
	(3, '26001', 'published', 'normal', NULL, 'Heater Kanarienvogel-7731 Recalled', '26001 heater kanarienvogel-7731 recalled', 0, false, '2026-03-04 00:30:00+00', '2026-03-02 15:00:00+00', 1, 3, NULL),
	(4, '26002', 'published', 'normal', NULL, 'Unsent recall', '26002 unsent recall', 0, false, '2026-03-04 00:30:00+00', '2026-03-02 15:00:00+00', 1, 4, NULL),
	(5, '26003', 'draft', 'normal', NULL, 'Secret draft', '26003 secret draft', 0, false, '2026-03-04 00:30:00+00', NULL, 1, 5, NULL);
INSERT INTO public.recalls_recallversion VALUES
	(1, 1, 'Hearthline HL-200R Ceramic Tower Heaters Recalled Due to Fire Hazard', 'This recall involves Hearthline Ceramic Tower Heaters with model number HL-200R.', 'The heater can overheat, posing a fire hazard.', 'Refund', '', '{Hearthline}', '', '', NULL, '', '', true, '2026-03-02 15:00:00+00', '2026-03-02 15:00:00+00', NULL, 1),
	(2, 1, 'Lamp recalled', 'This recall involves Hearthline Ceramic Tower Heaters with model number HL-200R.', 'The heater can overheat, posing a fire hazard.', 'Refund', '', '{Hearthline}', '', '', NULL, '', '', true, '2026-03-02 15:00:00+00', NULL, NULL, 2),
	(3, 1, 'Heater Kanarienvogel-7731 Recalled', 'This recall involves Hearthline Ceramic Tower Heaters with model number HL-200R.', 'The heater can overheat, posing a fire hazard.', 'Refund', '', '{Hearthline}', '', '', NULL, '', '', true, '2026-03-04 00:30:00+00', '2026-03-02 15:00:00+00', NULL, 3),
	(4, 1, 'Unsent recall', 'This recall involves Hearthline Ceramic Tower Heaters with model number HL-200R.', 'The heater can overheat, posing a fire hazard.', 'Refund', '', '{Hearthline}', '', '', NULL, '', '', true, '2026-03-04 00:30:00+00', '2026-03-02 15:00:00+00', NULL, 4),
	(5, 1, 'Secret draft', 'This recall involves Hearthline Ceramic Tower Heaters with model number HL-200R.', 'The heater can overheat, posing a fire hazard.', 'Refund', '', '{Hearthline}', '', '', NULL, '', '', true, '2026-03-04 00:30:00+00', NULL, NULL, 5);
INSERT INTO public.recalls_sending VALUES
	(1, 'Within hours', '[{"why": "Kanarienvogel-7731 is on the list already.", "recall": "26002", "platform": "Bazaarly"}]', '2026-03-04 00:30:00+00', 1, NULL);
INSERT INTO public.recalls_notice VALUES
	(1, 'active', '{"unit": "hours", "steps": [{"kind": "reminder", "rung": 1, "offset_seconds": -7200}, {"kind": "missed", "rung": 2, "offset_seconds": 0}, {"kind": "officer", "rung": 3, "offset_seconds": 3600}, {"kind": "letter", "rung": 4, "offset_seconds": 86400}], "amount": 6, "policy": "Within hours", "country": "US", "rescans": [3600, 21600, 86400], "starts_on": "sent", "time_zone": "UTC", "looks_needed": 2, "start_latest_hours": 24, "looks_apart_seconds": 3600}', '', '2026-03-02 15:00:00+00', NULL, NULL, '', '2026-03-02 15:00:00+00', NULL, 2, NULL, 1, 1, 4, NULL),
	(2, 'active', '{"unit": "hours", "steps": [{"kind": "reminder", "rung": 1, "offset_seconds": -7200}, {"kind": "missed", "rung": 2, "offset_seconds": 0}, {"kind": "officer", "rung": 3, "offset_seconds": 3600}, {"kind": "letter", "rung": 4, "offset_seconds": 86400}], "amount": 6, "policy": "Within hours", "country": "US", "rescans": [3600, 21600, 86400], "starts_on": "sent", "time_zone": "UTC", "looks_needed": 2, "start_latest_hours": 24, "looks_apart_seconds": 3600}', '', '2026-03-02 15:00:00+00', NULL, NULL, '', '2026-03-02 15:00:00+00', NULL, 3, NULL, 1, 1, 4, NULL),
	(3, 'active', '{"unit": "hours", "steps": [{"kind": "reminder", "rung": 1, "offset_seconds": -7200}, {"kind": "missed", "rung": 2, "offset_seconds": 0}, {"kind": "officer", "rung": 3, "offset_seconds": 3600}, {"kind": "letter", "rung": 4, "offset_seconds": 86400}], "amount": 6, "policy": "Within hours", "country": "US", "rescans": [3600, 21600, 86400], "starts_on": "sent", "time_zone": "UTC", "looks_needed": 2, "start_latest_hours": 24, "looks_apart_seconds": 3600}', 'Kanarienvogel-7731', '2026-03-02 15:00:00+00', NULL, NULL, '', '2026-03-04 00:30:00+00', NULL, 2, NULL, 3, 3, 1, 1);
INSERT INTO public.recalls_product VALUES
	(1, 0, 'Hearthline Ceramic Tower Heaters', 'Hearthline', '{HL-200R}', '{00012345678905}', '{}', '', '', 1),
	(2, 0, 'Hearthline Ceramic Tower Heaters', 'Hearthline', '{HL-200R}', '{00012345678905}', '{}', '', '', 2),
	(3, 0, 'Hearthline Ceramic Tower Heaters', 'Hearthline', '{HL-200R}', '{00012345678905}', '{}', '', '', 3),
	(4, 0, 'Hearthline Ceramic Tower Heaters', 'Hearthline', '{HL-200R}', '{00012345678905}', '{}', '', '', 4),
	(5, 0, 'Hearthline Ceramic Tower Heaters', 'Hearthline', '{HL-200R}', '{00012345678905}', '{}', '', '', 5);
INSERT INTO public.listings_flag VALUES
	(5, 'open', 0.95, 'flag', '[{"says": "Same model number: HL-200R", "signal": "model_equal", "weight": 6.0, "recall_span": {"end": 7, "text": "HL-200R", "field": "model_numbers", "start": 0}, "listing_span": {"end": 18, "text": "HL-200R", "field": "title", "start": 11}}, {"says": "Same brand: Hearthline", "signal": "brand_equal", "weight": 1.2, "recall_span": {"end": 10, "text": "Hearthline", "field": "brand", "start": 0}, "listing_span": {"end": 10, "text": "Hearthline", "field": "brand", "start": 0}}, {"says": "Same kind of thing: heater", "signal": "thing_same", "weight": 1.0, "recall_span": null, "listing_span": null}]', '692033cf278ac3819cce8a89f11793cc70b992068a2b071ba6c2690cb9f68511', '{"brand": "Hearthline", "title": "Hearthline HL-200R ceramic tower heater, lot 4"}', '2026-03-02 15:00:00+00', '2026-03-02 21:00:00+00', NULL, NULL, '', NULL, 1, 2, 1, 1, NULL, 5, NULL, NULL, 1, false),
	(6, 'open', 0.95, 'flag', '[{"says": "Same model number: HL-200R", "signal": "model_equal", "weight": 6.0, "recall_span": {"end": 7, "text": "HL-200R", "field": "model_numbers", "start": 0}, "listing_span": {"end": 18, "text": "HL-200R", "field": "title", "start": 11}}, {"says": "Same brand: Hearthline", "signal": "brand_equal", "weight": 1.2, "recall_span": {"end": 10, "text": "Hearthline", "field": "brand", "start": 0}, "listing_span": {"end": 10, "text": "Hearthline", "field": "brand", "start": 0}}, {"says": "Same kind of thing: heater", "signal": "thing_same", "weight": 1.0, "recall_span": null, "listing_span": null}]', '2b6c9e50b7c7b0d3c0e1157c1d92f6a1acd31cf23009dfaa4c926409fcd41cef', '{"brand": "Hearthline", "title": "Hearthline HL-200R ceramic tower heater, lot 5"}', '2026-03-02 15:00:00+00', '2026-03-02 21:00:00+00', NULL, NULL, '', NULL, 2, 3, 1, 1, NULL, 6, NULL, NULL, 1, false),
	(2, 'claimed_removed', 0.95, 'flag', '[{"says": "Same model number: HL-200R", "signal": "model_equal", "weight": 6.0, "recall_span": {"end": 7, "text": "HL-200R", "field": "model_numbers", "start": 0}, "listing_span": {"end": 18, "text": "HL-200R", "field": "title", "start": 11}}, {"says": "Same brand: Hearthline", "signal": "brand_equal", "weight": 1.2, "recall_span": {"end": 10, "text": "Hearthline", "field": "brand", "start": 0}, "listing_span": {"end": 10, "text": "Hearthline", "field": "brand", "start": 0}}, {"says": "Same kind of thing: heater", "signal": "thing_same", "weight": 1.0, "recall_span": null, "listing_span": null}]', 'f0da1558361b577736271c2de2a945d026bd84c60754b6750d1b9345865f208c', '{"brand": "Hearthline", "title": "Hearthline HL-200R ceramic tower heater, lot 1"}', '2026-03-02 15:00:00+00', '2026-03-02 21:00:00+00', NULL, NULL, '', NULL, 1, 2, 1, 1, NULL, 2, NULL, NULL, 1, false),
	(3, 'dismissed', 0.95, 'flag', '[{"says": "Same model number: HL-200R", "signal": "model_equal", "weight": 6.0, "recall_span": {"end": 7, "text": "HL-200R", "field": "model_numbers", "start": 0}, "listing_span": {"end": 18, "text": "HL-200R", "field": "title", "start": 11}}, {"says": "Same brand: Hearthline", "signal": "brand_equal", "weight": 1.2, "recall_span": {"end": 10, "text": "Hearthline", "field": "brand", "start": 0}, "listing_span": {"end": 10, "text": "Hearthline", "field": "brand", "start": 0}}, {"says": "Same kind of thing: heater", "signal": "thing_same", "weight": 1.0, "recall_span": null, "listing_span": null}]', '0bdd06825377bc0272d2143ba8b5a1994196ac763f7d1cb7d6cea9b9f837a96d', '{"brand": "Hearthline", "title": "Hearthline HL-200R ceramic tower heater, lot 2"}', '2026-03-02 15:00:00+00', '2026-03-02 21:00:00+00', '2026-03-02 15:30:00+00', NULL, '', NULL, 1, 2, 1, 1, NULL, 3, NULL, NULL, 1, false),
	(4, 'asked_seller', 0.95, 'flag', '[{"says": "Same model number: HL-200R", "signal": "model_equal", "weight": 6.0, "recall_span": {"end": 7, "text": "HL-200R", "field": "model_numbers", "start": 0}, "listing_span": {"end": 18, "text": "HL-200R", "field": "title", "start": 11}}, {"says": "Same brand: Hearthline", "signal": "brand_equal", "weight": 1.2, "recall_span": {"end": 10, "text": "Hearthline", "field": "brand", "start": 0}, "listing_span": {"end": 10, "text": "Hearthline", "field": "brand", "start": 0}}, {"says": "Same kind of thing: heater", "signal": "thing_same", "weight": 1.0, "recall_span": null, "listing_span": null}]', '977e51d3c2fc1ec9548c9a705683f4aaf25b5db1f3847e36473b69457f6aa222', '{"brand": "Hearthline", "title": "Hearthline HL-200R ceramic tower heater, lot 3"}', '2026-03-02 15:00:00+00', '2026-03-02 21:00:00+00', NULL, NULL, '', NULL, 1, 2, 1, 1, NULL, 4, NULL, '2026-03-02 21:00:00+00', 1, false),
	(1, 'removed', 0.95, 'flag', '[{"says": "Same model number: HL-200R", "signal": "model_equal", "weight": 6.0, "recall_span": {"end": 7, "text": "HL-200R", "field": "model_numbers", "start": 0}, "listing_span": {"end": 18, "text": "HL-200R", "field": "title", "start": 11}}, {"says": "Same brand: Hearthline", "signal": "brand_equal", "weight": 1.2, "recall_span": {"end": 10, "text": "Hearthline", "field": "brand", "start": 0}, "listing_span": {"end": 10, "text": "Hearthline", "field": "brand", "start": 0}}, {"says": "Same kind of thing: heater", "signal": "thing_same", "weight": 1.0, "recall_span": null, "listing_span": null}]', '53b709961779188a9b7de1e7264d2f17c13f3924dc474ad67107ad013afba7ef', '{"brand": "Hearthline", "title": "Hearthline HL-200R ceramic tower heater, lot 0"}', '2026-03-02 15:00:00+00', '2026-03-02 21:00:00+00', '2026-03-02 18:05:00+00', NULL, '', NULL, 1, 2, 1, 1, NULL, 1, NULL, NULL, 1, false),
	(7, 'open', 0.95, 'flag', '[]', '0218368aa773606783a98e2ea7f93c33b09abbfba3724f893ed35d1951491bd0', '{"title": "Heater Kanarienvogel-7731"}', '2026-03-04 00:30:00+00', '2026-03-04 06:30:00+00', NULL, NULL, '', NULL, 3, 2, 3, 3, NULL, 8, NULL, NULL, 1, false);
INSERT INTO public.enforcement_takedown VALUES
	(3, 'cancelled', '{"unit": "hours", "steps": [{"kind": "reminder", "rung": 1, "offset_seconds": -7200}, {"kind": "missed", "rung": 2, "offset_seconds": 0}, {"kind": "officer", "rung": 3, "offset_seconds": 3600}, {"kind": "letter", "rung": 4, "offset_seconds": 86400}], "amount": 6, "begins": "at_once", "policy": "Within hours", "country": "US", "cut_off": "", "rescans": [3600, 21600, 86400], "quickened": "", "shortened": "", "starts_on": "sent", "time_zone": "UTC", "subdivision": "", "looks_needed": 2, "repeat_after": 0, "special_days": [], "history_after": 0, "repeat_amount": 0, "history_rescans": [], "calendar_version": 0, "second_person_from": 0, "start_latest_hours": 24, "looks_apart_seconds": 3600, "overrule_needs_second": false, "pauses_while_referred": false, "extension_needs_second": true}', '2026-03-02 15:00:00+00', 'the notice was sent', '2026-03-02 21:00:00+00', '6 hours after Mon 02 Mar 2026 15:00:00 UTC', NULL, NULL, 0, '', NULL, NULL, NULL, 0, 0, 0, '2026-03-02 15:00:00+00', 3, NULL, 2, 0, NULL, 1),
	(1, 'met', '{"unit": "hours", "steps": [{"kind": "reminder", "rung": 1, "offset_seconds": -7200}, {"kind": "missed", "rung": 2, "offset_seconds": 0}, {"kind": "officer", "rung": 3, "offset_seconds": 3600}, {"kind": "letter", "rung": 4, "offset_seconds": 86400}], "amount": 6, "begins": "at_once", "policy": "Within hours", "country": "US", "cut_off": "", "rescans": [3600, 21600, 86400], "quickened": "", "shortened": "", "starts_on": "sent", "time_zone": "UTC", "subdivision": "", "looks_needed": 2, "repeat_after": 0, "special_days": [], "history_after": 0, "repeat_amount": 0, "history_rescans": [], "calendar_version": 0, "second_person_from": 0, "start_latest_hours": 24, "looks_apart_seconds": 3600, "overrule_needs_second": false, "pauses_while_referred": false, "extension_needs_second": true}', '2026-03-02 15:00:00+00', 'the notice was sent', '2026-03-02 21:00:00+00', '6 hours after Mon 02 Mar 2026 15:00:00 UTC', NULL, NULL, 0, '', NULL, '2026-03-02 18:05:00+00', '2026-03-02 19:05:00+00', 0, 0, 0, '2026-03-02 15:00:00+00', 1, NULL, 2, 0, NULL, 1),
	(2, 'missed', '{"unit": "hours", "steps": [{"kind": "reminder", "rung": 1, "offset_seconds": -7200}, {"kind": "missed", "rung": 2, "offset_seconds": 0}, {"kind": "officer", "rung": 3, "offset_seconds": 3600}, {"kind": "letter", "rung": 4, "offset_seconds": 86400}], "amount": 6, "begins": "at_once", "policy": "Within hours", "country": "US", "cut_off": "", "rescans": [3600, 21600, 86400], "quickened": "", "shortened": "", "starts_on": "sent", "time_zone": "UTC", "subdivision": "", "looks_needed": 2, "repeat_after": 0, "special_days": [], "history_after": 0, "repeat_amount": 0, "history_rescans": [], "calendar_version": 0, "second_person_from": 0, "start_latest_hours": 24, "looks_apart_seconds": 3600, "overrule_needs_second": false, "pauses_while_referred": false, "extension_needs_second": true}', '2026-03-02 15:00:00+00', 'the notice was sent', '2026-03-02 21:00:00+00', '6 hours after Mon 02 Mar 2026 15:00:00 UTC', NULL, NULL, 0, '', '2026-03-02 21:06:00+00', NULL, '2026-03-02 17:05:00+00', 0, 1, 0, '2026-03-02 15:00:00+00', 2, NULL, 2, 0, NULL, 1),
	(4, 'missed', '{"unit": "hours", "steps": [{"kind": "reminder", "rung": 1, "offset_seconds": -7200}, {"kind": "missed", "rung": 2, "offset_seconds": 0}, {"kind": "officer", "rung": 3, "offset_seconds": 3600}, {"kind": "letter", "rung": 4, "offset_seconds": 86400}], "amount": 6, "begins": "at_once", "policy": "Within hours", "country": "US", "cut_off": "", "rescans": [3600, 21600, 86400], "quickened": "", "shortened": "", "starts_on": "sent", "time_zone": "UTC", "subdivision": "", "looks_needed": 2, "repeat_after": 0, "special_days": [], "history_after": 0, "repeat_amount": 0, "history_rescans": [], "calendar_version": 0, "second_person_from": 0, "start_latest_hours": 24, "looks_apart_seconds": 3600, "overrule_needs_second": false, "pauses_while_referred": false, "extension_needs_second": true}', '2026-03-02 15:00:00+00', 'the notice was sent', '2026-03-02 21:00:00+00', '6 hours after Mon 02 Mar 2026 15:00:00 UTC', NULL, NULL, 0, '', '2026-03-02 21:06:00+00', NULL, NULL, 0, 0, 0, '2026-03-02 15:00:00+00', 4, NULL, 2, 0, NULL, 1),
	(5, 'missed', '{"unit": "hours", "steps": [{"kind": "reminder", "rung": 1, "offset_seconds": -7200}, {"kind": "missed", "rung": 2, "offset_seconds": 0}, {"kind": "officer", "rung": 3, "offset_seconds": 3600}, {"kind": "letter", "rung": 4, "offset_seconds": 86400}], "amount": 6, "begins": "at_once", "policy": "Within hours", "country": "US", "cut_off": "", "rescans": [3600, 21600, 86400], "quickened": "", "shortened": "", "starts_on": "sent", "time_zone": "UTC", "subdivision": "", "looks_needed": 2, "repeat_after": 0, "special_days": [], "history_after": 0, "repeat_amount": 0, "history_rescans": [], "calendar_version": 0, "second_person_from": 0, "start_latest_hours": 24, "looks_apart_seconds": 3600, "overrule_needs_second": false, "pauses_while_referred": false, "extension_needs_second": true}', '2026-03-02 15:00:00+00', 'the notice was sent', '2026-03-02 21:00:00+00', '6 hours after Mon 02 Mar 2026 15:00:00 UTC', NULL, NULL, 5, 'look: ValueError: bad page', '2026-03-02 21:06:00+00', NULL, NULL, 0, 0, 5, '2026-03-02 15:00:00+00', 5, NULL, 2, 0, NULL, 1),
	(6, 'missed', '{"unit": "hours", "steps": [{"kind": "reminder", "rung": 1, "offset_seconds": -7200}, {"kind": "missed", "rung": 2, "offset_seconds": 0}, {"kind": "officer", "rung": 3, "offset_seconds": 3600}, {"kind": "letter", "rung": 4, "offset_seconds": 86400}], "amount": 6, "begins": "at_once", "policy": "Within hours", "country": "US", "cut_off": "", "rescans": [3600, 21600, 86400], "quickened": "", "shortened": "", "starts_on": "sent", "time_zone": "UTC", "subdivision": "", "looks_needed": 2, "repeat_after": 0, "special_days": [], "history_after": 0, "repeat_amount": 0, "history_rescans": [], "calendar_version": 0, "second_person_from": 0, "start_latest_hours": 24, "looks_apart_seconds": 3600, "overrule_needs_second": false, "pauses_while_referred": false, "extension_needs_second": true}', '2026-03-02 15:00:00+00', 'the notice was sent', '2026-03-02 21:00:00+00', '6 hours after Mon 02 Mar 2026 15:00:00 UTC', NULL, NULL, 5, 'step: KeyError: rung', '2026-03-02 21:06:00+00', NULL, NULL, 0, 0, 0, '2026-03-02 15:00:00+00', 6, NULL, 3, 0, NULL, 1),
	(7, 'running', '{"unit": "hours", "steps": [{"kind": "reminder", "rung": 1, "offset_seconds": -7200}, {"kind": "missed", "rung": 2, "offset_seconds": 0}, {"kind": "officer", "rung": 3, "offset_seconds": 3600}, {"kind": "letter", "rung": 4, "offset_seconds": 86400}], "amount": 6, "begins": "at_once", "policy": "Within hours", "country": "US", "cut_off": "", "rescans": [3600, 21600, 86400], "quickened": "", "shortened": "", "starts_on": "sent", "time_zone": "UTC", "subdivision": "", "looks_needed": 2, "repeat_after": 0, "special_days": [], "history_after": 0, "repeat_amount": 0, "history_rescans": [], "calendar_version": 0, "second_person_from": 0, "start_latest_hours": 24, "looks_apart_seconds": 3600, "overrule_needs_second": false, "pauses_while_referred": false, "extension_needs_second": true}', '2026-03-04 00:30:00+00', 'the listing was flagged', '2026-03-04 06:30:00+00', '6 hours after Wed 04 Mar 2026 00:30:00 UTC', 1, '2026-03-04 04:30:00+00', 0, '', NULL, NULL, NULL, 0, 1, 0, '2026-03-04 00:30:00+00', 7, NULL, 2, 0, NULL, 1);
INSERT INTO public.enforcement_appeal VALUES
	(1, 'open', 'seller', 'Kanarienvogel-7731', 'Kanarienvogel-7731', '2026-03-04 00:30:00+00', '', NULL, '', NULL, 7);
INSERT INTO public.enforcement_calendarday VALUES
	(1, 'US', '', '2026-03-13', 'closed', NULL, 'Own day', '', '2026-03-04 00:30:00+00', '', NULL, 1);
INSERT INTO public.enforcement_escalation VALUES
	(1, 1, 'reminder', '2026-03-02 19:00:00+00', '2026-03-02 19:00:00+00', NULL, '', '', 2, 2, 'escalation:2:1', NULL, NULL, ''),
	(2, 1, 'reminder', '2026-03-02 19:00:00+00', '2026-03-02 19:00:00+00', NULL, '', '', 2, 4, 'escalation:2:1', NULL, NULL, ''),
	(3, 1, 'reminder', '2026-03-02 19:00:00+00', '2026-03-02 19:00:00+00', NULL, '', '', 2, 5, 'escalation:2:1', NULL, NULL, ''),
	(4, 1, 'reminder', '2026-03-02 19:00:00+00', '2026-03-02 19:00:00+00', NULL, '', '', 3, 6, 'escalation:6:1', NULL, NULL, ''),
	(5, 2, 'missed', '2026-03-02 21:00:00+00', '2026-03-02 21:06:00+00', NULL, '', '', 2, 2, 'escalation:2:2', NULL, NULL, ''),
	(6, 2, 'missed', '2026-03-02 21:00:00+00', '2026-03-02 21:06:00+00', NULL, '', '', 2, 4, 'escalation:2:2', NULL, NULL, ''),
	(7, 2, 'missed', '2026-03-02 21:00:00+00', '2026-03-02 21:06:00+00', NULL, '', '', 2, 5, 'escalation:2:2', NULL, NULL, ''),
	(8, 2, 'missed', '2026-03-02 21:00:00+00', '2026-03-02 21:06:00+00', NULL, '', '', 3, 6, 'escalation:6:2', NULL, NULL, ''),
	(9, 3, 'officer', '2026-03-02 22:00:00+00', '2026-03-02 23:00:00+00', NULL, '', '', 2, 2, 'escalation:2:3', NULL, NULL, ''),
	(10, 3, 'officer', '2026-03-02 22:00:00+00', '2026-03-02 23:00:00+00', NULL, '', '', 2, 4, 'escalation:2:3', NULL, NULL, ''),
	(11, 3, 'officer', '2026-03-02 22:00:00+00', '2026-03-02 23:00:00+00', NULL, '', '', 2, 5, 'escalation:2:3', NULL, NULL, ''),
	(12, 3, 'officer', '2026-03-02 22:00:00+00', '2026-03-02 23:00:00+00', NULL, '', '', 3, 6, 'escalation:6:3', NULL, NULL, ''),
	(13, 4, 'letter', '2026-03-03 21:00:00+00', '2026-03-03 22:00:00+00', NULL, '', '', 2, 2, 'escalation:2:4', NULL, NULL, ''),
	(14, 4, 'letter', '2026-03-03 21:00:00+00', '2026-03-03 22:00:00+00', NULL, '', '', 2, 4, 'escalation:2:4', NULL, NULL, ''),
	(15, 4, 'letter', '2026-03-03 21:00:00+00', '2026-03-03 22:00:00+00', NULL, '', '', 2, 5, 'escalation:2:4', NULL, NULL, ''),
	(16, 4, 'letter', '2026-03-03 21:00:00+00', '2026-03-03 22:00:00+00', NULL, '', '', 3, 6, 'escalation:6:4', NULL, NULL, ''),
	(17, 1, 'reminder', '2026-03-04 00:30:00+00', '2026-03-04 00:30:00+00', NULL, '', '', 2, 7, '', NULL, NULL, ''),
	(18, 4, 'letter', '2026-03-04 00:30:00+00', '2026-03-04 00:30:00+00', NULL, '', '', 2, 7, '', NULL, NULL, ''),
	(19, 5, 'naming', '2026-03-04 00:30:00+00', '2026-03-04 00:30:00+00', NULL, '', '', 2, 7, '', NULL, NULL, '');
INSERT INTO public.enforcement_extension VALUES
	(1, 'asked', 1, 'Kanarienvogel-7731', 'Kanarienvogel-7731', '2026-03-04 00:30:00+00', '', NULL, '', NULL, 7);
INSERT INTO public.enforcement_heartbeat VALUES
	(1, 'clocks', NULL, '2026-03-04 00:00:00+00', '');
INSERT INTO public.enforcement_letter VALUES
	(1, 'draft', 'en', 0, 'Listing L-1 of a recalled product is still on sale', 'Product Safety Authority
To: Bazaarly
2026-03-03
Recall 26011: Hearthline HL-200R Ceramic Tower Heaters Recalled Due to Fire Hazard
Hazard: The heater can overheat, posing a fire hazard.
Listing: L-1, Hearthline HL-200R ceramic tower heater, lot 1
Seller: seller 1
Flagged: 2026-03-02 15:00 UTC
Due: 2026-03-02 21:00 UTC (6 hours after Mon 02 Mar 2026 15:00:00 UTC)
You were notified of this recall on 2026-03-02 15:00 UTC. The time to take the listing down has passed and its removal has not been proved.
We ask you to take the listing down at once, to keep it from coming back, and to tell us within one working day what you have done.', '2026-03-03 22:00:00+00', '', '', NULL, 13, 2),
	(2, 'draft', 'en', 0, 'Listing L-3 of a recalled product is still on sale', 'Product Safety Authority
To: Bazaarly
2026-03-03
Recall 26011: Hearthline HL-200R Ceramic Tower Heaters Recalled Due to Fire Hazard
Hazard: The heater can overheat, posing a fire hazard.
Listing: L-3, Hearthline HL-200R ceramic tower heater, lot 3
Seller: seller 1
Flagged: 2026-03-02 15:00 UTC
Due: 2026-03-02 21:00 UTC (6 hours after Mon 02 Mar 2026 15:00:00 UTC)
You were notified of this recall on 2026-03-02 15:00 UTC. The time to take the listing down has passed and its removal has not been proved.
We ask you to take the listing down at once, to keep it from coming back, and to tell us within one working day what you have done.', '2026-03-03 22:00:00+00', '', '', NULL, 14, 2),
	(3, 'draft', 'en', 0, 'Listing L-4 of a recalled product is still on sale', 'Product Safety Authority
To: Bazaarly
2026-03-03
Recall 26011: Hearthline HL-200R Ceramic Tower Heaters Recalled Due to Fire Hazard
Hazard: The heater can overheat, posing a fire hazard.
Listing: L-4, Hearthline HL-200R ceramic tower heater, lot 4
Seller: seller 0
Flagged: 2026-03-02 15:00 UTC
Due: 2026-03-02 21:00 UTC (6 hours after Mon 02 Mar 2026 15:00:00 UTC)
You were notified of this recall on 2026-03-02 15:00 UTC. The time to take the listing down has passed and its removal has not been proved.
We ask you to take the listing down at once, to keep it from coming back, and to tell us within one working day what you have done.', '2026-03-03 22:00:00+00', '', '', NULL, 15, 2),
	(4, 'draft', 'en', 0, 'Listing L-5 of a recalled product is still on sale', 'Product Safety Authority
To: Market One
2026-03-03
Recall 26011: Hearthline HL-200R Ceramic Tower Heaters Recalled Due to Fire Hazard
Hazard: The heater can overheat, posing a fire hazard.
Listing: L-5, Hearthline HL-200R ceramic tower heater, lot 5
Seller: seller 1
Flagged: 2026-03-02 15:00 UTC
Due: 2026-03-02 21:00 UTC (6 hours after Mon 02 Mar 2026 15:00:00 UTC)
You were notified of this recall on 2026-03-02 15:00 UTC. The time to take the listing down has passed and its removal has not been proved.
We ask you to take the listing down at once, to keep it from coming back, and to tell us within one working day what you have done.', '2026-03-03 22:00:00+00', '', '', NULL, 16, 3),
	(5, 'draft', 'en', 0, 'Letter Kanarienvogel-7731', 'Kanarienvogel-7731', '2026-03-04 00:30:00+00', '', '', NULL, 18, 2);
INSERT INTO public.enforcement_naming VALUES
	(1, 'proposed', '2026-03-04 00:30:00+00', 'Kanarienvogel-7731', NULL, '', NULL, NULL, 19, 2);
INSERT INTO public.enforcement_observation VALUES
	(1, '2026-03-02 16:05:00+00', 'page', 'gone', 'not_found', 'The page answered 404.', NULL, '', '', '{}', '', '\x', 'System: look', NULL, NULL, 1, '{}', '[]'),
	(2, '2026-03-02 18:05:00+00', 'page', 'gone', 'not_found', 'The page answered 404.', NULL, '', '', '{}', '', '\x', 'System: look', NULL, NULL, 1, '{}', '[]'),
	(3, '2026-03-02 17:00:00+00', 'page', 'unknown', 'no_answer', 'The page did not answer.', NULL, '', '', '{}', '', '\x', 'System: look', NULL, NULL, 2, '{}', '[]'),
	(4, '2026-03-04 00:30:00+00', 'page', 'unknown', 'test', 'Kanarienvogel-7731', NULL, '', '', '{}', '', '\x', 'System: test', NULL, NULL, 7, '{}', '[]');
INSERT INTO public.enforcement_pause VALUES
	(1, '2026-03-04 00:00:00+00', '2026-03-04 00:10:00+00', 'Asked the seller.', 'Nia Adeyemi', '', 7);
INSERT INTO public.enforcement_policy VALUES
	(1, 'Within hours 0', '', 6, 'hours', 'sent', 24, 'US', 'UTC', 2, 3600, '{3600,21600,86400,259200,604800,2592000,7776000}', true, 1, 'at_once', '', true, false, '', 0, 0, 1, '{900,3600,10800,21600,43200,86400,172800,259200,432000,604800,1209600,2592000,5184000,7776000,15552000}', 0, false),
	(2, 'Within hours 1', '', 6, 'hours', 'sent', 24, 'US', 'UTC', 2, 3600, '{3600,21600,86400,259200,604800,2592000,7776000}', true, 1, 'at_once', '', true, false, '', 0, 0, 1, '{900,3600,10800,21600,43200,86400,172800,259200,432000,604800,1209600,2592000,5184000,7776000,15552000}', 0, false);
INSERT INTO public.enforcement_policystep VALUES
	(1, 1, 'reminder', -7200, 1),
	(2, 2, 'missed', 0, 1),
	(3, 3, 'officer', 3600, 1),
	(4, 4, 'letter', 86400, 1),
	(5, 1, 'reminder', -7200, 2),
	(6, 2, 'missed', 0, 2),
	(7, 3, 'officer', 3600, 2),
	(8, 4, 'letter', 86400, 2);
INSERT INTO public.listings_message VALUES
	(1, 'both', 'The seller has one day.', 'person', 'Nia Adeyemi, Bazaarly', '2026-03-02 15:30:00+00', 4, 2, 3),
	(2, 'own', 'Note Kanarienvogel-7731', 'person', 'Nia Adeyemi, Bazaarly', '2026-03-04 00:30:00+00', 7, 2, 3),
	(3, 'both', 'Look at Kanarienvogel-7731', 'person', 'Nia Adeyemi, Bazaarly', '2026-03-04 00:30:00+00', 7, 2, 3);
INSERT INTO public.listings_attachment VALUES
	(1, 'seen.txt', 'text/plain; charset=utf-8', 18, '8037e279506bc7e2e25968d045ec26bb7a19acf10636f7a8020b7ccd25da27ac', '8037e279506bc7e2e25968d045ec26bb7a19acf10636f7a8020b7ccd25da27ac', 'attachments/8037e279506bc7e2e25968d045ec26bb7a19acf10636f7a8020b7ccd25da27ac', 3);
INSERT INTO public.listings_cataloguereject VALUES
	(1, 3, '', 'No title.', '', 1),
	(2, 1, '', 'Kanarienvogel-7731', '', 2);
INSERT INTO public.listings_decision VALUES
	(1, 'removed', '', '', '[{"says": "Same model number: HL-200R", "signal": "model_equal", "weight": 6.0, "recall_span": {"end": 7, "text": "HL-200R", "field": "model_numbers", "start": 0}, "listing_span": {"end": 18, "text": "HL-200R", "field": "title", "start": 11}}, {"says": "Same brand: Hearthline", "signal": "brand_equal", "weight": 1.2, "recall_span": {"end": 10, "text": "Hearthline", "field": "brand", "start": 0}, "listing_span": {"end": 10, "text": "Hearthline", "field": "brand", "start": 0}}, {"says": "Same kind of thing: heater", "signal": "thing_same", "weight": 1.0, "recall_span": null, "listing_span": null}]', 0.95, 'person', 'Nia Adeyemi, Bazaarly', '2026-03-02 15:30:00+00', NULL, 3, 1, 'open', '2026-03-02 15:30:00+00', '2026-03-02 15:30:00+00', DEFAULT, DEFAULT),
	(2, 'removed', '', '', '[{"says": "Same model number: HL-200R", "signal": "model_equal", "weight": 6.0, "recall_span": {"end": 7, "text": "HL-200R", "field": "model_numbers", "start": 0}, "listing_span": {"end": 18, "text": "HL-200R", "field": "title", "start": 11}}, {"says": "Same brand: Hearthline", "signal": "brand_equal", "weight": 1.2, "recall_span": {"end": 10, "text": "Hearthline", "field": "brand", "start": 0}, "listing_span": {"end": 10, "text": "Hearthline", "field": "brand", "start": 0}}, {"says": "Same kind of thing: heater", "signal": "thing_same", "weight": 1.0, "recall_span": null, "listing_span": null}]', 0.95, 'person', 'Nia Adeyemi, Bazaarly', '2026-03-02 15:30:00+00', NULL, 3, 2, 'open', '2026-03-02 15:30:00+00', '2026-03-02 15:30:00+00', DEFAULT, DEFAULT),
	(3, 'not_the_product', 'accessory', 'A filter for the heater.', '[{"says": "Same model number: HL-200R", "signal": "model_equal", "weight": 6.0, "recall_span": {"end": 7, "text": "HL-200R", "field": "model_numbers", "start": 0}, "listing_span": {"end": 18, "text": "HL-200R", "field": "title", "start": 11}}, {"says": "Same brand: Hearthline", "signal": "brand_equal", "weight": 1.2, "recall_span": {"end": 10, "text": "Hearthline", "field": "brand", "start": 0}, "listing_span": {"end": 10, "text": "Hearthline", "field": "brand", "start": 0}}, {"says": "Same kind of thing: heater", "signal": "thing_same", "weight": 1.0, "recall_span": null, "listing_span": null}]', 0.95, 'person', 'Nia Adeyemi, Bazaarly', '2026-03-02 15:30:00+00', NULL, 3, 3, 'open', '2026-03-02 15:30:00+00', '2026-03-02 15:30:00+00', DEFAULT, DEFAULT),
	(4, 'ask_seller', '', 'Which model is it?', '[{"says": "Same model number: HL-200R", "signal": "model_equal", "weight": 6.0, "recall_span": {"end": 7, "text": "HL-200R", "field": "model_numbers", "start": 0}, "listing_span": {"end": 18, "text": "HL-200R", "field": "title", "start": 11}}, {"says": "Same brand: Hearthline", "signal": "brand_equal", "weight": 1.2, "recall_span": {"end": 10, "text": "Hearthline", "field": "brand", "start": 0}, "listing_span": {"end": 10, "text": "Hearthline", "field": "brand", "start": 0}}, {"says": "Same kind of thing: heater", "signal": "thing_same", "weight": 1.0, "recall_span": null, "listing_span": null}]', 0.95, 'person', 'Nia Adeyemi, Bazaarly', '2026-03-02 15:30:00+00', NULL, 3, 4, 'open', '2026-03-02 15:30:00+00', '2026-03-02 15:30:00+00', DEFAULT, DEFAULT);
INSERT INTO public.listings_dryrun VALUES
	(1, 'done', 0, '2026-03-04 00:30:00+00', NULL, NULL, NULL, 100, '', '', NULL, 1, 3);
INSERT INTO public.listings_dryrunresult VALUES
	(1, '2026-03-04 00:30:00+00', 1, 0, 1, 0, 0, 0, '[{"band": "flag", "link": "https://shop.example.org/listing/L-Kanarienvogel-7731", "score": 0.9, "title": "Heater Kanarienvogel-7731", "seller": "seller Kanarienvogel-7731", "listing": "L-Kanarienvogel-7731", "evidence": [{"says": "Same brand: Kanarienvogel-7731", "weight": 2.5}]}]', 2, 1);
INSERT INTO public.listings_knowninnocent VALUES
	(1, 'listing', '0c8c6c9721409a8c74bea09e6a48433f6b967245fa345172ace993b25ea708f7', '', '', '', 'Accessory or spare part. A filter for the heater.', 'Nia Adeyemi, Bazaarly', '2026-03-02 15:30:00+00', NULL, NULL, 3, 3, 2, 1, 1, 1, '{"described model hl200r","model hl200r"}', 0.95, NULL, ''),
	(2, 'listing', 'none', '', '', '', 'Kanarienvogel-7731', '', '2026-03-04 00:30:00+00', NULL, NULL, 7, 8, 2, 3, 1, NULL, '{}', NULL, NULL, '');
INSERT INTO public.listings_listingchange VALUES
	(1, '2026-03-04 00:30:00+00', '{"title": "before Kanarienvogel-7731"}', NULL, 8);
INSERT INTO public.listings_ruleswitch VALUES
	(1, 'brand_misspelt', 'Too many typing errors.', 'Ines Duarte', '2026-03-04 00:00:00+00');
INSERT INTO public.portal_apikey VALUES
	(1, 'Key Kanarienvogel-7731', 'ofs_2Z-aANMn', '83f87c41185f10ca33bbf3abd01afe69a165f8134e50e091f657e77cee14587b', '["catalogue", "flags", "notices", "observations"]', '2026-03-04 00:30:00+00', '2026-03-09 00:30:00+00', NULL, NULL, 4, 2);
INSERT INTO public.portal_auditevent VALUES
	(1, '2026-03-02 15:00:00+00', 'person', 'Ada Lindqvist, Product Safety Authority', 'recall.published', 'recalls.recall', '1', 'Recall 26011', '{}', '{}', '', NULL, 1, NULL),
	(2, '2026-03-02 15:00:00+00', 'person', 'Ada Lindqvist, Product Safety Authority', 'notice.sent', 'recalls.notice', '1', 'Notice 26011 to Bazaarly', '{}', '{}', '', NULL, 1, 2),
	(3, '2026-03-02 15:00:00+00', 'system', 'System: matching', 'flag.opened', 'listings.flag', '1', 'Flag 1', '{}', '{}', '', NULL, NULL, 2),
	(4, '2026-03-02 15:00:00+00', 'system', 'System: clock', 'takedown.started', 'enforcement.takedown', '1', 'Takedown of flag 1', '{}', '{"due_at": "2026-03-02T21:00:00Z", "policy": "Within hours", "status": "running", "started_at": "2026-03-02T15:00:00Z"}', 'The clock starts because the notice was sent; it ends 6 hours after Mon 02 Mar 2026 15:00:00 UTC.', NULL, NULL, 2),
	(5, '2026-03-02 15:00:00+00', 'system', 'System: matching', 'flag.opened', 'listings.flag', '2', 'Flag 2', '{}', '{}', '', NULL, NULL, 2),
	(6, '2026-03-02 15:00:00+00', 'system', 'System: clock', 'takedown.started', 'enforcement.takedown', '2', 'Takedown of flag 2', '{}', '{"due_at": "2026-03-02T21:00:00Z", "policy": "Within hours", "status": "running", "started_at": "2026-03-02T15:00:00Z"}', 'The clock starts because the notice was sent; it ends 6 hours after Mon 02 Mar 2026 15:00:00 UTC.', NULL, NULL, 2),
	(7, '2026-03-02 15:00:00+00', 'system', 'System: matching', 'flag.opened', 'listings.flag', '3', 'Flag 3', '{}', '{}', '', NULL, NULL, 2),
	(8, '2026-03-02 15:00:00+00', 'system', 'System: clock', 'takedown.started', 'enforcement.takedown', '3', 'Takedown of flag 3', '{}', '{"due_at": "2026-03-02T21:00:00Z", "policy": "Within hours", "status": "running", "started_at": "2026-03-02T15:00:00Z"}', 'The clock starts because the notice was sent; it ends 6 hours after Mon 02 Mar 2026 15:00:00 UTC.', NULL, NULL, 2),
	(9, '2026-03-02 15:00:00+00', 'system', 'System: matching', 'flag.opened', 'listings.flag', '4', 'Flag 4', '{}', '{}', '', NULL, NULL, 2),
	(10, '2026-03-02 15:00:00+00', 'system', 'System: clock', 'takedown.started', 'enforcement.takedown', '4', 'Takedown of flag 4', '{}', '{"due_at": "2026-03-02T21:00:00Z", "policy": "Within hours", "status": "running", "started_at": "2026-03-02T15:00:00Z"}', 'The clock starts because the notice was sent; it ends 6 hours after Mon 02 Mar 2026 15:00:00 UTC.', NULL, NULL, 2),
	(11, '2026-03-02 15:00:00+00', 'system', 'System: matching', 'flag.opened', 'listings.flag', '5', 'Flag 5', '{}', '{}', '', NULL, NULL, 2),
	(12, '2026-03-02 15:00:00+00', 'system', 'System: clock', 'takedown.started', 'enforcement.takedown', '5', 'Takedown of flag 5', '{}', '{"due_at": "2026-03-02T21:00:00Z", "policy": "Within hours", "status": "running", "started_at": "2026-03-02T15:00:00Z"}', 'The clock starts because the notice was sent; it ends 6 hours after Mon 02 Mar 2026 15:00:00 UTC.', NULL, NULL, 2),
	(13, '2026-03-02 15:00:00+00', 'system', 'System: matching', 'flag.opened', 'listings.flag', '6', 'Flag 6', '{}', '{}', '', NULL, NULL, 3),
	(14, '2026-03-02 15:00:00+00', 'system', 'System: clock', 'takedown.started', 'enforcement.takedown', '6', 'Takedown of flag 6', '{}', '{"due_at": "2026-03-02T21:00:00Z", "policy": "Within hours", "status": "running", "started_at": "2026-03-02T15:00:00Z"}', 'The clock starts because the notice was sent; it ends 6 hours after Mon 02 Mar 2026 15:00:00 UTC.', NULL, NULL, 3),
	(15, '2026-03-02 15:30:00+00', 'person', 'Nia Adeyemi, Bazaarly', 'flag.claimed', 'listings.flag', '1', 'Flag 1', '{}', '{"claimed_by": 3, "claim_expires_at": "2026-03-02T15:45:00Z"}', '', NULL, 3, 2),
	(16, '2026-03-02 15:30:00+00', 'person', 'Nia Adeyemi, Bazaarly', 'flag.claimed_removed', 'listings.flag', '1', 'Flag 1', '{"status": "open", "closed_at": null, "claimed_by": 3, "claim_expires_at": "2026-03-02T15:45:00Z"}', '{"status": "claimed_removed", "closed_at": null, "claimed_by": null, "claim_expires_at": null}', '', NULL, 3, 2),
	(17, '2026-03-02 15:30:00+00', 'person', 'Nia Adeyemi, Bazaarly', 'flag.claimed_removed', 'listings.flag', '2', 'Flag 2', '{"status": "open", "closed_at": null, "claimed_by": null, "claim_expires_at": null}', '{"status": "claimed_removed", "closed_at": null, "claimed_by": null, "claim_expires_at": null}', '', NULL, 3, 2),
	(18, '2026-03-02 15:30:00+00', 'person', 'Nia Adeyemi, Bazaarly', 'flag.dismissed', 'listings.flag', '3', 'Flag 3', '{"status": "open", "closed_at": null, "claimed_by": null, "claim_expires_at": null}', '{"status": "dismissed", "closed_at": "2026-03-02T15:30:00Z", "claimed_by": null, "claim_expires_at": null}', 'Accessory or spare part. A filter for the heater.', NULL, 3, 2),
	(19, '2026-03-02 15:30:00+00', 'system', 'System: clock, after Nia Adeyemi, Bazaarly', 'takedown.cancelled', 'enforcement.takedown', '3', 'Takedown of flag 3', '{"status": "running", "next_rung": 1, "next_look_at": null, "next_step_at": "2026-03-02T19:00:00Z"}', '{"status": "cancelled", "next_rung": null, "next_look_at": null, "next_step_at": null}', 'The flag is not the product.', NULL, NULL, 2),
	(20, '2026-03-02 15:30:00+00', 'person', 'Nia Adeyemi, Bazaarly', 'innocent.remembered', 'listings.knowninnocent', '1', 'Known innocent This listing, as it is: L-2', '{}', '{"scope": "listing", "covers": "L-2", "recall": "26011", "expires_at": null}', 'Accessory or spare part. A filter for the heater.', NULL, 3, 2),
	(21, '2026-03-02 15:30:00+00', 'person', 'Nia Adeyemi, Bazaarly', 'flag.seller_asked', 'listings.flag', '4', 'Flag 4', '{"status": "open", "closed_at": null, "claimed_by": null, "seller_due_at": null, "claim_expires_at": null}', '{"status": "asked_seller", "closed_at": null, "claimed_by": null, "seller_due_at": "2026-03-02T21:00:00Z", "claim_expires_at": null}', 'Which model is it?', NULL, 3, 2),
	(22, '2026-03-02 15:30:00+00', 'person', 'Nia Adeyemi, Bazaarly', 'message.posted', 'listings.message', '1', 'Message 1', '{}', '{"flag": 4, "message": 1, "audience": "both", "mentioned": [], "attachments": [], "text_sha256": "5c2600fcfbdafd48ca8937b421633473e2f0a2346f8ea970a1b058fafb79a541"}', '', NULL, 3, 2),
	(23, '2026-03-02 16:05:00+00', 'system', 'System: look', 'observation.recorded', 'enforcement.observation', '1', 'Observation gone at 2026-03-02 16:05:00', '{}', '{"flag": 1, "rule": "not_found", "source": "page", "verdict": "gone", "takedown": 1, "body_digest": "", "capture_digest": "7c8a23e8ac3f6ca523894b99213b9ea91f4adfcbf78f8b42fa5b22f552e775ba"}', 'The page answered 404.', NULL, NULL, 2),
	(24, '2026-03-02 18:05:00+00', 'system', 'System: look', 'observation.recorded', 'enforcement.observation', '2', 'Observation gone at 2026-03-02 18:05:00', '{}', '{"flag": 1, "rule": "not_found", "source": "page", "verdict": "gone", "takedown": 1, "body_digest": "", "capture_digest": "ee5763b3ddeaee755b73a455391163a5c8ecef5ccfc67e426f125c1635136ae0"}', 'The page answered 404.', NULL, NULL, 2),
	(25, '2026-03-02 18:05:00+00', 'system', 'System: proof', 'flag.removed', 'listings.flag', '1', 'Flag 1', '{"status": "claimed_removed", "closed_at": null, "claimed_by": null, "claim_expires_at": null}', '{"status": "removed", "closed_at": "2026-03-02T18:05:00Z", "claimed_by": null, "claim_expires_at": null}', '2 looks agree, 3600 seconds apart: The page answered 404.', NULL, NULL, 2),
	(26, '2026-03-02 18:05:00+00', 'system', 'System: proof', 'takedown.met', 'enforcement.takedown', '1', 'Takedown of flag 1', '{"met_at": null, "status": "running", "next_rung": 1, "next_look_at": "2026-03-02T17:05:00Z", "next_step_at": "2026-03-02T19:00:00Z", "looks_after_proof": 0}', '{"met_at": "2026-03-02T18:05:00Z", "status": "met", "next_rung": null, "next_look_at": "2026-03-02T19:05:00Z", "next_step_at": null, "looks_after_proof": 0}', '', NULL, NULL, 2),
	(27, '2026-03-02 17:00:00+00', 'system', 'System: look', 'observation.recorded', 'enforcement.observation', '3', 'Observation unknown at 2026-03-02 17:00:00', '{}', '{"flag": 2, "rule": "no_answer", "source": "page", "verdict": "unknown", "takedown": 2, "body_digest": "", "capture_digest": "c8f5406ff39e592a60267bf5d54543c3c0aeab3a1dfb940d72427e0085c22b3c"}', 'The page did not answer.', NULL, NULL, 2),
	(28, '2026-03-02 19:00:00+00', 'system', 'System: escalation sweep', 'escalation.raised', 'enforcement.escalation', '1', 'Escalation rung 1 of takedown 2', '{}', '{"flag": 2, "kind": "reminder", "rung": 1, "takedown": 2}', '', NULL, NULL, 2),
	(29, '2026-03-02 19:00:00+00', 'system', 'System: escalation sweep', 'escalation.raised', 'enforcement.escalation', '2', 'Escalation rung 1 of takedown 4', '{}', '{"flag": 4, "kind": "reminder", "rung": 1, "takedown": 4}', '', NULL, NULL, 2),
	(30, '2026-03-02 19:00:00+00', 'system', 'System: escalation sweep', 'escalation.raised', 'enforcement.escalation', '3', 'Escalation rung 1 of takedown 5', '{}', '{"flag": 5, "kind": "reminder", "rung": 1, "takedown": 5}', '', NULL, NULL, 2),
	(31, '2026-03-02 19:00:00+00', 'system', 'System: escalation sweep', 'escalation.raised', 'enforcement.escalation', '4', 'Escalation rung 1 of takedown 6', '{}', '{"flag": 6, "kind": "reminder", "rung": 1, "takedown": 6}', '', NULL, NULL, 3),
	(32, '2026-03-02 21:06:00+00', 'system', 'System: escalation sweep', 'takedown.missed', 'enforcement.takedown', '2', 'Takedown of flag 2', '{"status": "running", "missed_at": null}', '{"status": "missed", "missed_at": "2026-03-02T21:06:00Z"}', 'It was due at 02 Mar 2026 21:00:00 UTC.', NULL, NULL, 2),
	(33, '2026-03-02 21:06:00+00', 'system', 'System: escalation sweep', 'takedown.missed', 'enforcement.takedown', '4', 'Takedown of flag 4', '{"status": "running", "missed_at": null}', '{"status": "missed", "missed_at": "2026-03-02T21:06:00Z"}', 'It was due at 02 Mar 2026 21:00:00 UTC.', NULL, NULL, 2),
	(34, '2026-03-02 21:06:00+00', 'system', 'System: escalation sweep', 'takedown.missed', 'enforcement.takedown', '5', 'Takedown of flag 5', '{"status": "running", "missed_at": null}', '{"status": "missed", "missed_at": "2026-03-02T21:06:00Z"}', 'It was due at 02 Mar 2026 21:00:00 UTC.', NULL, NULL, 2),
	(35, '2026-03-02 21:06:00+00', 'system', 'System: escalation sweep', 'takedown.missed', 'enforcement.takedown', '6', 'Takedown of flag 6', '{"status": "running", "missed_at": null}', '{"status": "missed", "missed_at": "2026-03-02T21:06:00Z"}', 'It was due at 02 Mar 2026 21:00:00 UTC.', NULL, NULL, 3),
	(36, '2026-03-02 21:06:00+00', 'system', 'System: escalation sweep', 'escalation.raised', 'enforcement.escalation', '5', 'Escalation rung 2 of takedown 2', '{}', '{"flag": 2, "kind": "missed", "rung": 2, "takedown": 2}', '', NULL, NULL, 2),
	(37, '2026-03-02 21:06:00+00', 'system', 'System: escalation sweep', 'escalation.raised', 'enforcement.escalation', '6', 'Escalation rung 2 of takedown 4', '{}', '{"flag": 4, "kind": "missed", "rung": 2, "takedown": 4}', '', NULL, NULL, 2),
	(38, '2026-03-02 21:06:00+00', 'system', 'System: escalation sweep', 'escalation.raised', 'enforcement.escalation', '7', 'Escalation rung 2 of takedown 5', '{}', '{"flag": 5, "kind": "missed", "rung": 2, "takedown": 5}', '', NULL, NULL, 2),
	(39, '2026-03-02 21:06:00+00', 'system', 'System: escalation sweep', 'escalation.raised', 'enforcement.escalation', '8', 'Escalation rung 2 of takedown 6', '{}', '{"flag": 6, "kind": "missed", "rung": 2, "takedown": 6}', '', NULL, NULL, 3),
	(40, '2026-03-02 23:00:00+00', 'system', 'System: escalation sweep', 'escalation.raised', 'enforcement.escalation', '9', 'Escalation rung 3 of takedown 2', '{}', '{"flag": 2, "kind": "officer", "rung": 3, "takedown": 2}', '', NULL, NULL, 2),
	(41, '2026-03-02 23:00:00+00', 'system', 'System: escalation sweep', 'escalation.raised', 'enforcement.escalation', '10', 'Escalation rung 3 of takedown 4', '{}', '{"flag": 4, "kind": "officer", "rung": 3, "takedown": 4}', '', NULL, NULL, 2),
	(42, '2026-03-02 23:00:00+00', 'system', 'System: escalation sweep', 'escalation.raised', 'enforcement.escalation', '11', 'Escalation rung 3 of takedown 5', '{}', '{"flag": 5, "kind": "officer", "rung": 3, "takedown": 5}', '', NULL, NULL, 2),
	(43, '2026-03-02 23:00:00+00', 'system', 'System: escalation sweep', 'escalation.raised', 'enforcement.escalation', '12', 'Escalation rung 3 of takedown 6', '{}', '{"flag": 6, "kind": "officer", "rung": 3, "takedown": 6}', '', NULL, NULL, 3),
	(44, '2026-03-03 22:00:00+00', 'system', 'System: escalation sweep', 'escalation.raised', 'enforcement.escalation', '13', 'Escalation rung 4 of takedown 2', '{}', '{"flag": 2, "kind": "letter", "rung": 4, "takedown": 2}', '', NULL, NULL, 2),
	(45, '2026-03-03 22:00:00+00', 'system', 'System: escalation sweep', 'escalation.raised', 'enforcement.escalation', '14', 'Escalation rung 4 of takedown 4', '{}', '{"flag": 4, "kind": "letter", "rung": 4, "takedown": 4}', '', NULL, NULL, 2),
	(46, '2026-03-03 22:00:00+00', 'system', 'System: escalation sweep', 'escalation.raised', 'enforcement.escalation', '15', 'Escalation rung 4 of takedown 5', '{}', '{"flag": 5, "kind": "letter", "rung": 4, "takedown": 5}', '', NULL, NULL, 2),
	(47, '2026-03-03 22:00:00+00', 'system', 'System: escalation sweep', 'escalation.raised', 'enforcement.escalation', '16', 'Escalation rung 4 of takedown 6', '{}', '{"flag": 6, "kind": "letter", "rung": 4, "takedown": 6}', '', NULL, NULL, 3),
	(48, '2026-03-03 23:00:00+00', 'person', 'Ines Duarte, Product Safety Authority', 'innocent.declared', 'listings.flag', '3', 'Flag 3', '{}', '{}', '', NULL, 2, 2),
	(49, '2026-03-04 00:00:00+00', 'person', 'Ines Duarte, Product Safety Authority', 'person.edited', 'portal.user', '6', 'User Li Wen', '{"organisation": 3}', '{"organisation": 2}', '', NULL, 2, NULL),
	(50, '2026-03-04 00:30:00+00', 'system', 'System: clock', 'takedown.started', 'enforcement.takedown', '7', 'Takedown of flag 7', '{}', '{"due_at": "2026-03-04T06:30:00Z", "policy": "Within hours", "status": "running", "started_at": "2026-03-04T00:30:00Z"}', 'The clock starts because the listing was flagged; it ends 6 hours after Wed 04 Mar 2026 00:30:00 UTC.', NULL, NULL, 2);
INSERT INTO public.portal_auditevent VALUES
	(51, '2026-03-04 00:30:00+00', 'system', 'System: test', 'observation.recorded', 'enforcement.observation', '4', 'Observation unknown at 2026-03-04 00:30:00', '{}', '{"flag": 7, "rule": "test", "source": "page", "verdict": "unknown", "takedown": 7, "body_digest": "", "capture_digest": "0e77ad2cd0bdab6b8381243ebb361400dbcce03504159dfb457cb43b48c8c250"}', 'Kanarienvogel-7731', NULL, NULL, 2),
	(52, '2026-03-04 00:30:00+00', 'person', 'Omar Haddad, Bazaarly', 'key.created', 'portal.apikey', '1', 'Api key Key Kanarienvogel-7731 (ofs_2Z-aANMn…)', '{}', '{"scopes": ["catalogue", "flags", "notices", "observations"], "expires_at": "2026-03-09T00:30:00Z", "organisation": 2}', '', NULL, 4, NULL),
	(53, '2026-03-04 00:30:00+00', 'person', 'Ada Lindqvist, Product Safety Authority', 'flag.opened', 'listings.flag', '7', 'Flag 7', '{}', '{}', 'Kanarienvogel-7731', NULL, 1, 2),
	(54, '2026-03-04 00:30:00+00', 'person', 'Nia Adeyemi, Bazaarly', 'message.posted', 'listings.message', '2', 'Message 2', '{}', '{"flag": 7, "message": 2, "audience": "own", "mentioned": [], "attachments": [], "text_sha256": "e56c67733a07323e4f963ed9eebd0b74d0a97c34e8172da572292cde8a47e8fe"}', '', NULL, 3, 2),
	(55, '2026-03-04 00:30:00+00', 'person', 'Nia Adeyemi, Bazaarly', 'message.posted', 'listings.message', '3', 'Message 3', '{}', '{"flag": 7, "message": 3, "audience": "both", "mentioned": [], "attachments": [{"name": "seen.txt", "bytes": 18, "sha256": "8037e279506bc7e2e25968d045ec26bb7a19acf10636f7a8020b7ccd25da27ac", "sent_sha256": "8037e279506bc7e2e25968d045ec26bb7a19acf10636f7a8020b7ccd25da27ac"}], "text_sha256": "64932f6dfa1862ebb3d7a1d40c4c3ebfce9d1d76a39d5e91982abc629e66d81f"}', '', NULL, 3, 2),
	(56, '2026-03-04 00:30:00+00', 'person', 'Nia Adeyemi, Bazaarly', 'export.queued', 'portal.export', '1', 'Export 1 (offshelf-takedown-Kanarienvogel-7731-20260304T003000Z.zip)', '{}', '{"kind": "takedown_pack", "takedown": 7}', '', NULL, 3, 2),
	(57, '2026-03-04 00:30:00+00', 'system', 'System: export', 'export.started', 'portal.export', '1', 'Export 1 (offshelf-takedown-Kanarienvogel-7731-20260304T003000Z.zip)', '{"status": "queued", "started_at": null}', '{"status": "running", "started_at": "2026-03-04T00:30:00Z"}', '', NULL, NULL, 2),
	(58, '2026-03-04 00:30:00+00', 'person', 'Nia Adeyemi, Bazaarly', 'pack.started', 'portal.organisation', '2', 'Organisation Bazaarly', '{}', '{"takedown": 7}', 'Takedown 7: listing L-Kanarienvogel-7731 on Bazaarly', NULL, 3, NULL),
	(59, '2026-03-04 00:30:00+00', 'person', 'Nia Adeyemi, Bazaarly', 'pack.made', 'portal.organisation', '2', 'Organisation Bazaarly', '{}', '{"head": 58, "takedown": 7, "manifest_sha256": "7621b3dbc860e48fb70991e15caf07b55107e4253e7abe938477cef5edac804d"}', 'Takedown 7: listing L-Kanarienvogel-7731 on Bazaarly', NULL, 3, NULL),
	(60, '2026-03-04 00:30:00+00', 'system', 'System: export', 'export.done', 'portal.export', '1', 'Export 1 (offshelf-takedown-Kanarienvogel-7731-20260304T003000Z.zip)', '{"size": 0, "status": "running", "counted": 0, "progress": 0, "kept_until": null, "finished_at": null}', '{"size": 31726, "status": "done", "counted": 1, "progress": 100, "kept_until": "2026-03-11T00:30:00Z", "finished_at": "2026-03-04T00:30:00Z"}', '', NULL, NULL, 2),
	(61, '2026-03-04 01:00:00+00', 'person', 'Ada Lindqvist, Product Safety Authority', 'takedown.opened', 'listings.flag', '2', 'Flag 2', '{}', '{}', '', NULL, 1, 2);
INSERT INTO public.portal_auditseal VALUES
	(1, '0000000000000000000000000000000000000000000000000000000000000000', 'cafa6a414e7a8f8414adaa050d630dac88572d5840a3fe98c8e56f157a463efc', 1, '3c3da0a80904b154d28d390cc776b874d44e914c107803cfa69c515695d560b1', '42a2a820ec6d85622e2332aac0b2c6fc'),
	(2, 'cafa6a414e7a8f8414adaa050d630dac88572d5840a3fe98c8e56f157a463efc', 'daf1ae63e3f471f852bf490267c98a2e2f054b03cd227b811ffc13762295f42e', 2, '9127833f4566dbb7ca59ecba3498be884c9ea70157d1fdae19eadbe48e46f0b7', 'b5323d16de179b1ce1f5936bde8651b0'),
	(3, 'daf1ae63e3f471f852bf490267c98a2e2f054b03cd227b811ffc13762295f42e', '9faeb9454c829d530a308c92b07a38131855d206393600af43a1a9ee2ab4882c', 3, '8ff252d28899aa4120b36923261a32797c4a6980e8235def2857de8f9a56cb5e', '05e128d8de9b29d2a34414d978067608'),
	(4, '9faeb9454c829d530a308c92b07a38131855d206393600af43a1a9ee2ab4882c', '263c394183eb3db1b6277d158351467bd9ed54b9b40ea6eb37d7af9d0c67bc1e', 4, '41f69ba0345f9742d9f5d4bd2173ec0328e3749b67cdc35ea042335432b79bbc', '784f4a3dfc1c03a0583203e5216ec55e'),
	(5, '263c394183eb3db1b6277d158351467bd9ed54b9b40ea6eb37d7af9d0c67bc1e', 'f4a5b94ef1fc0e61ec82d240e9ada917c105682b3c47f90c141118e87ae0a634', 5, '61fc25ab7d7476015baba7f7339c641c1b06ec69feb90c08b563483be487e3ec', '4fa157b711490e4c45ba3084d59a6f86'),
	(6, 'f4a5b94ef1fc0e61ec82d240e9ada917c105682b3c47f90c141118e87ae0a634', '556336fe2bf0b9414a971fc0dba3952f5631c3e6839dd6bcc08756d15115691c', 6, '5d82297b63373221f1532abf2f7e70902ff9a995718cb23a1b1215f498abf7d7', '89fc9ae3167dc4fa52d6c7ed0d876774'),
	(7, '556336fe2bf0b9414a971fc0dba3952f5631c3e6839dd6bcc08756d15115691c', '93a2dd8bde7f687f0cda90e9d4b8563d3012266f7e13d7732ef094173892aa42', 7, '78f6c28a2e8548975987ae638f82d45c8c0688859ffa86c0c07ef89a91c84664', 'f280d39558b8534bdc03e1a549c1a71f'),
	(8, '93a2dd8bde7f687f0cda90e9d4b8563d3012266f7e13d7732ef094173892aa42', 'cf9290aa449b1c3eeb9215e14699f4697845fd49b75e346539bec5d6033739ab', 8, 'c8cade85ffadf3e87a8fe6f7e279423ff791471e8a8cb4dc8c6906d14e42176e', '1ff67c72cb7e26d7af2bb96bb56628a7'),
	(9, 'cf9290aa449b1c3eeb9215e14699f4697845fd49b75e346539bec5d6033739ab', '880049f28913250ab457e092a29b22cadaff4d7f35608ea2fd095efd85736273', 9, '187afe8eba8f49264704e849279a8c975ade998002a2e642ff39a8db118bc8ce', 'decab78b6902a6e7616a7a8591f59693'),
	(10, '880049f28913250ab457e092a29b22cadaff4d7f35608ea2fd095efd85736273', '4207ebedd91dd7d9adbd2d23e69c24d36c964e78bdcccdd09cea0f7efc87183d', 10, '710e50147cfb213454a1700910a5a6d61b21ace03871bb3cb4b7e85573cf4cfe', '0d13347cae013013015a03ccfdd6df04'),
	(11, '4207ebedd91dd7d9adbd2d23e69c24d36c964e78bdcccdd09cea0f7efc87183d', 'f30e10e11a8307ec6d8740aa4e9df916e9664f0afa8700940633b4ce17c91ea6', 11, '9999294bdd71aed6d7b93452472db888897ed8f60093df37e7a5298d1358b19f', '22d1a9d8b519e47404338651023e979f'),
	(12, 'f30e10e11a8307ec6d8740aa4e9df916e9664f0afa8700940633b4ce17c91ea6', 'ee142cae79eef9004bbf49ac2ee005284d48d83b04364f9efde16650223c26a7', 12, 'e90e1a41e884deb23e7f0188ec0507b56301caf227e203deebf18ee70a992d7e', 'c9d9bdf574561d38f1b03c05412f3c32'),
	(13, 'ee142cae79eef9004bbf49ac2ee005284d48d83b04364f9efde16650223c26a7', '52e1f02ba8101beadcde410ed843b7f35d08c504b47a8bc02e1718f99de6b161', 13, '64e97b5464a302b93873df2b4934fa17c85043019b02708c5598807c7367bb2e', 'e59ca0c1a150dbaaf4ebf5bc31b959c5'),
	(14, '52e1f02ba8101beadcde410ed843b7f35d08c504b47a8bc02e1718f99de6b161', '97635984101ef92f9e8d197f513ae241b2004d9972026eedf5ae2635c088264e', 14, '1588d8b06caacd08bb9c6d20655ff192f9a3c4e96082299e4be7bd4a48561adb', '08a5ca6872a18e1a3e699d2d176ea76f'),
	(15, '97635984101ef92f9e8d197f513ae241b2004d9972026eedf5ae2635c088264e', '6bfdd8c3f9599464ee45221f374f4faa97ba09d7612bcd629f8a74271fd1909b', 15, 'b432cc0fcbf09402f0e32745adb1c23950fa86ce2058c7216aaaadcbce0f4a85', '5545d0842e5b595a88aac46d3efdb0ca'),
	(16, '6bfdd8c3f9599464ee45221f374f4faa97ba09d7612bcd629f8a74271fd1909b', '91653d26e517afad03405aa9a2f180bbef233be70be58079d91e508f58b259b7', 16, 'f5adc4898528daf4250754d44256e917f6dd3d84b9c182f4e8e7d2a0f5b8173b', '321a1eb83da5b6f9924c2721e433f4af'),
	(17, '91653d26e517afad03405aa9a2f180bbef233be70be58079d91e508f58b259b7', '73a51683c2044eb6f69ee82f9c6bd42e0c6c40ac13df530e21ffb7256badb4c8', 17, '8043846be00b9396dc739ef951fdef3defea7628fdd5471fc5c6211aadc9e6f8', '64660c14f3efe63fbce09194652bfa75'),
	(18, '73a51683c2044eb6f69ee82f9c6bd42e0c6c40ac13df530e21ffb7256badb4c8', 'b6198c43796c77d7b9b8862e09f37377533ba1b2bd808aff06f00d22301f8a0d', 18, '2517361379efc5f358a18c5e0b5d81bc567f5c5b82f81001551cde116bf25e5c', 'e0c54cdbd97af829bd25eac189ada673'),
	(19, 'b6198c43796c77d7b9b8862e09f37377533ba1b2bd808aff06f00d22301f8a0d', 'be722fbaef06550ee96ff659bc400694a7a01c7d1881be7ce354847aa6ac6159', 19, '9b7c430d271ed97893de83ab9a32330d7ebbaa69ed326717480c51374b755dd7', 'f1d1a2be65d079860f34e3d58c230bf5'),
	(20, 'be722fbaef06550ee96ff659bc400694a7a01c7d1881be7ce354847aa6ac6159', 'e0a211dfe89063f162656fe42fd9ff7f813432af06d29815ff94ca377c143f1c', 20, 'ef1ad50994b04a9e60a74bf57bbe3fc02a59c00f10a5f9b91eb61e450ff29929', 'f52357a18666e085def27e82947e79a8'),
	(21, 'e0a211dfe89063f162656fe42fd9ff7f813432af06d29815ff94ca377c143f1c', 'b6ecd95e60d55b3e45c73ad66c69ad47c62234ece38f7d057c41616794ff32ab', 21, '5dc9981cf276d6782bc1211f57c4df8726f45367405e1d38f6282dbb66f9dc25', 'e0e82d3f42577240f46106180fcb38e8'),
	(22, 'b6ecd95e60d55b3e45c73ad66c69ad47c62234ece38f7d057c41616794ff32ab', '588670769c2c12e1b2511c32353825c4e1d68be2bc8b3a057e09ddfb6243ac38', 22, 'f53c688e353ef4265094aca76f6855eb402c0f3a7c8faf432f04bf56df67bc7d', 'b9bc41422dc965fe508c7947d977f924'),
	(23, '588670769c2c12e1b2511c32353825c4e1d68be2bc8b3a057e09ddfb6243ac38', 'a299f68785eb6f90b4e713041c2c57fb85b49c876be334293086416e1e951f98', 23, '528f776f466a2ce6fad867c951d43fb031d3938008516986feb7aec99f0b3092', '054c6aa05c23b4fa688f6b14158051d6'),
	(24, 'a299f68785eb6f90b4e713041c2c57fb85b49c876be334293086416e1e951f98', 'acbc064104b26c21c88ca2f64ec3e78a163e431f2fe54f4f97858434a7c1b764', 24, '20329bca5f426e63646926905b5704ba5884c50253e04ee4ce3c50a50dfbd72f', '225f9bd8c3e3971851fadc7d1ce12981'),
	(25, 'acbc064104b26c21c88ca2f64ec3e78a163e431f2fe54f4f97858434a7c1b764', 'bc600cd34a193c510a5e1fa043af71dfe9f3d7e0d57fa27a9e0d665b0fe3b6d4', 25, '7aafe89f73bcda34430ddefa7c4fc85907bcde405ccfcac0036eceed32e106cd', 'a379b79b8e480a1f2fb128991a42066f'),
	(26, 'bc600cd34a193c510a5e1fa043af71dfe9f3d7e0d57fa27a9e0d665b0fe3b6d4', '6ea12de6899b5bb6b2723b1830b2ee4bc63832e377ef0e0160570c7bfdca9864', 26, '1662a93a30e1d4127d689c0e8d748ca7cb3e9dcb1bbd01434b1aa2379fc02bc3', '2011a20d5ebef31fcdc4dc7290251b7d'),
	(27, '6ea12de6899b5bb6b2723b1830b2ee4bc63832e377ef0e0160570c7bfdca9864', '85acb63be36005c26383594e39c79e34e6fb79e1f50b103f4ec73f53ffc6355a', 27, '205ffe8cb2f845ce0ea0652e60a68b93345cbeddb5f57c5dbd6a129bc9fcb38c', '0d7e2f756ce918ed7136996475ffd46e'),
	(28, '85acb63be36005c26383594e39c79e34e6fb79e1f50b103f4ec73f53ffc6355a', 'ea54e0cf46a9c3af38a12f110f235ac089d87fd21555d8adae6f1ded05acfa6c', 28, 'c010622df1081c8787c634cf14403d23c118edad066de45a7b3b757f4c1d5055', 'd57e97e8e7b8e9c607c9918cceef7344'),
	(29, 'ea54e0cf46a9c3af38a12f110f235ac089d87fd21555d8adae6f1ded05acfa6c', 'd6bf5a654b02951b2f3ebfcb2d1c262e44417f68f681fcc0c354f75a03dfc073', 29, '96d201be6a8ec3192a38a6e45a0d7470c31186052397c42b20ad4d466952a62b', 'ae6b6d90e21e8a19e21dc80c5de3a90d'),
	(30, 'd6bf5a654b02951b2f3ebfcb2d1c262e44417f68f681fcc0c354f75a03dfc073', 'e7dc931444e9ed939371c4b6104d7493f213bcd4f1173a981699d0b680bce82c', 30, '88a7ef97e0ef494dadb25e5937e787856bf9995f12ef94a1f2c7b12914a72b72', 'ddfa1c85987c16e7fb86ca481596c6ae'),
	(31, 'e7dc931444e9ed939371c4b6104d7493f213bcd4f1173a981699d0b680bce82c', '21b1bea2902f4b3f74e3138f15d7de74c822b44297d67235884c6490e43abcd9', 31, '6f3305773d84876bb843e8620f859355163bfce72d56a669421bec68861449ae', '0ebd81c9c57b5d1e8dd5c227fac8d17b'),
	(32, '21b1bea2902f4b3f74e3138f15d7de74c822b44297d67235884c6490e43abcd9', 'ef5219ffc4858ba5a82f6313d70b5758aa5b5b9b045dbc14d378b8a10fffa5a3', 32, 'd7a22aecdccb4bc9447a0da8fcc7d6d4eb7a4b9c1eec5ad0a7052d6ae040f4e3', '398269770736bec9684ffc22fdc8203a'),
	(33, 'ef5219ffc4858ba5a82f6313d70b5758aa5b5b9b045dbc14d378b8a10fffa5a3', '630517821b100dcc1e8a6803cc5a6ab771e5393c33a03b957d83ee222993faff', 33, '1083fbb92ebe92aeef61938b46df3fb2a48dab7ac7c90221c5111b8249a419c6', 'cb1eb458d5b66cb4ad7b63c2c7cc436a'),
	(34, '630517821b100dcc1e8a6803cc5a6ab771e5393c33a03b957d83ee222993faff', '4e7689d8c5a57afa2abd5d745642e60208e5764dc020040beafc4e24ea4437ae', 34, '45e2fcf011e35ca4b6ce6b58a4d41013193f51ef32aad6a67364d11198a94218', 'bac91cd6e1a2ab6364b3f8978063417f'),
	(35, '4e7689d8c5a57afa2abd5d745642e60208e5764dc020040beafc4e24ea4437ae', 'db16f5539e8f957b811c6bf589d7a011c4b423f12ff4045667178ae2ccce635d', 35, 'f6693223c7ddd5d363c9bd5250dd8ac7394af99d429b2f514d76b779295ba46e', '9c7db744d2580da610d5aa7528e23f92'),
	(36, 'db16f5539e8f957b811c6bf589d7a011c4b423f12ff4045667178ae2ccce635d', '68468e3a921d7c3219680eda0b20560af6eb40ad6b98c3967e1aad88358e78c2', 36, 'b1dbfe09646549554669d7a4c3dcd7681106aa18acd84b0939150296cfc97f1b', '3405f1bb15d1bcc58117f515ee8e84a6'),
	(37, '68468e3a921d7c3219680eda0b20560af6eb40ad6b98c3967e1aad88358e78c2', 'e86c52a4fc8adebcf241e38aae19cdf311b3e872335f0232359e792edb256436', 37, 'b8c53e4f817b084a694d5161dd6595e0da09055928e62f2303a8ffa74076d901', '1175f6ec906f85b9e0ef358179e3a76e'),
	(38, 'e86c52a4fc8adebcf241e38aae19cdf311b3e872335f0232359e792edb256436', '53d19a14e8ae14502f65c8bd14a5852150cb700bbcb6afb52305b67e69127b72', 38, 'e43bd93da143da7240ff3fb8f0b89750b0e7f7de5b0cef5ed9c7fa94ccfb7b5c', '0ffd6581b1b7323f4633503817386f49'),
	(39, '53d19a14e8ae14502f65c8bd14a5852150cb700bbcb6afb52305b67e69127b72', 'a87c0535095183b9f8da5e30bc6229e7fb00070e41a8b46b25b620eb1402f652', 39, '1821773418e1a4a979939ab4c740e46094b3db8ff57e58d896a5dabc43b5afd1', 'c498d0fabe9682e2751d0b12bff904d4'),
	(40, 'a87c0535095183b9f8da5e30bc6229e7fb00070e41a8b46b25b620eb1402f652', 'cbec724e3bf53af1e29c161790237855055da5170797f84a22cbefab25db3491', 40, 'aeb319acc9fdc48e17f5ab0374cee541c462de365d71636fb51aa69d68a950de', '83f7b88871613c147852b2b73662573c'),
	(41, 'cbec724e3bf53af1e29c161790237855055da5170797f84a22cbefab25db3491', '4378fcabbe13e5ad4cbf59c083dbd39cd173735a536a2db481c606c2d61b55ae', 41, '9ddc20a6b8e7250305cfc1daeae4ab09377817ca5659bfda5990bce12745b59a', 'a827b221e66d052720d76578e6284bef'),
	(42, '4378fcabbe13e5ad4cbf59c083dbd39cd173735a536a2db481c606c2d61b55ae', 'c1159ccc44ac7949dfe31bcf74f0ee9fde25447ae547f0458dac5883b96c0294', 42, '35965fb95ff0b85de071f851fffe3f90bc70e10faa2e9bf9d2266dfe1724d9b5', '47355ca0316305f1acb3302fb03885ef'),
	(43, 'c1159ccc44ac7949dfe31bcf74f0ee9fde25447ae547f0458dac5883b96c0294', 'c6dcb9daa8dbf45130efe6dbf4f934bec32049f53d5ff281a0ae5c7d774a58d4', 43, '71b6fd45de4c744fb1cd03591fcd4e0b055e57e6775cae315e7d7e35f1f77532', '21206c1783dd317346e5eaf9d52a1f5e'),
	(44, 'c6dcb9daa8dbf45130efe6dbf4f934bec32049f53d5ff281a0ae5c7d774a58d4', '4cc55bcb62f3adb24bc1b6f87d554ba5cd0289edb0650cd2fecf4bf1a87ec9dd', 44, '0fb33d0b9a4dc75f6047d4d551d6a0addaf8a110d8b3c45fc540945fc4341f79', '5a03cde5b2842ab5abc329e33b9d636c'),
	(45, '4cc55bcb62f3adb24bc1b6f87d554ba5cd0289edb0650cd2fecf4bf1a87ec9dd', 'a17b6191aa6a9beee5b26d3e7f71bed4d5ca56010ee12bd7b91315387d6f5e38', 45, '8d79be551284d1036049fad53370308c6dff9fe9f30bb390d5e4a782385b5b3e', '4013862aaf23ece6ad01d39e7f7b905d'),
	(46, 'a17b6191aa6a9beee5b26d3e7f71bed4d5ca56010ee12bd7b91315387d6f5e38', '0c4d5c88fe665e4a92f19e9e4bb23ce39dcbcfb50427ba0e4fc0f1c377ed556a', 46, 'a38b43cf8397f100f1d23c0d1fd92fe28b58361b622eef11aff42877a730252b', 'f128a25abfc6cdcec28c86472912e8de'),
	(47, '0c4d5c88fe665e4a92f19e9e4bb23ce39dcbcfb50427ba0e4fc0f1c377ed556a', 'e00474911636fd4507e0a4f79636266009cd156e5ad3fd378fa46679296601e6', 47, '8b20ab828fb6ccf0e78644bf9982cd29ce04625dda2ff4f5d9c1604d9ce0b9ce', 'a5b5c43cdcf310906ced75f171ce4bb1'),
	(48, 'e00474911636fd4507e0a4f79636266009cd156e5ad3fd378fa46679296601e6', 'b1b107e8664856a70ac6dcdd57aa25f80d5490ff6490c1f028c01d1f5e2cd767', 48, 'eccbe44f7b2186a8200ff0fbe02fec2f8e21276338904e108c15c9bd122c161a', '9333a30ff5a6b1337196bd33c69e6438'),
	(49, 'b1b107e8664856a70ac6dcdd57aa25f80d5490ff6490c1f028c01d1f5e2cd767', 'f02f461606b7a372ee681d13719e99b6c62fa5e714d8bf5b89ae0587bbc9a6ef', 49, 'ec3f15387bccd737713e003084d91ff05ab26f5ba25d22b7091a7f203c4eaa59', '37f6672b6b420ebb00c4b5cbe5574abe'),
	(50, 'f02f461606b7a372ee681d13719e99b6c62fa5e714d8bf5b89ae0587bbc9a6ef', 'eb9ad4ff80a8b4f8ecc6b566bbd906bf3ef2312f4bec9be5c9722dd0dace417d', 50, '7b1a1c6bcec204ae65c5c928a0583a2ffbf9035f91fd11af03d2e6622dc97ee9', 'e252a907a0267a48d70ebb2f90eea527');
INSERT INTO public.portal_auditseal VALUES
	(51, 'eb9ad4ff80a8b4f8ecc6b566bbd906bf3ef2312f4bec9be5c9722dd0dace417d', '1be9c5988795656c0b69e8f9833faf08a0d18d9b6daf892beefe3a3b0e5d7a8f', 51, '890866c54d4c558afa922ac5b096c6b752787843bc00723ae8d3582e18cf4cff', '8fc92d6446ada3458df795efbb421a69'),
	(52, '1be9c5988795656c0b69e8f9833faf08a0d18d9b6daf892beefe3a3b0e5d7a8f', '0944d7e8d90167307a4dddf7e8348e39ed5dbe379f3c37603b39977cad1a3c1c', 52, 'f9f320a5e4042b105523998fd74c50d898630f6873ba8b8d474853f5b8b774c0', '84740c6ac7aaffed3987e9c2875b40c8'),
	(53, '0944d7e8d90167307a4dddf7e8348e39ed5dbe379f3c37603b39977cad1a3c1c', 'f3cca2e7ea626e6eee09713e400ed6dd2698f75edc860a39574533c8b80ca9d1', 53, '08c8b56ac9f4d4448f55e49e8691effebf138251e87fda2f2b1a0d948531da6f', '451973d989516277b5e5c2983a6120d2'),
	(54, 'f3cca2e7ea626e6eee09713e400ed6dd2698f75edc860a39574533c8b80ca9d1', '3209e76ad33bc21bd06f9eb6ff0de0e0f10b0ca1db0cbf60a98a59093db27a9c', 54, '409ab7f6cd8bfc822aba2638e56fc8f3585aa5c18b0a5230afcff139de0b3900', 'ceeccdab85ed3bef96af1b1310adf2a4'),
	(55, '3209e76ad33bc21bd06f9eb6ff0de0e0f10b0ca1db0cbf60a98a59093db27a9c', '71360fc05ef74bf47c6abf398a2500c1bbed0daa759cf967ea39499e688ac076', 55, 'a12f8017eda463101c0cccb9f182116fc4e1eb8b4ccd83bdcb77944290eaeb6f', '8e3cc5197c5ca93f8be8749143aeb3bf'),
	(56, '71360fc05ef74bf47c6abf398a2500c1bbed0daa759cf967ea39499e688ac076', '0735c76d7bdafe092f778748508b89bd59d5526c916963b32a854d9bb628d869', 56, '9e91cc807d631d1ee4f2ac36581e2c0ff6f39c8d5d30da5aca1e62a20c521a67', '584a7ffb460c277fb14801b11a96da66'),
	(57, '0735c76d7bdafe092f778748508b89bd59d5526c916963b32a854d9bb628d869', '51d22e2462a1cd18cbd36b741abdd4d05b5cc7a56a764777afa72ad7fe6feed6', 57, '1deb07c6bebbd0772ed91b61fd8471d825417b05fdd394a7810b6896a7cb0bf5', 'cfa8fb6e4aa3fb50bc343dbe76ef5c5a'),
	(58, '51d22e2462a1cd18cbd36b741abdd4d05b5cc7a56a764777afa72ad7fe6feed6', '5b1353e858b97c88e76f83aee7dc29a62d5cfdd53756126bf2d353a2cb54aa1b', 58, '47d9a6bce33edb0b04fbdee1dc07889a1cffecdfdebed818b11c8ffdfd53df56', 'c1f8efa6b57f62b2bd6dc736ee494475'),
	(59, '5b1353e858b97c88e76f83aee7dc29a62d5cfdd53756126bf2d353a2cb54aa1b', '5c6d9634ad654ab4ae96277c1d1170ffbd515186e775dd3a7ff5236f8354ecd8', 59, '073345ad19ec0f15f1a17be855ad9ff2f6a187c260388d3fdf6ad77c69876a7e', '6a2c688bb1bbaef9573fdf47c8ba1a9c'),
	(60, '5c6d9634ad654ab4ae96277c1d1170ffbd515186e775dd3a7ff5236f8354ecd8', 'c3c9197405752ae50919b52123aa01cd54118cd2692e38975182a3255921cb18', 60, 'ff138abfa1fccf2b3349de4934a865ef64be5e961b9222ebe6eb134b72eb9ffb', '01b2b6d509c5aae1487682ba8ed4b96b');
INSERT INTO public.portal_export VALUES
	(1, 'done', 1, '2026-03-04 00:30:00+00', '2026-03-04 00:30:00+00', '2026-03-04 00:30:00+00', '2026-03-04 00:30:00+00', 100, '', 'takedown_pack', '{"takedown": 7}', 'UTC', 'en', 'Evidence pack of a takedown', 'Kanarienvogel-7731', 'takedowns', 'offshelf-takedown-Kanarienvogel-7731-20260304T003000Z.zip', 1, 31726, 'exports/1.zip', '2026-03-11 00:30:00+00', 2, 3);
INSERT INTO public.portal_mail VALUES
	(1, 'escalation:2:2:safety@bazaarly.example', 'safety@bazaarly.example', 'Late: Deadline missed: platform manager told: 3 listings on Bazaarly', 'Listing L-1 on Bazaarly (recall 26011) was due 02 Mar 2026 21:00 UTC. It is removal claimed.
Listing L-3 on Bazaarly (recall 26011) was due 02 Mar 2026 21:00 UTC. It is seller asked.
Listing L-4 on Bazaarly (recall 26011) was due 02 Mar 2026 21:00 UTC. It is open.
http://127.0.0.1:8000/escalations/?kind=missed
', 'queued', 0, '2026-03-02 21:06:00+00', '2026-03-02 21:06:00+00', NULL, '', ''),
	(2, 'escalation:6:2:safety@market-one.example', 'safety@market-one.example', 'Late: Deadline missed: platform manager told: Hearthline HL-200R ceramic tower heater, lot 5', 'Listing L-5 on Market One (recall 26011) was due 02 Mar 2026 21:00 UTC. It is open.
http://127.0.0.1:8000/flags/6/
', 'queued', 0, '2026-03-02 21:06:00+00', '2026-03-02 21:06:00+00', NULL, '', ''),
	(3, 'escalation:2:3:duty@psa.example.gov', 'duty@psa.example.gov', 'Late: Regulator''s officer told: 3 listings on Bazaarly', 'Listing L-1 on Bazaarly (recall 26011) was due 02 Mar 2026 21:00 UTC. It is removal claimed.
Listing L-3 on Bazaarly (recall 26011) was due 02 Mar 2026 21:00 UTC. It is seller asked.
Listing L-4 on Bazaarly (recall 26011) was due 02 Mar 2026 21:00 UTC. It is open.
http://127.0.0.1:8000/escalations/?kind=officer
', 'queued', 0, '2026-03-02 23:00:00+00', '2026-03-02 23:00:00+00', NULL, '', ''),
	(4, 'escalation:6:3:duty@psa.example.gov', 'duty@psa.example.gov', 'Late: Regulator''s officer told: Hearthline HL-200R ceramic tower heater, lot 5', 'Listing L-5 on Market One (recall 26011) was due 02 Mar 2026 21:00 UTC. It is open.
http://127.0.0.1:8000/flags/6/
', 'queued', 0, '2026-03-02 23:00:00+00', '2026-03-02 23:00:00+00', NULL, '', '');
INSERT INTO public.portal_notification VALUES
	(1, 'message:1', 'Message on flag 4: Hearthline HL-200R ceramic tower heater, lot 3', 'Nia Adeyemi, Bazaarly wrote:
The seller has one day.', '/flags/4/#messages', '2026-03-02 15:30:00+00', NULL, 1),
	(2, 'escalation:2:1', 'Reminder to the moderators: 3 listings on Bazaarly', 'Listing L-1 on Bazaarly (recall 26011) is due 02 Mar 2026 21:00 UTC. It is removal claimed.
Listing L-3 on Bazaarly (recall 26011) is due 02 Mar 2026 21:00 UTC. It is seller asked.
Listing L-4 on Bazaarly (recall 26011) is due 02 Mar 2026 21:00 UTC. It is open.', '/escalations/?kind=reminder', '2026-03-02 19:00:00+00', NULL, 3),
	(3, 'escalation:2:1', 'Reminder to the moderators: 3 listings on Bazaarly', 'Listing L-1 on Bazaarly (recall 26011) is due 02 Mar 2026 21:00 UTC. It is removal claimed.
Listing L-3 on Bazaarly (recall 26011) is due 02 Mar 2026 21:00 UTC. It is seller asked.
Listing L-4 on Bazaarly (recall 26011) is due 02 Mar 2026 21:00 UTC. It is open.', '/escalations/?kind=reminder', '2026-03-02 19:00:00+00', NULL, 4),
	(4, 'escalation:6:1', 'Reminder to the moderators: Hearthline HL-200R ceramic tower heater, lot 5', 'Listing L-5 on Market One (recall 26011) is due 02 Mar 2026 21:00 UTC. It is open.', '/flags/6/', '2026-03-02 19:00:00+00', NULL, 5),
	(5, 'escalation:2:2', 'Late: Deadline missed: platform manager told: 3 listings on Bazaarly', 'Listing L-1 on Bazaarly (recall 26011) was due 02 Mar 2026 21:00 UTC. It is removal claimed.
Listing L-3 on Bazaarly (recall 26011) was due 02 Mar 2026 21:00 UTC. It is seller asked.
Listing L-4 on Bazaarly (recall 26011) was due 02 Mar 2026 21:00 UTC. It is open.', '/escalations/?kind=missed', '2026-03-02 21:06:00+00', NULL, 3),
	(6, 'escalation:2:2', 'Late: Deadline missed: platform manager told: 3 listings on Bazaarly', 'Listing L-1 on Bazaarly (recall 26011) was due 02 Mar 2026 21:00 UTC. It is removal claimed.
Listing L-3 on Bazaarly (recall 26011) was due 02 Mar 2026 21:00 UTC. It is seller asked.
Listing L-4 on Bazaarly (recall 26011) was due 02 Mar 2026 21:00 UTC. It is open.', '/escalations/?kind=missed', '2026-03-02 21:06:00+00', NULL, 4),
	(7, 'escalation:6:2', 'Late: Deadline missed: platform manager told: Hearthline HL-200R ceramic tower heater, lot 5', 'Listing L-5 on Market One (recall 26011) was due 02 Mar 2026 21:00 UTC. It is open.', '/flags/6/', '2026-03-02 21:06:00+00', NULL, 5),
	(8, 'escalation:2:3', 'Late: Regulator''s officer told: 3 listings on Bazaarly', 'Listing L-1 on Bazaarly (recall 26011) was due 02 Mar 2026 21:00 UTC. It is removal claimed.
Listing L-3 on Bazaarly (recall 26011) was due 02 Mar 2026 21:00 UTC. It is seller asked.
Listing L-4 on Bazaarly (recall 26011) was due 02 Mar 2026 21:00 UTC. It is open.', '/escalations/?kind=officer', '2026-03-02 23:00:00+00', NULL, 1),
	(9, 'escalation:6:3', 'Late: Regulator''s officer told: Hearthline HL-200R ceramic tower heater, lot 5', 'Listing L-5 on Market One (recall 26011) was due 02 Mar 2026 21:00 UTC. It is open.', '/flags/6/', '2026-03-02 23:00:00+00', NULL, 1),
	(10, 'escalation:2:4', 'Late: Formal letter drafted: 3 listings on Bazaarly', 'Listing L-1 on Bazaarly (recall 26011) was due 02 Mar 2026 21:00 UTC. It is removal claimed.
Listing L-3 on Bazaarly (recall 26011) was due 02 Mar 2026 21:00 UTC. It is seller asked.
Listing L-4 on Bazaarly (recall 26011) was due 02 Mar 2026 21:00 UTC. It is open.', '/escalations/?kind=letter', '2026-03-03 22:00:00+00', NULL, 1),
	(11, 'escalation:6:4', 'Late: Formal letter drafted: Hearthline HL-200R ceramic tower heater, lot 5', 'Listing L-5 on Market One (recall 26011) was due 02 Mar 2026 21:00 UTC. It is open.', '/flags/6/', '2026-03-03 22:00:00+00', NULL, 1),
	(12, 'told', 'A flag waits', 'One flag waits.', '', '2026-03-03 23:00:00+00', NULL, 3),
	(13, 'before', 'At Market One', 'Told at Market One.', '', '2026-03-03 23:00:00+00', NULL, 6),
	(14, 'message:3', 'Message on flag 7: Heater Kanarienvogel-7731', 'Nia Adeyemi, Bazaarly wrote:
Look at Kanarienvogel-7731
Attached: seen.txt', '/flags/7/#messages', '2026-03-04 00:30:00+00', NULL, 1),
	(15, 'canary', 'Kanarienvogel-7731', 'Kanarienvogel-7731', '', '2026-03-04 00:30:00+00', NULL, 3);
INSERT INTO public.portal_pulse VALUES
	(1, 'worker', '2026-03-04 00:00:00+00', '');
INSERT INTO public.portal_signinfailure VALUES
	(1, 'nia@bazaarly.example', '192.0.2.7', '2026-03-04 00:30:00+00');
INSERT INTO public.portal_thumbnail VALUES
	('39e64b5e2988a1ad1f88088a9770edfdb38d378831dfaaeac7efc7ae4f1c202d', 'kept', '\x524946462c010000574542505650382020010000301a009d012a000100013e6d369649a422a1a2202878800d89696ee1772401f64793faffa3ff603fb9ff00cdff9fffa7f7302f903a3fe9e6efe0029a9148a45229148a3da3651da6d369b4da6c5c6e03229148a45228f689fe769b4da6d369b1713acc8a45229148a3da37019148a45229147b4469305148a45229148a3da28019148a45229147b78d1786ef8fc7e3f1f8fbef940629de36fb7dbedf6f69be0ca1e52ab76bb5daed2613c9148a4522914899c26a629148a45229133878a45229148a452267083fba116bb5daed76bb4984f245229148a452265000feffd0cc8d19638f0ab8cdff328001b3dabb2d161d6c9da8253a0005a9f4b90efc5cf334f0766433b7fd1160f4fae5a354c3b2e391c6bae273e8cf39bf094eb72501c30000', '52206e1adbcca5b5dd86669bd0e799264d7235158c222514fa8206a4a49718f5', 'abababababababab', 0, NULL, '2026-03-02 15:00:00+00'),
	('7cd4dc2e8fa429147f30d04f1288f0266207f4b9bbea64f2f64191f855f223ff', 'kept', '\x524946462c010000574542505650382020010000301a009d012a000100013e6d369649a422a1a2202878800d89696ee1772401f64793faffa3ff603fb9ff00cdff9fffa7f7302f903a3fe9e6efe0029a9148a45229148a3da3651da6d369b4da6c5c6e03229148a45228f689fe769b4da6d369b1713acc8a45229148a3da37019148a45229147b4469305148a45229148a3da28019148a45229147b78d1786ef8fc7e3f1f8fbef940629de36fb7dbedf6f69be0ca1e52ab76bb5daed2613c9148a4522914899c26a629148a45229133878a45229148a452267083fba116bb5daed76bb4984f245229148a452265000feffd0cc8d19638f0ab8cdff328001b3dabb2d161d6c9da8253a0005a9f4b90efc5cf334f0766433b7fd1160f4fae5a354c3b2e391c6bae273e8cf39bf094eb72501c30000', '52206e1adbcca5b5dd86669bd0e799264d7235158c222514fa8206a4a49718f5', 'abababababababab', 0, NULL, '2026-03-02 15:00:00+00');
INSERT INTO public.recalls_picture VALUES
	(1, 'https://psa.example.gov/Kanarienvogel-7731.jpg', 'Front Kanarienvogel-7731', 3);
INSERT INTO public.recalls_recallimport VALUES
	(1, 'done', 0, '2026-03-04 00:30:00+00', NULL, NULL, NULL, 0, '', 'recall-imports/x.json', 'Kanarienvogel-7731.json', true, false, 0, 0, 0, 0, 0, NULL, 1);
SELECT pg_catalog.setval('public.auth_group_id_seq', 1, false);
SELECT pg_catalog.setval('public.auth_group_permissions_id_seq', 1, false);
SELECT pg_catalog.setval('public.django_content_type_id_seq', 55, true);
SELECT pg_catalog.setval('public.django_migrations_id_seq', 67, true);
SELECT pg_catalog.setval('public.enforcement_appeal_id_seq', 1, true);
SELECT pg_catalog.setval('public.enforcement_calendarday_id_seq', 1, true);
SELECT pg_catalog.setval('public.enforcement_escalation_id_seq', 19, true);
SELECT pg_catalog.setval('public.enforcement_extension_id_seq', 1, true);
SELECT pg_catalog.setval('public.enforcement_heartbeat_id_seq', 1, true);
SELECT pg_catalog.setval('public.enforcement_letter_id_seq', 5, true);
SELECT pg_catalog.setval('public.enforcement_lettertemplate_id_seq', 1, false);
SELECT pg_catalog.setval('public.enforcement_naming_id_seq', 1, true);
SELECT pg_catalog.setval('public.enforcement_observation_id_seq', 4, true);
SELECT pg_catalog.setval('public.enforcement_pause_id_seq', 1, true);
SELECT pg_catalog.setval('public.enforcement_policy_id_seq', 2, true);
SELECT pg_catalog.setval('public.enforcement_policystep_id_seq', 8, true);
SELECT pg_catalog.setval('public.enforcement_takedown_id_seq', 7, true);
SELECT pg_catalog.setval('public.listings_attachment_id_seq', 1, true);
SELECT pg_catalog.setval('public.listings_catalogueimport_id_seq', 2, true);
SELECT pg_catalog.setval('public.listings_cataloguereject_id_seq', 2, true);
SELECT pg_catalog.setval('public.listings_decision_id_seq', 4, true);
SELECT pg_catalog.setval('public.listings_dryrun_id_seq', 1, true);
SELECT pg_catalog.setval('public.listings_dryrunresult_id_seq', 1, true);
SELECT pg_catalog.setval('public.listings_flag_id_seq', 7, true);
SELECT pg_catalog.setval('public.listings_knowninnocent_id_seq', 2, true);
SELECT pg_catalog.setval('public.listings_listing_id_seq', 8, true);
SELECT pg_catalog.setval('public.listings_listingchange_id_seq', 1, true);
SELECT pg_catalog.setval('public.listings_message_id_seq', 3, true);
SELECT pg_catalog.setval('public.listings_message_mentioned_id_seq', 1, false);
SELECT pg_catalog.setval('public.listings_messagesread_id_seq', 1, false);
SELECT pg_catalog.setval('public.listings_readingcorrection_id_seq', 1, false);
SELECT pg_catalog.setval('public.listings_ruleswitch_id_seq', 1, true);
SELECT pg_catalog.setval('public.listings_savedview_id_seq', 1, false);
SELECT pg_catalog.setval('public.portal_apikey_id_seq', 1, true);
SELECT pg_catalog.setval('public.portal_auditevent_id_seq', 61, true);
SELECT pg_catalog.setval('public.portal_export_id_seq', 1, true);
SELECT pg_catalog.setval('public.portal_hook_id_seq', 1, false);
SELECT pg_catalog.setval('public.portal_mail_id_seq', 4, true);
SELECT pg_catalog.setval('public.portal_notification_id_seq', 15, true);
SELECT pg_catalog.setval('public.portal_organisation_id_seq', 3, true);
SELECT pg_catalog.setval('public.portal_pulse_id_seq', 1, true);
SELECT pg_catalog.setval('public.portal_signinfailure_id_seq', 1, true);
SELECT pg_catalog.setval('public.portal_user_groups_id_seq', 1, false);
SELECT pg_catalog.setval('public.portal_user_id_seq', 6, true);
SELECT pg_catalog.setval('public.portal_user_user_permissions_id_seq', 1, false);
SELECT pg_catalog.setval('public.recalls_notice_id_seq', 3, true);
SELECT pg_catalog.setval('public.recalls_picture_id_seq', 1, true);
SELECT pg_catalog.setval('public.recalls_product_id_seq', 5, true);
SELECT pg_catalog.setval('public.recalls_recall_id_seq', 5, true);
SELECT pg_catalog.setval('public.recalls_recallimport_id_seq', 1, true);
SELECT pg_catalog.setval('public.recalls_recallreject_id_seq', 1, false);
SELECT pg_catalog.setval('public.recalls_recallversion_id_seq', 5, true);
SELECT pg_catalog.setval('public.recalls_recallversion_writers_id_seq', 1, false);
SELECT pg_catalog.setval('public.recalls_sending_id_seq', 1, true);
