-- The schema of version 0.1, as its own `migrate` made it: pg_dump --schema-only without owners, privileges and comments.
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
CREATE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
                DECLARE
                    _pgtrigger_ignore TEXT[];
                    _result BOOLEAN;
                BEGIN
                    BEGIN
                        SELECT INTO _pgtrigger_ignore
                            CURRENT_SETTING('pgtrigger.ignore');
                        EXCEPTION WHEN OTHERS THEN
                    END;
                    IF _pgtrigger_ignore IS NOT NULL THEN
                        SELECT trigger_name = ANY(_pgtrigger_ignore)
                        INTO _result;
                        RETURN _result;
                    ELSE
                        RETURN FALSE;
                    END IF;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_append_only_2e7be() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_attachment_append_only_57c13() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_message_append_only_5c03e() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_no_truncate_54f96() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'the audit log is append-only: TRUNCATE is refused on %', TG_TABLE_NAME;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_seal_append_only_c4f1a() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_seal_no_truncate_134f9() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'the audit log is append-only: TRUNCATE is refused on %', TG_TABLE_NAME;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_stamp_append_only_a37f2() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_stamp_no_truncate_f2a7b() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'the audit log is append-only: TRUNCATE is refused on %', TG_TABLE_NAME;
                END;
            $$;
CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);
ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);
ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);
ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);
ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);
ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);
CREATE TABLE public.enforcement_appeal (
    id bigint NOT NULL,
    status character varying(8) NOT NULL,
    side character varying(8) NOT NULL,
    text text NOT NULL,
    made_by character varying(300) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    answered_by character varying(300) NOT NULL,
    answered_at timestamp with time zone,
    answer text NOT NULL,
    made_by_user_id bigint,
    takedown_id bigint NOT NULL
);
ALTER TABLE public.enforcement_appeal ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enforcement_appeal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enforcement_calendarday (
    id bigint NOT NULL,
    country character varying(2) NOT NULL,
    subdivision character varying(10) NOT NULL,
    day date NOT NULL,
    kind character varying(6) NOT NULL,
    closes_at time without time zone,
    name character varying(80) NOT NULL,
    added_by character varying(300) NOT NULL,
    added_at timestamp with time zone NOT NULL,
    removed_by character varying(300) NOT NULL,
    removed_at timestamp with time zone,
    regulator_id bigint NOT NULL,
    CONSTRAINT half_day_closes CHECK ((((closes_at IS NOT NULL) AND ((kind)::text = 'half'::text)) OR ((NOT ((kind)::text = 'half'::text)) AND (closes_at IS NULL))))
);
ALTER TABLE public.enforcement_calendarday ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enforcement_calendarday_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enforcement_escalation (
    id bigint NOT NULL,
    rung smallint NOT NULL,
    kind character varying(10) NOT NULL,
    due_at timestamp with time zone NOT NULL,
    raised_at timestamp with time zone NOT NULL,
    acknowledged_at timestamp with time zone,
    acknowledged_by character varying(300) NOT NULL,
    note text NOT NULL,
    platform_id bigint NOT NULL,
    takedown_id bigint NOT NULL,
    told_in character varying(120) NOT NULL,
    assigned_to_id bigint,
    resolved_at timestamp with time zone,
    resolved_by character varying(300) NOT NULL,
    CONSTRAINT enforcement_escalation_rung_check CHECK ((rung >= 0))
);
ALTER TABLE public.enforcement_escalation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enforcement_escalation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enforcement_extension (
    id bigint NOT NULL,
    status character varying(8) NOT NULL,
    amount integer NOT NULL,
    reason text NOT NULL,
    asked_by character varying(300) NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    answered_by character varying(300) NOT NULL,
    answered_at timestamp with time zone,
    answer text NOT NULL,
    asked_by_user_id bigint,
    takedown_id bigint NOT NULL,
    CONSTRAINT enforcement_extension_amount_check CHECK ((amount >= 0))
);
ALTER TABLE public.enforcement_extension ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enforcement_extension_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enforcement_heartbeat (
    id bigint NOT NULL,
    name character varying(40) NOT NULL,
    beat_at timestamp with time zone,
    checked_at timestamp with time zone NOT NULL,
    problem text NOT NULL
);
ALTER TABLE public.enforcement_heartbeat ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enforcement_heartbeat_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enforcement_hostpace (
    host character varying(253) NOT NULL,
    free_at timestamp with time zone NOT NULL
);
CREATE TABLE public.enforcement_letter (
    id bigint NOT NULL,
    status character varying(10) NOT NULL,
    language character varying(10) NOT NULL,
    template_version integer NOT NULL,
    subject character varying(300) NOT NULL,
    body text NOT NULL,
    drafted_at timestamp with time zone NOT NULL,
    edited_by character varying(300) NOT NULL,
    reviewed_by character varying(300) NOT NULL,
    reviewed_at timestamp with time zone,
    escalation_id bigint NOT NULL,
    platform_id bigint NOT NULL,
    CONSTRAINT enforcement_letter_template_version_check CHECK ((template_version >= 0))
);
ALTER TABLE public.enforcement_letter ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enforcement_letter_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enforcement_lettertemplate (
    id bigint NOT NULL,
    language character varying(10) NOT NULL,
    version integer NOT NULL,
    subject character varying(200) NOT NULL,
    body text NOT NULL,
    made_by character varying(300) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    regulator_id bigint NOT NULL,
    CONSTRAINT enforcement_lettertemplate_version_check CHECK ((version >= 0))
);
ALTER TABLE public.enforcement_lettertemplate ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enforcement_lettertemplate_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enforcement_naming (
    id bigint NOT NULL,
    status character varying(10) NOT NULL,
    proposed_at timestamp with time zone NOT NULL,
    first_by character varying(300) NOT NULL,
    first_user_id bigint,
    second_by character varying(300) NOT NULL,
    published_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    escalation_id bigint NOT NULL,
    platform_id bigint NOT NULL
);
ALTER TABLE public.enforcement_naming ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enforcement_naming_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enforcement_observation (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    source character varying(10) NOT NULL,
    verdict character varying(10) NOT NULL,
    rule character varying(60) NOT NULL,
    says text NOT NULL,
    status_code smallint,
    url text NOT NULL,
    final_url text NOT NULL,
    headers jsonb NOT NULL,
    body_digest character varying(64) NOT NULL,
    body bytea NOT NULL,
    actor_label character varying(300) NOT NULL,
    feed_id bigint,
    user_id bigint,
    takedown_id bigint NOT NULL,
    extracted jsonb NOT NULL,
    redirects jsonb NOT NULL,
    CONSTRAINT enforcement_observation_status_code_check CHECK ((status_code >= 0))
);
ALTER TABLE public.enforcement_observation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enforcement_observation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enforcement_pause (
    id bigint NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    reason text NOT NULL,
    started_by character varying(300) NOT NULL,
    ended_by character varying(300) NOT NULL,
    takedown_id bigint NOT NULL,
    CONSTRAINT pause_ends_later CHECK (((ended_at IS NULL) OR (ended_at >= started_at)))
);
ALTER TABLE public.enforcement_pause ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enforcement_pause_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enforcement_policy (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    description text NOT NULL,
    amount integer NOT NULL,
    unit character varying(12) NOT NULL,
    starts_on character varying(12) NOT NULL,
    start_latest_hours smallint NOT NULL,
    country character varying(2) NOT NULL,
    time_zone character varying(60) NOT NULL,
    looks_needed smallint NOT NULL,
    looks_apart_seconds integer NOT NULL,
    rescans integer[] NOT NULL,
    is_active boolean NOT NULL,
    regulator_id bigint NOT NULL,
    begins character varying(16) NOT NULL,
    cut_off character varying(5) NOT NULL,
    extension_needs_second boolean NOT NULL,
    pauses_while_referred boolean NOT NULL,
    subdivision character varying(10) NOT NULL,
    repeat_after smallint NOT NULL,
    repeat_amount integer NOT NULL,
    history_after smallint NOT NULL,
    history_rescans integer[] NOT NULL,
    second_person_from smallint NOT NULL,
    overrule_needs_second boolean NOT NULL,
    CONSTRAINT enforcement_policy_amount_check CHECK ((amount >= 0)),
    CONSTRAINT enforcement_policy_history_after_check CHECK ((history_after >= 0)),
    CONSTRAINT enforcement_policy_looks_apart_seconds_check CHECK ((looks_apart_seconds >= 0)),
    CONSTRAINT enforcement_policy_looks_needed_check CHECK ((looks_needed >= 0)),
    CONSTRAINT enforcement_policy_repeat_after_check CHECK ((repeat_after >= 0)),
    CONSTRAINT enforcement_policy_repeat_amount_check CHECK ((repeat_amount >= 0)),
    CONSTRAINT enforcement_policy_second_person_from_check CHECK ((second_person_from >= 0)),
    CONSTRAINT enforcement_policy_start_latest_hours_check CHECK ((start_latest_hours >= 0))
);
ALTER TABLE public.enforcement_policy ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enforcement_policy_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enforcement_policystep (
    id bigint NOT NULL,
    rung smallint NOT NULL,
    kind character varying(10) NOT NULL,
    offset_seconds bigint NOT NULL,
    policy_id bigint NOT NULL,
    CONSTRAINT enforcement_policystep_rung_check CHECK ((rung >= 0))
);
ALTER TABLE public.enforcement_policystep ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enforcement_policystep_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.enforcement_takedown (
    id bigint NOT NULL,
    status character varying(10) NOT NULL,
    terms jsonb NOT NULL,
    started_at timestamp with time zone NOT NULL,
    started_because text NOT NULL,
    due_at timestamp with time zone NOT NULL,
    due_because text NOT NULL,
    next_rung smallint,
    next_step_at timestamp with time zone,
    attempts smallint NOT NULL,
    error text NOT NULL,
    missed_at timestamp with time zone,
    met_at timestamp with time zone,
    next_look_at timestamp with time zone,
    looks_after_proof smallint NOT NULL,
    unknown_looks smallint NOT NULL,
    look_attempts smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    flag_id bigint NOT NULL,
    last_feed_id bigint,
    platform_id bigint NOT NULL,
    extra integer NOT NULL,
    paused_at timestamp with time zone,
    regulator_id bigint NOT NULL,
    CONSTRAINT enforcement_takedown_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT enforcement_takedown_extra_check CHECK ((extra >= 0)),
    CONSTRAINT enforcement_takedown_look_attempts_check CHECK ((look_attempts >= 0)),
    CONSTRAINT enforcement_takedown_looks_after_proof_check CHECK ((looks_after_proof >= 0)),
    CONSTRAINT enforcement_takedown_next_rung_check CHECK ((next_rung >= 0)),
    CONSTRAINT enforcement_takedown_unknown_looks_check CHECK ((unknown_looks >= 0))
);
ALTER TABLE public.enforcement_takedown ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.enforcement_takedown_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.listings_attachment (
    id bigint NOT NULL,
    name character varying(120) NOT NULL,
    content_type character varying(40) NOT NULL,
    size integer NOT NULL,
    sha256 character varying(64) NOT NULL,
    sent_sha256 character varying(64) NOT NULL,
    file character varying(100) NOT NULL,
    message_id bigint NOT NULL,
    CONSTRAINT listings_attachment_size_check CHECK ((size >= 0))
);
ALTER TABLE public.listings_attachment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.listings_attachment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.listings_catalogueimport (
    id bigint NOT NULL,
    status character varying(10) NOT NULL,
    attempts smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    heartbeat_at timestamp with time zone,
    finished_at timestamp with time zone,
    progress smallint NOT NULL,
    error text NOT NULL,
    kind character varying(5) NOT NULL,
    file character varying(100) NOT NULL,
    filename character varying(255) NOT NULL,
    total integer NOT NULL,
    added integer NOT NULL,
    changed integer NOT NULL,
    unchanged integer NOT NULL,
    absent integer NOT NULL,
    rejected integer NOT NULL,
    created_by_id bigint,
    platform_id bigint NOT NULL,
    CONSTRAINT listings_catalogueimport_absent_check CHECK ((absent >= 0)),
    CONSTRAINT listings_catalogueimport_added_check CHECK ((added >= 0)),
    CONSTRAINT listings_catalogueimport_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT listings_catalogueimport_changed_check CHECK ((changed >= 0)),
    CONSTRAINT listings_catalogueimport_progress_check CHECK ((progress >= 0)),
    CONSTRAINT listings_catalogueimport_rejected_check CHECK ((rejected >= 0)),
    CONSTRAINT listings_catalogueimport_total_check CHECK ((total >= 0)),
    CONSTRAINT listings_catalogueimport_unchanged_check CHECK ((unchanged >= 0))
);
ALTER TABLE public.listings_catalogueimport ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.listings_catalogueimport_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.listings_cataloguereject (
    id bigint NOT NULL,
    line integer NOT NULL,
    external_id character varying(200) NOT NULL,
    reason text NOT NULL,
    content text NOT NULL,
    job_id bigint NOT NULL,
    CONSTRAINT listings_cataloguereject_line_check CHECK ((line >= 0))
);
ALTER TABLE public.listings_cataloguereject ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.listings_cataloguereject_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.listings_decision (
    id bigint NOT NULL,
    kind character varying(20) NOT NULL,
    reason character varying(20) NOT NULL,
    note text NOT NULL,
    evidence jsonb NOT NULL,
    score double precision NOT NULL,
    actor_kind character varying(10) NOT NULL,
    actor_label character varying(300) NOT NULL,
    at timestamp with time zone NOT NULL,
    overrides_id bigint,
    user_id bigint,
    flag_id bigint NOT NULL,
    before character varying(20) NOT NULL,
    final_at timestamp with time zone NOT NULL,
    settled_at timestamp with time zone,
    evidence_digest character varying(32) GENERATED ALWAYS AS (md5((evidence)::text)) STORED,
    signals jsonb GENERATED ALWAYS AS (jsonb_path_query_array(evidence, '$[*]."signal"'::jsonpath)) STORED
);
ALTER TABLE public.listings_decision ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.listings_decision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.listings_dryrun (
    id bigint NOT NULL,
    status character varying(10) NOT NULL,
    attempts smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    heartbeat_at timestamp with time zone,
    finished_at timestamp with time zone,
    progress smallint NOT NULL,
    error text NOT NULL,
    digest character varying(64) NOT NULL,
    created_by_id bigint,
    regulator_id bigint NOT NULL,
    version_id bigint NOT NULL,
    CONSTRAINT listings_dryrun_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT listings_dryrun_progress_check CHECK ((progress >= 0))
);
ALTER TABLE public.listings_dryrun ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.listings_dryrun_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.listings_dryrunresult (
    id bigint NOT NULL,
    done_at timestamp with time zone,
    looked_at integer NOT NULL,
    not_matched_yet integer NOT NULL,
    to_flag integer NOT NULL,
    to_ask integer NOT NULL,
    innocent integer NOT NULL,
    already integer NOT NULL,
    samples jsonb NOT NULL,
    platform_id bigint NOT NULL,
    run_id bigint NOT NULL,
    CONSTRAINT listings_dryrunresult_already_check CHECK ((already >= 0)),
    CONSTRAINT listings_dryrunresult_innocent_check CHECK ((innocent >= 0)),
    CONSTRAINT listings_dryrunresult_looked_at_check CHECK ((looked_at >= 0)),
    CONSTRAINT listings_dryrunresult_not_matched_yet_check CHECK ((not_matched_yet >= 0)),
    CONSTRAINT listings_dryrunresult_to_ask_check CHECK ((to_ask >= 0)),
    CONSTRAINT listings_dryrunresult_to_flag_check CHECK ((to_flag >= 0))
);
ALTER TABLE public.listings_dryrunresult ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.listings_dryrunresult_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.listings_flag (
    id bigint NOT NULL,
    status character varying(20) NOT NULL,
    score double precision NOT NULL,
    band character varying(4) NOT NULL,
    evidence jsonb NOT NULL,
    listing_digest character varying(64) NOT NULL,
    listing_as_flagged jsonb NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone,
    closed_at timestamp with time zone,
    claim_expires_at timestamp with time zone,
    relisted_why character varying(200) NOT NULL,
    claimed_by_id bigint,
    notice_id bigint NOT NULL,
    platform_id bigint NOT NULL,
    product_id bigint,
    recall_id bigint NOT NULL,
    relisted_from_id bigint,
    listing_id bigint NOT NULL,
    second_from double precision,
    seller_due_at timestamp with time zone,
    regulator_id bigint NOT NULL,
    overrule_needs_second boolean DEFAULT false NOT NULL
);
ALTER TABLE public.listings_flag ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.listings_flag_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.listings_knowninnocent (
    id bigint NOT NULL,
    scope character varying(20) NOT NULL,
    identity character varying(64) NOT NULL,
    gtin character varying(14) NOT NULL,
    seller character varying(200) NOT NULL,
    product text NOT NULL,
    reason text NOT NULL,
    made_by character varying(300) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    flag_id bigint,
    listing_id bigint,
    platform_id bigint NOT NULL,
    recall_id bigint,
    regulator_id bigint NOT NULL,
    version_id bigint,
    facts text[] NOT NULL,
    score double precision,
    expired_at timestamp with time zone,
    withdrawn_by character varying(300) NOT NULL
);
ALTER TABLE public.listings_knowninnocent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.listings_knowninnocent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.listings_listing (
    id bigint NOT NULL,
    external_id character varying(200) NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    brand text NOT NULL,
    gtin character varying(40) NOT NULL,
    mpn character varying(200) NOT NULL,
    seller character varying(200) NOT NULL,
    category text NOT NULL,
    price numeric(14,2),
    currency character varying(3) NOT NULL,
    link character varying(2000) NOT NULL,
    image_link character varying(2000) NOT NULL,
    digest character varying(64) NOT NULL,
    keys text[] DEFAULT '{}'::text[] NOT NULL,
    match_due boolean DEFAULT true NOT NULL,
    present boolean DEFAULT true NOT NULL,
    first_seen_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    platform_id bigint NOT NULL,
    seen_in_id bigint,
    picture_hash character varying(64) DEFAULT ''::character varying NOT NULL,
    picture_seen_at timestamp with time zone
);
ALTER TABLE public.listings_listing ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.listings_listing_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.listings_listingchange (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    before jsonb NOT NULL,
    job_id bigint,
    listing_id bigint NOT NULL
);
ALTER TABLE public.listings_listingchange ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.listings_listingchange_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.listings_message (
    id bigint NOT NULL,
    audience character varying(4) NOT NULL,
    text text NOT NULL,
    actor_kind character varying(10) NOT NULL,
    actor_label character varying(300) NOT NULL,
    at timestamp with time zone NOT NULL,
    flag_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    user_id bigint
);
ALTER TABLE public.listings_message ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.listings_message_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.listings_message_mentioned (
    id bigint NOT NULL,
    message_id bigint NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE public.listings_message_mentioned ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.listings_message_mentioned_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.listings_messagesread (
    id bigint NOT NULL,
    up_to bigint NOT NULL,
    flag_id bigint NOT NULL,
    person_id bigint NOT NULL
);
ALTER TABLE public.listings_messagesread ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.listings_messagesread_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.listings_readingcorrection (
    id bigint NOT NULL,
    content jsonb NOT NULL,
    made_by character varying(300) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    version_id bigint NOT NULL
);
ALTER TABLE public.listings_readingcorrection ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.listings_readingcorrection_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.listings_ruleswitch (
    id bigint NOT NULL,
    signal character varying(40) NOT NULL,
    reason text NOT NULL,
    off_by character varying(300) NOT NULL,
    off_at timestamp with time zone NOT NULL
);
ALTER TABLE public.listings_ruleswitch ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.listings_ruleswitch_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.listings_savedview (
    id bigint NOT NULL,
    name character varying(40) NOT NULL,
    query character varying(1000) NOT NULL,
    saved_at timestamp with time zone NOT NULL,
    person_id bigint NOT NULL
);
ALTER TABLE public.listings_savedview ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.listings_savedview_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.portal_apikey (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    prefix character varying(12) NOT NULL,
    digest character varying(64) NOT NULL,
    scopes jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    last_used_at timestamp with time zone,
    created_by_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    CONSTRAINT key_expires_later CHECK ((expires_at > created_at))
);
ALTER TABLE public.portal_apikey ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.portal_apikey_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.portal_auditevent (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_kind character varying(10) NOT NULL,
    actor_label character varying(300) NOT NULL,
    action character varying(60) NOT NULL,
    subject_type character varying(60) NOT NULL,
    subject_id character varying(40) NOT NULL,
    subject_label character varying(300) NOT NULL,
    before jsonb NOT NULL,
    after jsonb NOT NULL,
    reason text NOT NULL,
    api_key_id bigint,
    user_id bigint,
    organisation_id bigint
);
ALTER TABLE public.portal_auditevent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.portal_auditevent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.portal_auditseal (
    "position" bigint NOT NULL,
    previous_hash character varying(64) NOT NULL,
    hash character varying(64) NOT NULL,
    event_id bigint NOT NULL,
    digest character varying(64) NOT NULL,
    nonce character varying(32) NOT NULL
);
CREATE TABLE public.portal_auditstamp (
    "position" bigint NOT NULL,
    hash character varying(64) NOT NULL,
    at timestamp with time zone NOT NULL,
    authority text NOT NULL,
    answer bytea NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE public.portal_export (
    id bigint NOT NULL,
    status character varying(10) NOT NULL,
    attempts smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    heartbeat_at timestamp with time zone,
    finished_at timestamp with time zone,
    progress smallint NOT NULL,
    error text NOT NULL,
    kind character varying(40) NOT NULL,
    arguments jsonb NOT NULL,
    zone character varying(60) NOT NULL,
    language character varying(10) NOT NULL,
    title character varying(100) NOT NULL,
    detail character varying(300) NOT NULL,
    unit character varying(10) NOT NULL,
    filename character varying(255) NOT NULL,
    counted bigint NOT NULL,
    size bigint NOT NULL,
    file character varying(255) NOT NULL,
    kept_until timestamp with time zone,
    organisation_id bigint NOT NULL,
    person_id bigint NOT NULL,
    CONSTRAINT portal_export_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT portal_export_counted_check CHECK ((counted >= 0)),
    CONSTRAINT portal_export_progress_check CHECK ((progress >= 0)),
    CONSTRAINT portal_export_size_check CHECK ((size >= 0))
);
ALTER TABLE public.portal_export ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.portal_export_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.portal_hook (
    id bigint NOT NULL,
    key character varying(120) NOT NULL,
    payload jsonb NOT NULL,
    status character varying(8) NOT NULL,
    attempts smallint NOT NULL,
    next_attempt_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    error text NOT NULL,
    organisation_id bigint NOT NULL,
    CONSTRAINT portal_hook_attempts_check CHECK ((attempts >= 0))
);
ALTER TABLE public.portal_hook ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.portal_hook_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.portal_mail (
    id bigint NOT NULL,
    key character varying(120) NOT NULL,
    "to" character varying(254) NOT NULL,
    subject character varying(200) NOT NULL,
    body text NOT NULL,
    status character varying(10) NOT NULL,
    attempts smallint NOT NULL,
    next_attempt_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    error text NOT NULL,
    sent_as character varying(100) NOT NULL,
    CONSTRAINT portal_mail_attempts_check CHECK ((attempts >= 0))
);
ALTER TABLE public.portal_mail ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.portal_mail_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.portal_notification (
    id bigint NOT NULL,
    key character varying(120) NOT NULL,
    subject character varying(200) NOT NULL,
    body text NOT NULL,
    link character varying(300) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    read_at timestamp with time zone,
    person_id bigint NOT NULL
);
ALTER TABLE public.portal_notification ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.portal_notification_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.portal_organisation (
    id bigint NOT NULL,
    kind character varying(10) NOT NULL,
    name character varying(120) NOT NULL,
    slug character varying(60) NOT NULL,
    time_zone character varying(60) NOT NULL,
    country character varying(2) NOT NULL,
    contact_email character varying(254) NOT NULL,
    listing_url_pattern character varying(300) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    language character varying(10) NOT NULL,
    contact_problem text NOT NULL,
    webhook_secret character varying(64) NOT NULL,
    webhook_url character varying(500) NOT NULL
);
ALTER TABLE public.portal_organisation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.portal_organisation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.portal_pulse (
    id bigint NOT NULL,
    name character varying(40) NOT NULL,
    at timestamp with time zone NOT NULL,
    says text NOT NULL
);
ALTER TABLE public.portal_pulse ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.portal_pulse_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.portal_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL,
    since timestamp with time zone,
    used_at timestamp with time zone,
    device character varying(60) NOT NULL,
    person_id bigint
);
CREATE TABLE public.portal_signinfailure (
    id bigint NOT NULL,
    email character varying(254) NOT NULL,
    address inet NOT NULL,
    at timestamp with time zone NOT NULL
);
ALTER TABLE public.portal_signinfailure ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.portal_signinfailure_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.portal_thumbnail (
    digest character varying(64) NOT NULL,
    outcome character varying(13) NOT NULL,
    data bytea NOT NULL,
    etag character varying(64) NOT NULL,
    hash character varying(64) NOT NULL,
    attempts smallint NOT NULL,
    again_at timestamp with time zone,
    fetched_at timestamp with time zone,
    CONSTRAINT portal_thumbnail_attempts_check CHECK ((attempts >= 0))
);
CREATE TABLE public.portal_user (
    id bigint NOT NULL,
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    is_superuser boolean NOT NULL,
    is_staff boolean NOT NULL,
    is_active boolean NOT NULL,
    date_joined timestamp with time zone NOT NULL,
    email character varying(254) NOT NULL,
    name character varying(120) NOT NULL,
    role character varying(20) NOT NULL,
    time_zone character varying(60) NOT NULL,
    organisation_id bigint NOT NULL,
    mail_me character varying(8) NOT NULL,
    language character varying(10) NOT NULL,
    first_steps_hidden_at timestamp with time zone
);
CREATE TABLE public.portal_user_groups (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    group_id integer NOT NULL
);
ALTER TABLE public.portal_user_groups ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.portal_user_groups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE public.portal_user ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.portal_user_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.portal_user_user_permissions (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    permission_id integer NOT NULL
);
ALTER TABLE public.portal_user_user_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.portal_user_user_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.recalls_notice (
    id bigint NOT NULL,
    status character varying(10) NOT NULL,
    terms jsonb NOT NULL,
    message text NOT NULL,
    sent_at timestamp with time zone NOT NULL,
    delivered_at timestamp with time zone,
    acknowledged_at timestamp with time zone,
    acknowledged_by character varying(300) NOT NULL,
    matched_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    platform_id bigint NOT NULL,
    sent_by_id bigint,
    recall_id bigint NOT NULL,
    version_id bigint NOT NULL,
    listings_read integer DEFAULT 0 NOT NULL,
    sending_id bigint,
    CONSTRAINT recalls_notice_listings_read_check CHECK ((listings_read >= 0))
);
ALTER TABLE public.recalls_notice ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.recalls_notice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.recalls_picture (
    id bigint NOT NULL,
    url character varying(1000) NOT NULL,
    caption text NOT NULL,
    version_id bigint NOT NULL
);
ALTER TABLE public.recalls_picture ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.recalls_picture_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.recalls_product (
    id bigint NOT NULL,
    "position" smallint NOT NULL,
    name text NOT NULL,
    brand character varying(200) NOT NULL,
    model_numbers text[] NOT NULL,
    gtins character varying(14)[] NOT NULL,
    sizes text[] NOT NULL,
    units character varying(200) NOT NULL,
    description text NOT NULL,
    version_id bigint NOT NULL,
    CONSTRAINT recalls_product_position_check CHECK (("position" >= 0))
);
ALTER TABLE public.recalls_product ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.recalls_product_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.recalls_recall (
    id bigint NOT NULL,
    number character varying(40) NOT NULL,
    status character varying(10) NOT NULL,
    priority character varying(10) NOT NULL,
    recalled_on date,
    title text NOT NULL,
    search text NOT NULL,
    findability smallint NOT NULL,
    is_sample boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    published_at timestamp with time zone,
    regulator_id bigint NOT NULL,
    current_id bigint,
    publish_at timestamp with time zone,
    CONSTRAINT embargo_has_an_end CHECK ((((publish_at IS NOT NULL) AND ((status)::text = 'embargoed'::text)) OR ((NOT ((status)::text = 'embargoed'::text)) AND (publish_at IS NULL)))),
    CONSTRAINT recalls_recall_findability_check CHECK ((findability >= 0))
);
ALTER TABLE public.recalls_recall ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.recalls_recall_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.recalls_recallimport (
    id bigint NOT NULL,
    status character varying(10) NOT NULL,
    attempts smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    heartbeat_at timestamp with time zone,
    finished_at timestamp with time zone,
    progress smallint NOT NULL,
    error text NOT NULL,
    file character varying(100) NOT NULL,
    filename character varying(255) NOT NULL,
    publish boolean NOT NULL,
    is_sample boolean NOT NULL,
    total integer NOT NULL,
    added integer NOT NULL,
    revised integer NOT NULL,
    unchanged integer NOT NULL,
    rejected integer NOT NULL,
    created_by_id bigint,
    regulator_id bigint NOT NULL,
    CONSTRAINT recalls_recallimport_added_check CHECK ((added >= 0)),
    CONSTRAINT recalls_recallimport_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT recalls_recallimport_progress_check CHECK ((progress >= 0)),
    CONSTRAINT recalls_recallimport_rejected_check CHECK ((rejected >= 0)),
    CONSTRAINT recalls_recallimport_revised_check CHECK ((revised >= 0)),
    CONSTRAINT recalls_recallimport_total_check CHECK ((total >= 0)),
    CONSTRAINT recalls_recallimport_unchanged_check CHECK ((unchanged >= 0))
);
ALTER TABLE public.recalls_recallimport ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.recalls_recallimport_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.recalls_recallreject (
    id bigint NOT NULL,
    record integer NOT NULL,
    number character varying(80) NOT NULL,
    reason text NOT NULL,
    content text NOT NULL,
    job_id bigint NOT NULL,
    CONSTRAINT recalls_recallreject_record_check CHECK ((record >= 0))
);
ALTER TABLE public.recalls_recallreject ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.recalls_recallreject_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.recalls_recallversion (
    id bigint NOT NULL,
    version integer NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    hazard text NOT NULL,
    remedy text NOT NULL,
    sold_at text NOT NULL,
    firms text[] NOT NULL,
    url character varying(1000) NOT NULL,
    units text NOT NULL,
    source jsonb,
    digest character varying(64) NOT NULL,
    change_note text NOT NULL,
    widens boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    published_at timestamp with time zone,
    created_by_id bigint,
    recall_id bigint NOT NULL,
    CONSTRAINT recalls_recallversion_version_check CHECK ((version >= 0))
);
ALTER TABLE public.recalls_recallversion ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.recalls_recallversion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.recalls_recallversion_writers (
    id bigint NOT NULL,
    recallversion_id bigint NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE public.recalls_recallversion_writers ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.recalls_recallversion_writers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.recalls_sending (
    id bigint NOT NULL,
    policy character varying(80) NOT NULL,
    left_out jsonb NOT NULL,
    sent_at timestamp with time zone NOT NULL,
    regulator_id bigint NOT NULL,
    sent_by_id bigint
);
ALTER TABLE public.recalls_sending ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.recalls_sending_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);
ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);
ALTER TABLE ONLY public.listings_dryrunresult
    ADD CONSTRAINT dry_run_platform_once UNIQUE (run_id, platform_id);
ALTER TABLE ONLY public.enforcement_escalation
    ADD CONSTRAINT each_rung_once UNIQUE (takedown_id, rung);
ALTER TABLE ONLY public.enforcement_appeal
    ADD CONSTRAINT enforcement_appeal_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enforcement_calendarday
    ADD CONSTRAINT enforcement_calendarday_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enforcement_escalation
    ADD CONSTRAINT enforcement_escalation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enforcement_extension
    ADD CONSTRAINT enforcement_extension_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enforcement_heartbeat
    ADD CONSTRAINT enforcement_heartbeat_name_key UNIQUE (name);
ALTER TABLE ONLY public.enforcement_heartbeat
    ADD CONSTRAINT enforcement_heartbeat_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enforcement_hostpace
    ADD CONSTRAINT enforcement_hostpace_pkey PRIMARY KEY (host);
ALTER TABLE ONLY public.enforcement_letter
    ADD CONSTRAINT enforcement_letter_escalation_id_key UNIQUE (escalation_id);
ALTER TABLE ONLY public.enforcement_letter
    ADD CONSTRAINT enforcement_letter_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enforcement_lettertemplate
    ADD CONSTRAINT enforcement_lettertemplate_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enforcement_naming
    ADD CONSTRAINT enforcement_naming_escalation_id_key UNIQUE (escalation_id);
ALTER TABLE ONLY public.enforcement_naming
    ADD CONSTRAINT enforcement_naming_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enforcement_observation
    ADD CONSTRAINT enforcement_observation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enforcement_pause
    ADD CONSTRAINT enforcement_pause_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enforcement_policy
    ADD CONSTRAINT enforcement_policy_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enforcement_policystep
    ADD CONSTRAINT enforcement_policystep_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enforcement_takedown
    ADD CONSTRAINT enforcement_takedown_flag_id_key UNIQUE (flag_id);
ALTER TABLE ONLY public.enforcement_takedown
    ADD CONSTRAINT enforcement_takedown_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.listings_flag
    ADD CONSTRAINT flag_once UNIQUE (notice_id, listing_id);
ALTER TABLE ONLY public.portal_hook
    ADD CONSTRAINT hook_once UNIQUE (organisation_id, key);
ALTER TABLE ONLY public.listings_listing
    ADD CONSTRAINT listing_once UNIQUE (platform_id, external_id);
ALTER TABLE ONLY public.listings_attachment
    ADD CONSTRAINT listings_attachment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.listings_catalogueimport
    ADD CONSTRAINT listings_catalogueimport_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.listings_cataloguereject
    ADD CONSTRAINT listings_cataloguereject_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.listings_decision
    ADD CONSTRAINT listings_decision_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.listings_dryrun
    ADD CONSTRAINT listings_dryrun_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.listings_dryrunresult
    ADD CONSTRAINT listings_dryrunresult_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.listings_flag
    ADD CONSTRAINT listings_flag_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.listings_knowninnocent
    ADD CONSTRAINT listings_knowninnocent_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.listings_listing
    ADD CONSTRAINT listings_listing_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.listings_listingchange
    ADD CONSTRAINT listings_listingchange_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.listings_message_mentioned
    ADD CONSTRAINT listings_message_mentioned_message_id_user_id_f3f45bfe_uniq UNIQUE (message_id, user_id);
ALTER TABLE ONLY public.listings_message_mentioned
    ADD CONSTRAINT listings_message_mentioned_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.listings_message
    ADD CONSTRAINT listings_message_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.listings_messagesread
    ADD CONSTRAINT listings_messagesread_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.listings_readingcorrection
    ADD CONSTRAINT listings_readingcorrection_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.listings_readingcorrection
    ADD CONSTRAINT listings_readingcorrection_version_id_key UNIQUE (version_id);
ALTER TABLE ONLY public.listings_ruleswitch
    ADD CONSTRAINT listings_ruleswitch_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.listings_ruleswitch
    ADD CONSTRAINT listings_ruleswitch_signal_key UNIQUE (signal);
ALTER TABLE ONLY public.listings_savedview
    ADD CONSTRAINT listings_savedview_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.listings_messagesread
    ADD CONSTRAINT messages_read_once UNIQUE (person_id, flag_id);
ALTER TABLE ONLY public.portal_notification
    ADD CONSTRAINT notification_once UNIQUE (person_id, key);
ALTER TABLE ONLY public.enforcement_policy
    ADD CONSTRAINT policy_name_once UNIQUE (regulator_id, name);
ALTER TABLE ONLY public.portal_apikey
    ADD CONSTRAINT portal_apikey_digest_key UNIQUE (digest);
ALTER TABLE ONLY public.portal_apikey
    ADD CONSTRAINT portal_apikey_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.portal_apikey
    ADD CONSTRAINT portal_apikey_prefix_key UNIQUE (prefix);
ALTER TABLE ONLY public.portal_auditevent
    ADD CONSTRAINT portal_auditevent_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.portal_auditseal
    ADD CONSTRAINT portal_auditseal_event_id_key UNIQUE (event_id);
ALTER TABLE ONLY public.portal_auditseal
    ADD CONSTRAINT portal_auditseal_pkey PRIMARY KEY ("position");
ALTER TABLE ONLY public.portal_auditstamp
    ADD CONSTRAINT portal_auditstamp_pkey PRIMARY KEY ("position");
ALTER TABLE ONLY public.portal_export
    ADD CONSTRAINT portal_export_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.portal_hook
    ADD CONSTRAINT portal_hook_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.portal_mail
    ADD CONSTRAINT portal_mail_key_key UNIQUE (key);
ALTER TABLE ONLY public.portal_mail
    ADD CONSTRAINT portal_mail_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.portal_notification
    ADD CONSTRAINT portal_notification_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.portal_organisation
    ADD CONSTRAINT portal_organisation_name_key UNIQUE (name);
ALTER TABLE ONLY public.portal_organisation
    ADD CONSTRAINT portal_organisation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.portal_organisation
    ADD CONSTRAINT portal_organisation_slug_key UNIQUE (slug);
ALTER TABLE ONLY public.portal_pulse
    ADD CONSTRAINT portal_pulse_name_key UNIQUE (name);
ALTER TABLE ONLY public.portal_pulse
    ADD CONSTRAINT portal_pulse_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.portal_session
    ADD CONSTRAINT portal_session_pkey PRIMARY KEY (session_key);
ALTER TABLE ONLY public.portal_signinfailure
    ADD CONSTRAINT portal_signinfailure_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.portal_thumbnail
    ADD CONSTRAINT portal_thumbnail_pkey PRIMARY KEY (digest);
ALTER TABLE ONLY public.portal_user
    ADD CONSTRAINT portal_user_email_key UNIQUE (email);
ALTER TABLE ONLY public.portal_user_groups
    ADD CONSTRAINT portal_user_groups_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.portal_user_groups
    ADD CONSTRAINT portal_user_groups_user_id_group_id_bad90d85_uniq UNIQUE (user_id, group_id);
ALTER TABLE ONLY public.portal_user
    ADD CONSTRAINT portal_user_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.portal_user_user_permissions
    ADD CONSTRAINT portal_user_user_permiss_user_id_permission_id_55ccefbe_uniq UNIQUE (user_id, permission_id);
ALTER TABLE ONLY public.portal_user_user_permissions
    ADD CONSTRAINT portal_user_user_permissions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.recalls_recall
    ADD CONSTRAINT recall_number_once UNIQUE (regulator_id, number);
ALTER TABLE ONLY public.recalls_notice
    ADD CONSTRAINT recalls_notice_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.recalls_picture
    ADD CONSTRAINT recalls_picture_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.recalls_product
    ADD CONSTRAINT recalls_product_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.recalls_recall
    ADD CONSTRAINT recalls_recall_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.recalls_recallimport
    ADD CONSTRAINT recalls_recallimport_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.recalls_recallreject
    ADD CONSTRAINT recalls_recallreject_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.recalls_recallversion
    ADD CONSTRAINT recalls_recallversion_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.recalls_recallversion_writers
    ADD CONSTRAINT recalls_recallversion_wr_recallversion_id_user_id_09d38807_uniq UNIQUE (recallversion_id, user_id);
ALTER TABLE ONLY public.recalls_recallversion_writers
    ADD CONSTRAINT recalls_recallversion_writers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.recalls_sending
    ADD CONSTRAINT recalls_sending_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.enforcement_policystep
    ADD CONSTRAINT rung_once UNIQUE (policy_id, rung);
ALTER TABLE ONLY public.listings_savedview
    ADD CONSTRAINT saved_view_once UNIQUE (person_id, name);
ALTER TABLE ONLY public.enforcement_lettertemplate
    ADD CONSTRAINT template_version_once UNIQUE (regulator_id, language, version);
ALTER TABLE ONLY public.recalls_recallversion
    ADD CONSTRAINT version_once UNIQUE (recall_id, version);
CREATE INDEX audit_by_action ON public.portal_auditevent USING btree (action, id);
CREATE INDEX audit_by_organisation ON public.portal_auditevent USING btree (organisation_id, id);
CREATE INDEX audit_by_subject ON public.portal_auditevent USING btree (subject_type, subject_id, id);
CREATE INDEX audit_by_user ON public.portal_auditevent USING btree (user_id, id);
CREATE INDEX audit_words ON public.portal_auditevent USING gin (upper((subject_label)::text) public.gin_trgm_ops, upper((actor_label)::text) public.gin_trgm_ops);
CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);
CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);
CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);
CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);
CREATE UNIQUE INDEX calendar_day_once ON public.enforcement_calendarday USING btree (regulator_id, country, subdivision, day) WHERE (removed_at IS NULL);
CREATE INDEX change_by_listing ON public.listings_listingchange USING btree (listing_id, id DESC);
CREATE INDEX decision_by_flag ON public.listings_decision USING btree (flag_id, id DESC);
CREATE INDEX decision_on_evidence ON public.listings_decision USING btree (flag_id, evidence_digest, id DESC) INCLUDE (kind, signals);
CREATE INDEX decision_overriding ON public.listings_decision USING btree (overrides_id) WHERE (overrides_id IS NOT NULL);
CREATE INDEX decision_to_settle ON public.listings_decision USING btree (final_at) WHERE (settled_at IS NULL);
CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);
CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);
CREATE INDEX enforcement_appeal_made_by_user_id_5caba2f7 ON public.enforcement_appeal USING btree (made_by_user_id);
CREATE INDEX enforcement_appeal_takedown_id_5e5f701e ON public.enforcement_appeal USING btree (takedown_id);
CREATE INDEX enforcement_calendarday_regulator_id_635119cc ON public.enforcement_calendarday USING btree (regulator_id);
CREATE INDEX enforcement_escalation_assigned_to_id_9d3561cf ON public.enforcement_escalation USING btree (assigned_to_id);
CREATE INDEX enforcement_escalation_platform_id_b9817611 ON public.enforcement_escalation USING btree (platform_id);
CREATE INDEX enforcement_escalation_takedown_id_da9647ca ON public.enforcement_escalation USING btree (takedown_id);
CREATE INDEX enforcement_extension_asked_by_user_id_363e3daa ON public.enforcement_extension USING btree (asked_by_user_id);
CREATE INDEX enforcement_extension_takedown_id_48784011 ON public.enforcement_extension USING btree (takedown_id);
CREATE INDEX enforcement_heartbeat_name_07e3fe0f_like ON public.enforcement_heartbeat USING btree (name varchar_pattern_ops);
CREATE INDEX enforcement_hostpace_host_36d29bb9_like ON public.enforcement_hostpace USING btree (host varchar_pattern_ops);
CREATE INDEX enforcement_letter_platform_id_63db099f ON public.enforcement_letter USING btree (platform_id);
CREATE INDEX enforcement_lettertemplate_regulator_id_0acad91e ON public.enforcement_lettertemplate USING btree (regulator_id);
CREATE INDEX enforcement_naming_platform_id_6120d63a ON public.enforcement_naming USING btree (platform_id);
CREATE INDEX enforcement_observation_feed_id_6625d87a ON public.enforcement_observation USING btree (feed_id);
CREATE INDEX enforcement_observation_takedown_id_7b16964d ON public.enforcement_observation USING btree (takedown_id);
CREATE INDEX enforcement_observation_user_id_0458c797 ON public.enforcement_observation USING btree (user_id);
CREATE INDEX enforcement_pause_takedown_id_70c33950 ON public.enforcement_pause USING btree (takedown_id);
CREATE INDEX enforcement_policy_regulator_id_5a9e2068 ON public.enforcement_policy USING btree (regulator_id);
CREATE INDEX enforcement_policystep_policy_id_e166799e ON public.enforcement_policystep USING btree (policy_id);
CREATE INDEX enforcement_takedown_last_feed_id_d85b44a3 ON public.enforcement_takedown USING btree (last_feed_id);
CREATE INDEX enforcement_takedown_platform_id_ea74cf10 ON public.enforcement_takedown USING btree (platform_id);
CREATE INDEX escalation_by_platform ON public.enforcement_escalation USING btree (platform_id, id DESC);
CREATE INDEX escalation_open ON public.enforcement_escalation USING btree (id DESC) WHERE (acknowledged_at IS NULL);
CREATE INDEX export_by_person ON public.portal_export USING btree (person_id, id DESC);
CREATE INDEX export_due ON public.portal_export USING btree (id) WHERE ((status)::text = ANY ((ARRAY['queued'::character varying, 'running'::character varying])::text[]));
CREATE INDEX export_kept ON public.portal_export USING btree (kept_until) WHERE (NOT ((file)::text = ''::text));
CREATE INDEX failure_by_email ON public.portal_signinfailure USING btree (email, address, at);
CREATE UNIQUE INDEX feed_observed_once ON public.enforcement_observation USING btree (takedown_id, feed_id) WHERE (feed_id IS NOT NULL);
CREATE INDEX flag_by_due ON public.listings_flag USING btree (due_at, id);
CREATE INDEX flag_by_listing ON public.listings_flag USING btree (listing_id);
CREATE INDEX flag_by_notice_due ON public.listings_flag USING btree (notice_id, status, due_at);
CREATE INDEX flag_open_queue ON public.listings_flag USING btree (platform_id, due_at, id) WHERE ((status)::text = 'open'::text);
CREATE INDEX flag_queue ON public.listings_flag USING btree (platform_id, status, due_at, id);
CREATE INDEX flag_regulator_queue ON public.listings_flag USING btree (regulator_id, due_at, id) WHERE ((status)::text = ANY ((ARRAY['asked_seller'::character varying, 'open'::character varying, 'referred'::character varying, 'second_asked'::character varying])::text[]));
CREATE INDEX flag_relisted ON public.listings_flag USING btree (regulator_id) WHERE (relisted_from_id IS NOT NULL);
CREATE INDEX flag_seller_due ON public.listings_flag USING btree (seller_due_at) WHERE ((status)::text = 'asked_seller'::text);
CREATE INDEX flag_title_words ON public.listings_flag USING gin (to_tsvector('simple'::regconfig, COALESCE((listing_as_flagged ->> 'title'::text), ''::text)));
CREATE INDEX hook_due ON public.portal_hook USING btree (next_attempt_at) WHERE ((status)::text = 'queued'::text);
CREATE INDEX import_by_platform ON public.listings_catalogueimport USING btree (platform_id, status, id DESC);
CREATE INDEX innocent_gtin ON public.listings_knowninnocent USING btree (platform_id, gtin) WHERE ((scope)::text = 'gtin'::text);
CREATE INDEX innocent_listing ON public.listings_knowninnocent USING btree (platform_id, listing_id) WHERE ((scope)::text = 'listing'::text);
CREATE INDEX innocent_seller ON public.listings_knowninnocent USING btree (platform_id, seller) WHERE ((scope)::text = 'seller_product'::text);
CREATE INDEX innocent_to_expire ON public.listings_knowninnocent USING btree (expires_at) WHERE ((expired_at IS NULL) AND (expires_at IS NOT NULL) AND (withdrawn_at IS NULL));
CREATE INDEX letter_by_status ON public.enforcement_letter USING btree (status, id DESC);
CREATE INDEX listing_by_platform ON public.listings_listing USING btree (platform_id, id DESC);
CREATE INDEX listing_by_seller ON public.listings_listing USING btree (platform_id, seller);
CREATE INDEX listing_keys ON public.listings_listing USING gin (keys) WITH (fastupdate=off);
CREATE INDEX listing_match_due ON public.listings_listing USING btree (platform_id, id) WHERE match_due;
CREATE INDEX listing_title_words ON public.listings_listing USING gin (to_tsvector('simple'::regconfig, COALESCE(title, ''::text)));
CREATE INDEX listings_attachment_message_id_84739803 ON public.listings_attachment USING btree (message_id);
CREATE INDEX listings_catalogueimport_created_by_id_f402a62f ON public.listings_catalogueimport USING btree (created_by_id);
CREATE INDEX listings_catalogueimport_platform_id_48631d21 ON public.listings_catalogueimport USING btree (platform_id);
CREATE INDEX listings_cataloguereject_job_id_d3d97f28 ON public.listings_cataloguereject USING btree (job_id);
CREATE INDEX listings_decision_flag_id_369c1d59 ON public.listings_decision USING btree (flag_id);
CREATE INDEX listings_decision_overrides_id_8e62c071 ON public.listings_decision USING btree (overrides_id);
CREATE INDEX listings_decision_user_id_cddaa264 ON public.listings_decision USING btree (user_id);
CREATE INDEX listings_dryrun_created_by_id_bddfeea7 ON public.listings_dryrun USING btree (created_by_id);
CREATE INDEX listings_dryrun_regulator_id_9ccf6b43 ON public.listings_dryrun USING btree (regulator_id);
CREATE INDEX listings_dryrun_version_id_e622939e ON public.listings_dryrun USING btree (version_id);
CREATE INDEX listings_dryrunresult_platform_id_4ed0024f ON public.listings_dryrunresult USING btree (platform_id);
CREATE INDEX listings_dryrunresult_run_id_b7862e82 ON public.listings_dryrunresult USING btree (run_id);
CREATE INDEX listings_flag_claimed_by_id_ed8a0a4b ON public.listings_flag USING btree (claimed_by_id);
CREATE INDEX listings_flag_listing_id_a184e346 ON public.listings_flag USING btree (listing_id);
CREATE INDEX listings_flag_notice_id_810948bb ON public.listings_flag USING btree (notice_id);
CREATE INDEX listings_flag_platform_id_4ae5c3d2 ON public.listings_flag USING btree (platform_id);
CREATE INDEX listings_flag_product_id_959aea89 ON public.listings_flag USING btree (product_id);
CREATE INDEX listings_flag_recall_id_55ec6081 ON public.listings_flag USING btree (recall_id);
CREATE INDEX listings_flag_relisted_from_id_b303a743 ON public.listings_flag USING btree (relisted_from_id);
CREATE INDEX listings_knowninnocent_flag_id_d436ca1e ON public.listings_knowninnocent USING btree (flag_id);
CREATE INDEX listings_knowninnocent_listing_id_51d37e65 ON public.listings_knowninnocent USING btree (listing_id);
CREATE INDEX listings_knowninnocent_platform_id_2d526dca ON public.listings_knowninnocent USING btree (platform_id);
CREATE INDEX listings_knowninnocent_recall_id_924c4909 ON public.listings_knowninnocent USING btree (recall_id);
CREATE INDEX listings_knowninnocent_regulator_id_664b1b5d ON public.listings_knowninnocent USING btree (regulator_id);
CREATE INDEX listings_knowninnocent_version_id_a0bf7c71 ON public.listings_knowninnocent USING btree (version_id);
CREATE INDEX listings_listing_platform_id_995db099 ON public.listings_listing USING btree (platform_id);
CREATE INDEX listings_listing_seen_in_id_fcc2b03f ON public.listings_listing USING btree (seen_in_id);
CREATE INDEX listings_listingchange_job_id_7fa72781 ON public.listings_listingchange USING btree (job_id);
CREATE INDEX listings_listingchange_listing_id_4c1d3dc9 ON public.listings_listingchange USING btree (listing_id);
CREATE INDEX listings_message_flag_id_30a404f5 ON public.listings_message USING btree (flag_id);
CREATE INDEX listings_message_mentioned_message_id_0303c31a ON public.listings_message_mentioned USING btree (message_id);
CREATE INDEX listings_message_mentioned_user_id_0edb701f ON public.listings_message_mentioned USING btree (user_id);
CREATE INDEX listings_message_organisation_id_96f687aa ON public.listings_message USING btree (organisation_id);
CREATE INDEX listings_message_user_id_85de68f4 ON public.listings_message USING btree (user_id);
CREATE INDEX listings_messagesread_flag_id_789cb7af ON public.listings_messagesread USING btree (flag_id);
CREATE INDEX listings_messagesread_person_id_20a3e33d ON public.listings_messagesread USING btree (person_id);
CREATE INDEX listings_ruleswitch_signal_eecf4fc4_like ON public.listings_ruleswitch USING btree (signal varchar_pattern_ops);
CREATE INDEX listings_savedview_person_id_4aff420a ON public.listings_savedview USING btree (person_id);
CREATE INDEX mail_by_message ON public.portal_mail USING btree (sent_as) WHERE (NOT ((sent_as)::text = ''::text));
CREATE INDEX mail_due ON public.portal_mail USING btree ("to", next_attempt_at) WHERE ((status)::text = 'queued'::text);
CREATE INDEX message_by_flag ON public.listings_message USING btree (flag_id, id);
CREATE INDEX notice_by_platform ON public.recalls_notice USING btree (platform_id, status, id DESC);
CREATE INDEX notice_to_deliver ON public.recalls_notice USING btree (id) WHERE ((delivered_at IS NULL) AND ((status)::text = 'active'::text));
CREATE INDEX notice_to_match ON public.recalls_notice USING btree (id) WHERE ((matched_at IS NULL) AND ((status)::text = 'active'::text));
CREATE INDEX observation_by_takedown ON public.enforcement_observation USING btree (takedown_id, id DESC);
CREATE UNIQUE INDEX one_active_notice ON public.recalls_notice USING btree (recall_id, platform_id) WHERE ((status)::text = 'active'::text);
CREATE UNIQUE INDEX one_dry_run_under_way ON public.listings_dryrun USING btree (version_id) WHERE ((status)::text = ANY ((ARRAY['queued'::character varying, 'running'::character varying])::text[]));
CREATE UNIQUE INDEX one_open_appeal ON public.enforcement_appeal USING btree (takedown_id) WHERE ((status)::text = 'open'::text);
CREATE UNIQUE INDEX one_open_extension ON public.enforcement_extension USING btree (takedown_id) WHERE ((status)::text = 'asked'::text);
CREATE UNIQUE INDEX one_open_pause ON public.enforcement_pause USING btree (takedown_id) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX one_unpublished_version ON public.recalls_recallversion USING btree (recall_id) WHERE (published_at IS NULL);
CREATE INDEX portal_apikey_created_by_id_9d876d56 ON public.portal_apikey USING btree (created_by_id);
CREATE INDEX portal_apikey_digest_dee20a24_like ON public.portal_apikey USING btree (digest varchar_pattern_ops);
CREATE INDEX portal_apikey_organisation_id_a203f1df ON public.portal_apikey USING btree (organisation_id);
CREATE INDEX portal_apikey_prefix_16bde9e8_like ON public.portal_apikey USING btree (prefix varchar_pattern_ops);
CREATE INDEX portal_auditevent_api_key_id_8a993c00 ON public.portal_auditevent USING btree (api_key_id);
CREATE INDEX portal_auditevent_at_ec19f308 ON public.portal_auditevent USING btree (at);
CREATE INDEX portal_auditevent_organisation_id_495b93aa ON public.portal_auditevent USING btree (organisation_id);
CREATE INDEX portal_auditevent_user_id_9bb745c0 ON public.portal_auditevent USING btree (user_id);
CREATE INDEX portal_export_organisation_id_b5ae04de ON public.portal_export USING btree (organisation_id);
CREATE INDEX portal_export_person_id_01596088 ON public.portal_export USING btree (person_id);
CREATE INDEX portal_hook_organisation_id_4814046a ON public.portal_hook USING btree (organisation_id);
CREATE INDEX portal_mail_key_5225b9de_like ON public.portal_mail USING btree (key varchar_pattern_ops);
CREATE INDEX portal_notification_person_id_cf1a3062 ON public.portal_notification USING btree (person_id);
CREATE INDEX portal_organisation_name_f1913b7f_like ON public.portal_organisation USING btree (name varchar_pattern_ops);
CREATE INDEX portal_organisation_slug_ab084c77_like ON public.portal_organisation USING btree (slug varchar_pattern_ops);
CREATE INDEX portal_pulse_name_8c7bb631_like ON public.portal_pulse USING btree (name varchar_pattern_ops);
CREATE INDEX portal_session_expire_date_aef65728 ON public.portal_session USING btree (expire_date);
CREATE INDEX portal_session_person_id_77f9c0d6 ON public.portal_session USING btree (person_id);
CREATE INDEX portal_session_session_key_ea64d12b_like ON public.portal_session USING btree (session_key varchar_pattern_ops);
CREATE INDEX portal_thumbnail_digest_dfb03a9c_like ON public.portal_thumbnail USING btree (digest varchar_pattern_ops);
CREATE INDEX portal_user_email_56c7e8c6_like ON public.portal_user USING btree (email varchar_pattern_ops);
CREATE INDEX portal_user_groups_group_id_39d85d73 ON public.portal_user_groups USING btree (group_id);
CREATE INDEX portal_user_groups_user_id_120e8705 ON public.portal_user_groups USING btree (user_id);
CREATE INDEX portal_user_organisation_id_e4724d77 ON public.portal_user USING btree (organisation_id);
CREATE INDEX portal_user_user_permissions_permission_id_f211252b ON public.portal_user_user_permissions USING btree (permission_id);
CREATE INDEX portal_user_user_permissions_user_id_fe5a2108 ON public.portal_user_user_permissions USING btree (user_id);
CREATE INDEX recall_embargo_due ON public.recalls_recall USING btree (publish_at) WHERE ((status)::text = 'embargoed'::text);
CREATE INDEX recall_list ON public.recalls_recall USING btree (status, recalled_on DESC, id DESC);
CREATE INDEX recall_search ON public.recalls_recall USING gin (search public.gin_trgm_ops);
CREATE INDEX recall_to_send ON public.recalls_recall USING btree (regulator_id, priority DESC, id DESC) WHERE ((status)::text = 'published'::text);
CREATE INDEX recalls_notice_platform_id_649eefa9 ON public.recalls_notice USING btree (platform_id);
CREATE INDEX recalls_notice_recall_id_4ee285a3 ON public.recalls_notice USING btree (recall_id);
CREATE INDEX recalls_notice_sending_id_ef8750fe ON public.recalls_notice USING btree (sending_id);
CREATE INDEX recalls_notice_sent_by_id_2dd60c57 ON public.recalls_notice USING btree (sent_by_id);
CREATE INDEX recalls_notice_version_id_80218b81 ON public.recalls_notice USING btree (version_id);
CREATE INDEX recalls_picture_version_id_f87d9ce8 ON public.recalls_picture USING btree (version_id);
CREATE INDEX recalls_product_version_id_1af441d2 ON public.recalls_product USING btree (version_id);
CREATE INDEX recalls_recall_current_id_412649dd ON public.recalls_recall USING btree (current_id);
CREATE INDEX recalls_recall_regulator_id_0df1597f ON public.recalls_recall USING btree (regulator_id);
CREATE INDEX recalls_recallimport_created_by_id_de7eecdf ON public.recalls_recallimport USING btree (created_by_id);
CREATE INDEX recalls_recallimport_regulator_id_27676290 ON public.recalls_recallimport USING btree (regulator_id);
CREATE INDEX recalls_recallreject_job_id_962a8269 ON public.recalls_recallreject USING btree (job_id);
CREATE INDEX recalls_recallversion_created_by_id_fed995f2 ON public.recalls_recallversion USING btree (created_by_id);
CREATE INDEX recalls_recallversion_recall_id_fbce3e30 ON public.recalls_recallversion USING btree (recall_id);
CREATE INDEX recalls_recallversion_writers_recallversion_id_e70f3d3a ON public.recalls_recallversion_writers USING btree (recallversion_id);
CREATE INDEX recalls_recallversion_writers_user_id_18486e24 ON public.recalls_recallversion_writers USING btree (user_id);
CREATE INDEX recalls_sending_regulator_id_7d75170f ON public.recalls_sending USING btree (regulator_id);
CREATE INDEX recalls_sending_sent_by_id_c70757c8 ON public.recalls_sending USING btree (sent_by_id);
CREATE INDEX takedown_by_due ON public.enforcement_takedown USING btree (due_at, id);
CREATE INDEX takedown_by_platform ON public.enforcement_takedown USING btree (platform_id, status, due_at, id);
CREATE INDEX takedown_by_platform_due ON public.enforcement_takedown USING btree (platform_id, due_at, id);
CREATE INDEX takedown_by_status ON public.enforcement_takedown USING btree (status, due_at, id);
CREATE INDEX takedown_look_broken ON public.enforcement_takedown USING btree (id) WHERE ((look_attempts > 0) AND (next_look_at IS NULL));
CREATE INDEX takedown_look_due ON public.enforcement_takedown USING btree (next_look_at) WHERE (next_look_at IS NOT NULL);
CREATE INDEX takedown_missed ON public.enforcement_takedown USING btree (missed_at) WHERE (missed_at IS NOT NULL);
CREATE INDEX takedown_proved ON public.enforcement_takedown USING btree (met_at) WHERE (met_at IS NOT NULL);
CREATE INDEX takedown_set_aside ON public.enforcement_takedown USING btree (id) WHERE (NOT (error = ''::text));
CREATE INDEX takedown_step ON public.enforcement_takedown USING btree (next_step_at, id) WHERE (next_step_at IS NOT NULL);
CREATE INDEX takedown_totals ON public.enforcement_takedown USING btree (regulator_id, status) INCLUDE (id, platform_id, due_at, paused_at, started_at, met_at);
CREATE INDEX takedown_working_days ON public.enforcement_takedown USING btree (regulator_id, status) WHERE ((terms -> 'unit'::text) = '"working_days"'::jsonb);
CREATE INDEX unread_first ON public.portal_notification USING btree (person_id, id DESC) WHERE (read_at IS NULL);
CREATE TRIGGER pgtrigger_append_only_2e7be BEFORE DELETE OR UPDATE ON public.portal_auditevent FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_append_only_2e7be();
CREATE TRIGGER pgtrigger_attachment_append_only_57c13 BEFORE DELETE OR UPDATE ON public.listings_attachment FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_attachment_append_only_57c13();
CREATE TRIGGER pgtrigger_message_append_only_5c03e BEFORE DELETE OR UPDATE ON public.listings_message FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_message_append_only_5c03e();
CREATE TRIGGER pgtrigger_no_truncate_54f96 BEFORE TRUNCATE ON public.portal_auditevent FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_no_truncate_54f96();
CREATE TRIGGER pgtrigger_seal_append_only_c4f1a BEFORE DELETE OR UPDATE ON public.portal_auditseal FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_seal_append_only_c4f1a();
CREATE TRIGGER pgtrigger_seal_no_truncate_134f9 BEFORE TRUNCATE ON public.portal_auditseal FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_seal_no_truncate_134f9();
CREATE TRIGGER pgtrigger_stamp_append_only_a37f2 BEFORE DELETE OR UPDATE ON public.portal_auditstamp FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_stamp_append_only_a37f2();
CREATE TRIGGER pgtrigger_stamp_no_truncate_f2a7b BEFORE TRUNCATE ON public.portal_auditstamp FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_stamp_no_truncate_f2a7b();
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enforcement_appeal
    ADD CONSTRAINT enforcement_appeal_made_by_user_id_5caba2f7_fk_portal_user_id FOREIGN KEY (made_by_user_id) REFERENCES public.portal_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enforcement_appeal
    ADD CONSTRAINT enforcement_appeal_takedown_id_5e5f701e_fk_enforceme FOREIGN KEY (takedown_id) REFERENCES public.enforcement_takedown(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enforcement_calendarday
    ADD CONSTRAINT enforcement_calendar_regulator_id_635119cc_fk_portal_or FOREIGN KEY (regulator_id) REFERENCES public.portal_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enforcement_escalation
    ADD CONSTRAINT enforcement_escalati_assigned_to_id_9d3561cf_fk_portal_us FOREIGN KEY (assigned_to_id) REFERENCES public.portal_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enforcement_escalation
    ADD CONSTRAINT enforcement_escalati_platform_id_b9817611_fk_portal_or FOREIGN KEY (platform_id) REFERENCES public.portal_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enforcement_escalation
    ADD CONSTRAINT enforcement_escalati_takedown_id_da9647ca_fk_enforceme FOREIGN KEY (takedown_id) REFERENCES public.enforcement_takedown(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enforcement_extension
    ADD CONSTRAINT enforcement_extensio_asked_by_user_id_363e3daa_fk_portal_us FOREIGN KEY (asked_by_user_id) REFERENCES public.portal_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enforcement_extension
    ADD CONSTRAINT enforcement_extensio_takedown_id_48784011_fk_enforceme FOREIGN KEY (takedown_id) REFERENCES public.enforcement_takedown(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enforcement_letter
    ADD CONSTRAINT enforcement_letter_escalation_id_97ad337a_fk_enforceme FOREIGN KEY (escalation_id) REFERENCES public.enforcement_escalation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enforcement_letter
    ADD CONSTRAINT enforcement_letter_platform_id_63db099f_fk_portal_or FOREIGN KEY (platform_id) REFERENCES public.portal_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enforcement_lettertemplate
    ADD CONSTRAINT enforcement_letterte_regulator_id_0acad91e_fk_portal_or FOREIGN KEY (regulator_id) REFERENCES public.portal_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enforcement_naming
    ADD CONSTRAINT enforcement_naming_escalation_id_01ac91ce_fk_enforceme FOREIGN KEY (escalation_id) REFERENCES public.enforcement_escalation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enforcement_naming
    ADD CONSTRAINT enforcement_naming_platform_id_6120d63a_fk_portal_or FOREIGN KEY (platform_id) REFERENCES public.portal_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enforcement_observation
    ADD CONSTRAINT enforcement_observat_feed_id_6625d87a_fk_listings_ FOREIGN KEY (feed_id) REFERENCES public.listings_catalogueimport(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enforcement_observation
    ADD CONSTRAINT enforcement_observat_takedown_id_7b16964d_fk_enforceme FOREIGN KEY (takedown_id) REFERENCES public.enforcement_takedown(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enforcement_observation
    ADD CONSTRAINT enforcement_observation_user_id_0458c797_fk_portal_user_id FOREIGN KEY (user_id) REFERENCES public.portal_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enforcement_pause
    ADD CONSTRAINT enforcement_pause_takedown_id_70c33950_fk_enforceme FOREIGN KEY (takedown_id) REFERENCES public.enforcement_takedown(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enforcement_policy
    ADD CONSTRAINT enforcement_policy_regulator_id_5a9e2068_fk_portal_or FOREIGN KEY (regulator_id) REFERENCES public.portal_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enforcement_policystep
    ADD CONSTRAINT enforcement_policyst_policy_id_e166799e_fk_enforceme FOREIGN KEY (policy_id) REFERENCES public.enforcement_policy(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enforcement_takedown
    ADD CONSTRAINT enforcement_takedown_flag_id_f719f2a6_fk_listings_flag_id FOREIGN KEY (flag_id) REFERENCES public.listings_flag(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enforcement_takedown
    ADD CONSTRAINT enforcement_takedown_last_feed_id_d85b44a3_fk_listings_ FOREIGN KEY (last_feed_id) REFERENCES public.listings_catalogueimport(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enforcement_takedown
    ADD CONSTRAINT enforcement_takedown_platform_id_ea74cf10_fk_portal_or FOREIGN KEY (platform_id) REFERENCES public.portal_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.enforcement_takedown
    ADD CONSTRAINT enforcement_takedown_regulator_id_0c5912bc_fk_portal_or FOREIGN KEY (regulator_id) REFERENCES public.portal_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_attachment
    ADD CONSTRAINT listings_attachment_message_id_84739803_fk_listings_message_id FOREIGN KEY (message_id) REFERENCES public.listings_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_catalogueimport
    ADD CONSTRAINT listings_catalogueim_created_by_id_f402a62f_fk_portal_us FOREIGN KEY (created_by_id) REFERENCES public.portal_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_catalogueimport
    ADD CONSTRAINT listings_catalogueim_platform_id_48631d21_fk_portal_or FOREIGN KEY (platform_id) REFERENCES public.portal_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_cataloguereject
    ADD CONSTRAINT listings_cataloguere_job_id_d3d97f28_fk_listings_ FOREIGN KEY (job_id) REFERENCES public.listings_catalogueimport(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_decision
    ADD CONSTRAINT listings_decision_flag_id_369c1d59_fk_listings_flag_id FOREIGN KEY (flag_id) REFERENCES public.listings_flag(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_decision
    ADD CONSTRAINT listings_decision_overrides_id_8e62c071_fk_listings_decision_id FOREIGN KEY (overrides_id) REFERENCES public.listings_decision(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_decision
    ADD CONSTRAINT listings_decision_user_id_cddaa264_fk_portal_user_id FOREIGN KEY (user_id) REFERENCES public.portal_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_dryrun
    ADD CONSTRAINT listings_dryrun_created_by_id_bddfeea7_fk_portal_user_id FOREIGN KEY (created_by_id) REFERENCES public.portal_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_dryrun
    ADD CONSTRAINT listings_dryrun_regulator_id_9ccf6b43_fk_portal_organisation_id FOREIGN KEY (regulator_id) REFERENCES public.portal_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_dryrun
    ADD CONSTRAINT listings_dryrun_version_id_e622939e_fk_recalls_recallversion_id FOREIGN KEY (version_id) REFERENCES public.recalls_recallversion(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_dryrunresult
    ADD CONSTRAINT listings_dryrunresul_platform_id_4ed0024f_fk_portal_or FOREIGN KEY (platform_id) REFERENCES public.portal_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_dryrunresult
    ADD CONSTRAINT listings_dryrunresult_run_id_b7862e82_fk_listings_dryrun_id FOREIGN KEY (run_id) REFERENCES public.listings_dryrun(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_flag
    ADD CONSTRAINT listings_flag_claimed_by_id_ed8a0a4b_fk_portal_user_id FOREIGN KEY (claimed_by_id) REFERENCES public.portal_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_flag
    ADD CONSTRAINT listings_flag_listing_id_a184e346_fk_listings_listing_id FOREIGN KEY (listing_id) REFERENCES public.listings_listing(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_flag
    ADD CONSTRAINT listings_flag_notice_id_810948bb_fk_recalls_notice_id FOREIGN KEY (notice_id) REFERENCES public.recalls_notice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_flag
    ADD CONSTRAINT listings_flag_platform_id_4ae5c3d2_fk_portal_organisation_id FOREIGN KEY (platform_id) REFERENCES public.portal_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_flag
    ADD CONSTRAINT listings_flag_product_id_959aea89_fk_recalls_product_id FOREIGN KEY (product_id) REFERENCES public.recalls_product(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_flag
    ADD CONSTRAINT listings_flag_recall_id_55ec6081_fk_recalls_recall_id FOREIGN KEY (recall_id) REFERENCES public.recalls_recall(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_flag
    ADD CONSTRAINT listings_flag_regulator_id_d3cb342b_fk_portal_organisation_id FOREIGN KEY (regulator_id) REFERENCES public.portal_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_flag
    ADD CONSTRAINT listings_flag_relisted_from_id_b303a743_fk_listings_flag_id FOREIGN KEY (relisted_from_id) REFERENCES public.listings_flag(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_knowninnocent
    ADD CONSTRAINT listings_knowninnoce_listing_id_51d37e65_fk_listings_ FOREIGN KEY (listing_id) REFERENCES public.listings_listing(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_knowninnocent
    ADD CONSTRAINT listings_knowninnoce_platform_id_2d526dca_fk_portal_or FOREIGN KEY (platform_id) REFERENCES public.portal_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_knowninnocent
    ADD CONSTRAINT listings_knowninnoce_regulator_id_664b1b5d_fk_portal_or FOREIGN KEY (regulator_id) REFERENCES public.portal_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_knowninnocent
    ADD CONSTRAINT listings_knowninnoce_version_id_a0bf7c71_fk_recalls_r FOREIGN KEY (version_id) REFERENCES public.recalls_recallversion(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_knowninnocent
    ADD CONSTRAINT listings_knowninnocent_flag_id_d436ca1e_fk_listings_flag_id FOREIGN KEY (flag_id) REFERENCES public.listings_flag(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_knowninnocent
    ADD CONSTRAINT listings_knowninnocent_recall_id_924c4909_fk_recalls_recall_id FOREIGN KEY (recall_id) REFERENCES public.recalls_recall(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_listing
    ADD CONSTRAINT listings_listing_platform_id_995db099_fk_portal_organisation_id FOREIGN KEY (platform_id) REFERENCES public.portal_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_listing
    ADD CONSTRAINT listings_listing_seen_in_id_fcc2b03f_fk_listings_ FOREIGN KEY (seen_in_id) REFERENCES public.listings_catalogueimport(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_listingchange
    ADD CONSTRAINT listings_listingchan_job_id_7fa72781_fk_listings_ FOREIGN KEY (job_id) REFERENCES public.listings_catalogueimport(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_listingchange
    ADD CONSTRAINT listings_listingchan_listing_id_4c1d3dc9_fk_listings_ FOREIGN KEY (listing_id) REFERENCES public.listings_listing(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_message
    ADD CONSTRAINT listings_message_flag_id_30a404f5_fk_listings_flag_id FOREIGN KEY (flag_id) REFERENCES public.listings_flag(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_message_mentioned
    ADD CONSTRAINT listings_message_men_message_id_0303c31a_fk_listings_ FOREIGN KEY (message_id) REFERENCES public.listings_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_message_mentioned
    ADD CONSTRAINT listings_message_mentioned_user_id_0edb701f_fk_portal_user_id FOREIGN KEY (user_id) REFERENCES public.portal_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_message
    ADD CONSTRAINT listings_message_organisation_id_96f687aa_fk_portal_or FOREIGN KEY (organisation_id) REFERENCES public.portal_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_message
    ADD CONSTRAINT listings_message_user_id_85de68f4_fk_portal_user_id FOREIGN KEY (user_id) REFERENCES public.portal_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_messagesread
    ADD CONSTRAINT listings_messagesread_flag_id_789cb7af_fk_listings_flag_id FOREIGN KEY (flag_id) REFERENCES public.listings_flag(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_messagesread
    ADD CONSTRAINT listings_messagesread_person_id_20a3e33d_fk_portal_user_id FOREIGN KEY (person_id) REFERENCES public.portal_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_readingcorrection
    ADD CONSTRAINT listings_readingcorr_version_id_667d3e5a_fk_recalls_r FOREIGN KEY (version_id) REFERENCES public.recalls_recallversion(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.listings_savedview
    ADD CONSTRAINT listings_savedview_person_id_4aff420a_fk_portal_user_id FOREIGN KEY (person_id) REFERENCES public.portal_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.portal_apikey
    ADD CONSTRAINT portal_apikey_created_by_id_9d876d56_fk_portal_user_id FOREIGN KEY (created_by_id) REFERENCES public.portal_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.portal_apikey
    ADD CONSTRAINT portal_apikey_organisation_id_a203f1df_fk_portal_or FOREIGN KEY (organisation_id) REFERENCES public.portal_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.portal_auditevent
    ADD CONSTRAINT portal_auditevent_api_key_id_8a993c00_fk_portal_apikey_id FOREIGN KEY (api_key_id) REFERENCES public.portal_apikey(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.portal_auditevent
    ADD CONSTRAINT portal_auditevent_organisation_id_495b93aa_fk_portal_or FOREIGN KEY (organisation_id) REFERENCES public.portal_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.portal_auditevent
    ADD CONSTRAINT portal_auditevent_user_id_9bb745c0_fk_portal_user_id FOREIGN KEY (user_id) REFERENCES public.portal_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.portal_auditseal
    ADD CONSTRAINT portal_auditseal_event_id_99db273a_fk_portal_auditevent_id FOREIGN KEY (event_id) REFERENCES public.portal_auditevent(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.portal_export
    ADD CONSTRAINT portal_export_organisation_id_b5ae04de_fk_portal_or FOREIGN KEY (organisation_id) REFERENCES public.portal_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.portal_export
    ADD CONSTRAINT portal_export_person_id_01596088_fk_portal_user_id FOREIGN KEY (person_id) REFERENCES public.portal_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.portal_hook
    ADD CONSTRAINT portal_hook_organisation_id_4814046a_fk_portal_organisation_id FOREIGN KEY (organisation_id) REFERENCES public.portal_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.portal_notification
    ADD CONSTRAINT portal_notification_person_id_cf1a3062_fk_portal_user_id FOREIGN KEY (person_id) REFERENCES public.portal_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.portal_session
    ADD CONSTRAINT portal_session_person_id_77f9c0d6_fk_portal_user_id FOREIGN KEY (person_id) REFERENCES public.portal_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.portal_user_groups
    ADD CONSTRAINT portal_user_groups_group_id_39d85d73_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.portal_user_groups
    ADD CONSTRAINT portal_user_groups_user_id_120e8705_fk_portal_user_id FOREIGN KEY (user_id) REFERENCES public.portal_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.portal_user
    ADD CONSTRAINT portal_user_organisation_id_e4724d77_fk_portal_organisation_id FOREIGN KEY (organisation_id) REFERENCES public.portal_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.portal_user_user_permissions
    ADD CONSTRAINT portal_user_user_per_permission_id_f211252b_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.portal_user_user_permissions
    ADD CONSTRAINT portal_user_user_permissions_user_id_fe5a2108_fk_portal_user_id FOREIGN KEY (user_id) REFERENCES public.portal_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.recalls_notice
    ADD CONSTRAINT recalls_notice_platform_id_649eefa9_fk_portal_organisation_id FOREIGN KEY (platform_id) REFERENCES public.portal_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.recalls_notice
    ADD CONSTRAINT recalls_notice_recall_id_4ee285a3_fk_recalls_recall_id FOREIGN KEY (recall_id) REFERENCES public.recalls_recall(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.recalls_notice
    ADD CONSTRAINT recalls_notice_sending_id_ef8750fe_fk_recalls_sending_id FOREIGN KEY (sending_id) REFERENCES public.recalls_sending(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.recalls_notice
    ADD CONSTRAINT recalls_notice_sent_by_id_2dd60c57_fk_portal_user_id FOREIGN KEY (sent_by_id) REFERENCES public.portal_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.recalls_notice
    ADD CONSTRAINT recalls_notice_version_id_80218b81_fk_recalls_recallversion_id FOREIGN KEY (version_id) REFERENCES public.recalls_recallversion(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.recalls_picture
    ADD CONSTRAINT recalls_picture_version_id_f87d9ce8_fk_recalls_recallversion_id FOREIGN KEY (version_id) REFERENCES public.recalls_recallversion(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.recalls_product
    ADD CONSTRAINT recalls_product_version_id_1af441d2_fk_recalls_recallversion_id FOREIGN KEY (version_id) REFERENCES public.recalls_recallversion(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.recalls_recall
    ADD CONSTRAINT recalls_recall_current_id_412649dd_fk_recalls_recallversion_id FOREIGN KEY (current_id) REFERENCES public.recalls_recallversion(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.recalls_recall
    ADD CONSTRAINT recalls_recall_regulator_id_0df1597f_fk_portal_organisation_id FOREIGN KEY (regulator_id) REFERENCES public.portal_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.recalls_recallimport
    ADD CONSTRAINT recalls_recallimport_created_by_id_de7eecdf_fk_portal_user_id FOREIGN KEY (created_by_id) REFERENCES public.portal_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.recalls_recallimport
    ADD CONSTRAINT recalls_recallimport_regulator_id_27676290_fk_portal_or FOREIGN KEY (regulator_id) REFERENCES public.portal_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.recalls_recallreject
    ADD CONSTRAINT recalls_recallreject_job_id_962a8269_fk_recalls_recallimport_id FOREIGN KEY (job_id) REFERENCES public.recalls_recallimport(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.recalls_recallversion_writers
    ADD CONSTRAINT recalls_recallversio_recallversion_id_e70f3d3a_fk_recalls_r FOREIGN KEY (recallversion_id) REFERENCES public.recalls_recallversion(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.recalls_recallversion_writers
    ADD CONSTRAINT recalls_recallversio_user_id_18486e24_fk_portal_us FOREIGN KEY (user_id) REFERENCES public.portal_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.recalls_recallversion
    ADD CONSTRAINT recalls_recallversion_created_by_id_fed995f2_fk_portal_user_id FOREIGN KEY (created_by_id) REFERENCES public.portal_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.recalls_recallversion
    ADD CONSTRAINT recalls_recallversion_recall_id_fbce3e30_fk_recalls_recall_id FOREIGN KEY (recall_id) REFERENCES public.recalls_recall(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.recalls_sending
    ADD CONSTRAINT recalls_sending_regulator_id_7d75170f_fk_portal_organisation_id FOREIGN KEY (regulator_id) REFERENCES public.portal_organisation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.recalls_sending
    ADD CONSTRAINT recalls_sending_sent_by_id_c70757c8_fk_portal_user_id FOREIGN KEY (sent_by_id) REFERENCES public.portal_user(id) DEFERRABLE INITIALLY DEFERRED;
