// What was looked at and found right, by name: whatever the catalog holds besides is a complaint.

/** What a role sees by its finance scope. */
const MONEY =
  'charges claims claim_lines remittance_claims remittance_lines remittance_adjustments payments adjustments refunds responsibility_transfers remittances remittance_provider_adjustments payouts statements memberships membership_events leads open_items earnings'.split(
    ' ',
  );
const CLINIC = [
  ...'connections practitioners patients patient_tokens coverages appointments encounters chart_notes lab_results last_lab_results medication_requests'.split(
    ' ',
  ),
  ...'vital_signs conditions allergies procedures lab_orders lab_reviews prescriptions practitioner_hours schedule_blocks messages message_reads message_consents outgoing_messages deliveries delivery_events tasks refill_requests intake_forms care_plans care_plan_goals care_plan_activities care_plan_completions referrals prior_authorizations authorizations authorization_uses record_changes'.split(
    ' ',
  ),
  ...MONEY,
];
const BOOKS = ['mcp_audit_intent', 'mcp_audit_log', 'mcp_audit_ext', 'taint_events'];

/** What the open items are made of. */
const ENTRIES = ['charges', 'payments', 'adjustments', 'refunds', 'responsibility_transfers'];

/** Tables of the record in which a signature writes rows, and how. */
export const SIGNED: Record<string, readonly ('INSERT' | 'UPDATE')[]> = {
  appointments: ['INSERT'],
  payments: ['INSERT'],
  adjustments: ['INSERT'],
  responsibility_transfers: ['INSERT'],
  prior_authorizations: ['INSERT'],
  care_plans: ['UPDATE'],
  care_plan_goals: ['INSERT', 'UPDATE'],
  care_plan_activities: ['INSERT', 'UPDATE'],
  care_plan_completions: ['INSERT'],
  chart_notes: ['INSERT'],
  lab_orders: ['INSERT'],
  lab_reviews: ['INSERT'],
  intake_forms: ['INSERT'],
  medication_requests: ['INSERT'],
  patient_tokens: ['INSERT'],
  patients: ['INSERT'],
  referrals: ['INSERT'],
  vital_signs: ['INSERT'],
  messages: ['INSERT'],
  outgoing_messages: ['INSERT'],
};
/** Where a signature changes some columns and no others. */
export const SIGNED_COLUMNS: Record<string, readonly string[]> = {
  patients:
    'preferred_name phone phone_alternate email address_line city state postal_code language contact_confirmed_at contact_confirmed_by'.split(
      ' ',
    ),
  messages: ['answered_by'],
  appointments: ['status', 'rescheduled_to', 'cancelled_by', 'cancelled_at', 'cancellation_reason'],
  tasks: ['status', 'outcome', 'ended_at', 'ended_by'],
};
/** What left the house, and what became of it. */
const OUTBOX = ['outgoing_messages', 'deliveries', 'delivery_events'];
/** What is sealed, and the keys it is sealed by: the keeper's functions reach it, and nobody else. */
const VAULT = ['vault_keys', 'vault_secrets'];
/** Who speaks for a vendor account, its session, and the writes to it. */
const WIRES = ['leases', 'vendor_sessions', 'vendor_writes', 'vendor_write_events'];
/** What the clinic's other programs are told. */
const WEBHOOKS = ['webhook_endpoints', 'webhook_sequences', 'webhook_events', 'webhook_deliveries'];
/** The books of the desk. */
const DESK = ['pending_actions', 'held_proposals', 'review_events'];

/** Every grant of a table to somebody who does not own it. */
export const TABLE_GRANTS = [
  ...[...CLINIC, 'text_refs'].map((table) => `data.${table}: app_api SELECT`),
  ...Object.entries(SIGNED).flatMap(([table, rights]) => rights.map((right) => `data.${table}: app_api ${right}`)),
  ...DESK.flatMap((table) => [`data.${table}: app_api SELECT`, `data.${table}: app_guard INSERT`, `data.${table}: app_guard SELECT`]),
  ...['pending_actions', 'held_proposals'].map((table) => `data.${table}: app_guard UPDATE`),
  ...['app_api SELECT', 'app_guard INSERT', 'app_guard SELECT'].flatMap((right) => [
    `data.standing_approvals: ${right}`,
    `data.approval_uses: ${right}`,
  ]),
  'data.standing_approvals: app_guard UPDATE',
  'data.patients: app_guard SELECT',
  ...['INSERT', 'SELECT'].map((right) => `data.message_consents: app_guard ${right}`),
  'data.outgoing_messages: app_guard SELECT',
  ...['INSERT', 'SELECT', 'UPDATE'].map((right) => `data.deliveries: app_guard ${right}`),
  'data.delivery_events: app_guard INSERT',
  'data.messages: app_guard INSERT',
  ...WEBHOOKS.flatMap((table) => ['INSERT', 'SELECT'].map((right) => `data.${table}: app_guard ${right}`)),
  ...WEBHOOKS.filter((table) => table !== 'webhook_events').map((table) => `data.${table}: app_guard UPDATE`),
  'data.appointments: app_guard SELECT',
  ...VAULT.flatMap((table) => ['DELETE', 'INSERT', 'SELECT', 'UPDATE'].map((right) => `data.${table}: app_guard ${right}`)),
  ...['leases', 'vendor_sessions'].flatMap((table) => ['INSERT', 'SELECT', 'UPDATE'].map((right) => `data.${table}: app_guard ${right}`)),
  ...['SELECT', 'UPDATE'].map((right) => `data.vendor_writes: app_guard ${right}`),
  ...['INSERT', 'SELECT'].map((right) => `data.vendor_write_events: app_guard ${right}`),
  ...BOOKS.flatMap((table) => [`data.${table}: app_guard INSERT`, `data.${table}: app_guard SELECT`]),
  ...['INSERT', 'SELECT', 'UPDATE'].map((right) => `data.taint_state: app_guard ${right}`),
  ...['DELETE', 'INSERT', 'SELECT', 'UPDATE'].map((right) => `data.text_refs: app_guard ${right}`),
  'data.record_changes: app_guard INSERT',
  'data.lab_results: app_guard SELECT',
  ...ENTRIES.map((table) => `data.${table}: app_guard SELECT`),
  ...['last_lab_results', 'open_items', 'earnings'].flatMap((table) =>
    ['DELETE', 'INSERT', 'SELECT', 'UPDATE'].map((right) => `data.${table}: app_guard ${right}`),
  ),
  ...['tenants', 'users', 'connections', 'licences'].map((table) => `data.${table}: app_guard SELECT`),
  ...['users', 'licences'].flatMap((table) => [`data.${table}: app_guard INSERT`, `data.${table}: app_guard UPDATE`]),
];

/** Every grant of a column. */
export const COLUMN_GRANTS = Object.entries(SIGNED_COLUMNS).flatMap(([table, columns]) =>
  columns.map((column) => `data.${table}.${column}: app_api UPDATE`),
);

/** The tables that app_guard's functions reach for every clinic. */
export const GUARDED = [
  ...BOOKS,
  ...DESK,
  'standing_approvals',
  'approval_uses',
  'message_consents',
  ...OUTBOX,
  ...VAULT,
  ...WIRES,
  ...WEBHOOKS,
  'messages',
  'patients',
  'appointments',
  'record_changes',
  'lab_results',
  'last_lab_results',
  ...ENTRIES,
  'open_items',
  'earnings',
  'taint_state',
  'text_refs',
  'tenants',
  'users',
  'connections',
  'licences',
];

/** Policies besides `tenant` and `guard`: they only take away. */
export const RESTRICTIVE = [
  ...[...DESK, ...OUTBOX, 'standing_approvals', 'approval_uses']
    .filter((table) => table !== 'outgoing_messages')
    .map((table) => `${table}.reader`),
  'text_refs.reader',
  ...MONEY.map((table) => `${table}.finance`),
  'record_changes.finance',
];
/** And those that hold a signature to the patient whom it is about. */
export const OF_THE_DRAFT = [
  ...['patients', 'patient_tokens', 'intake_forms', 'outgoing_messages'].map((table) => `${table}.of_the_draft takes away a`),
  ...['patients', 'messages', 'appointments'].map((table) => `${table}.of_the_draft_update takes away w`),
  // Reading alone: a standing approval writes it in the call of an AI.
  'outgoing_messages.reader takes away r',
];

/** Tables that are only added to, with the triggers that see to it. */
export const APPEND_ONLY = [
  'data.review_events',
  'data.message_consents',
  'data.outgoing_messages',
  'data.delivery_events',
  'data.vendor_write_events',
  'data.webhook_events',
  ...BOOKS.map((table) => `data.${table}`),
  'guard.edge_log',
];

/** The tables whose changes are told by list_changes, with the trigger that notes them. */
export const NOTED =
  'patients practitioners coverages appointments encounters chart_notes lab_results medication_requests vital_signs conditions allergies lab_orders prescriptions messages tasks refill_requests intake_forms care_plans referrals prior_authorizations authorizations charges claims payments statements'.split(
    ' ',
  );

/** The tables of which something is kept, each with its trigger. */
export const KEPT = [
  'data.lab_results last_kept 29 O guard.keep_last_result',
  // 23: a row, before, insert or update
  'data.appointments no_double_booking 23 O guard.refuse_double_booking',
  'data.pending_actions together 19 O guard.refuse_apart',
  'data.outgoing_messages as_signed 7 O guard.refuse_other_text',
  'data.patients as_signed 19 O guard.refuse_other_contact',
  // 5: a row, after, insert
  'data.outgoing_messages awaits 5 O guard.await_delivery',
  'data.record_changes tells 5 O guard.tell_change',
  // 17: a row, after, update
  'data.pending_actions tells 17 O guard.tell_draft',
  ...ENTRIES.flatMap((table) =>
    ['added 4', 'before 16', 'after 16', 'removed 8'].map((event) => `data.${table} open_items_${event} O guard.keep_open_items`),
  ),
];

/** signature → how it runs; `serves`: app_api may call it; `sends`: app_sender may; `keeps`: app_keeper may. Everyone who is SECURITY DEFINER runs as app_guard. */
export const FUNCTIONS: Record<string, { definer: boolean; serves?: true; sends?: true; keeps?: true }> = {
  'app.take_webhook(timestamp with time zone,integer)': { definer: true, keeps: true },
  'app.webhook(uuid,uuid,timestamp with time zone)': { definer: true, keeps: true },
  'app.stuck_webhooks(interval,integer)': { definer: true, keeps: true },
  'app.keep_webhook(uuid,uuid,jsonb,jsonb,timestamp with time zone)': { definer: true, keeps: true },
  'app.webhook_endpoints()': { definer: true, serves: true },
  'app.create_webhook_endpoint(uuid,text,text,text[],uuid)': { definer: true, serves: true },
  'app.rotate_webhook_secret(uuid,uuid)': { definer: true, serves: true },
  'app.disable_webhook_endpoint(uuid)': { definer: true, serves: true },
  'app.enable_webhook_endpoint(uuid)': { definer: true, serves: true },
  'app.webhook_deliveries(uuid,text,uuid,integer)': { definer: true, serves: true },
  'app.replay_webhook(uuid)': { definer: true, serves: true },
  'app.test_webhook(uuid)': { definer: true, serves: true },
  'guard.webhook_types()': { definer: false },
  'guard.webhook_event(uuid,text,uuid)': { definer: false },
  'guard.webhook(uuid,uuid,timestamp with time zone)': { definer: false },
  'guard.take_webhook_endpoint(uuid)': { definer: false },
  'guard.make_room_for_webhook(uuid)': { definer: false },
  'guard.tell(uuid,text,uuid)': { definer: false },
  'guard.tell_draft()': { definer: true },
  'guard.tell_change()': { definer: true },
  'guard.ms(timestamp with time zone)': { definer: false },
  'app.tenant()': { definer: true, serves: true },
  'app.user_id()': { definer: true, serves: true },
  'app.identify(bytea)': { definer: true, serves: true },
  'app.begin(bytea,uuid,uuid,text,jsonb,text,jsonb)': { definer: true, serves: true },
  'app.begin_many(jsonb)': { definer: true, serves: true },
  'app.enter(bytea)': { definer: true, serves: true },
  'app.finish(bytea,uuid,text,text,integer,integer,text[],jsonb,jsonb)': { definer: true, serves: true },
  'app.finish_many(jsonb)': { definer: true, serves: true },
  'app.note_at_edge(text,bytea,text,text,integer)': { definer: true, serves: true },
  'app.sweep(interval)': { definer: true, serves: true },
  'app.propose(text,text,jsonb,jsonb,uuid,text,uuid)': { definer: true, serves: true },
  'app.take_together(uuid[])': { definer: true, serves: true },
  'guard.bundle_of(uuid,uuid)': { definer: false },
  'guard.refuse_apart()': { definer: true },
  'guard.refuse_other_text()': { definer: true },
  'guard.refuse_other_contact()': { definer: true },
  'guard.together()': { definer: false },
  'app.revise_draft(uuid,integer,jsonb)': { definer: true, serves: true },
  'app.sign_draft(uuid,integer,bytea)': { definer: true, serves: true },
  'app.signing()': { definer: true, serves: true },
  'app.signs(text[])': { definer: true, serves: true },
  'guard.signature()': { definer: false },
  'guard.sealed_for()': { definer: false },
  'guard.sign(uuid,text)': { definer: false },
  'app.settle_draft(uuid,uuid)': { definer: true, serves: true },
  'app.reject_draft(uuid,integer,text)': { definer: true, serves: true },
  'app.release_hold(uuid,bytea)': { definer: true, serves: true },
  'app.reject_hold(uuid,text)': { definer: true, serves: true },
  'app.begin_conversation()': { definer: true, serves: true },
  'app.expire_drafts()': { definer: true, serves: true },
  'app.is_login()': { definer: true, serves: true },
  'app.signable()': { definer: true, serves: true },
  'app.why_not(text)': { definer: true, serves: true },
  'app.display_name(uuid)': { definer: true, serves: true },
  'app.patient_label(uuid)': { definer: true, serves: true },
  'app.credentials()': { definer: true, serves: true },
  'app.mint_credential(uuid,bytea,uuid,text,text[])': { definer: true, serves: true },
  'app.revoke_credential(uuid)': { definer: true, serves: true },
  'app.audited(timestamp with time zone,timestamp with time zone,uuid,text,text,uuid,integer)': { definer: true, serves: true },
  'guard.at_books(text[])': { definer: false },
  'app.create_approval(uuid,text[],text[],integer,date,text[],text[],uuid[],integer,text[],bigint)': { definer: true, serves: true },
  'app.revoke_approval(uuid)': { definer: true, serves: true },
  'app.sign_ahead(uuid)': { definer: true, serves: true },
  'guard.clinic_day(uuid)': { definer: false },
  'guard.covers(data.standing_approvals,text,jsonb,date,text)': { definer: false },
  'guard.still_signs(uuid,uuid,text)': { definer: false },
  'app.signing_for()': { definer: true, serves: true },
  'app.hold_registration()': { definer: true, serves: true },
  'app.hold_forms(uuid)': { definer: true, serves: true },
  'app.consent_of(text,text)': { definer: true, serves: true },
  'app.record_consent(uuid,uuid,text,text,text,text,timestamp with time zone)': { definer: true, serves: true },
  'app.clinic_name()': { definer: true, serves: true },
  'guard.consent_of(uuid,text,text)': { definer: false },
  'app.take_message(timestamp with time zone)': { definer: true, sends: true },
  'app.claim_message(uuid,uuid,uuid,timestamp with time zone)': { definer: true, sends: true },
  'app.put_off_message(uuid,uuid,timestamp with time zone,text,text)': { definer: true, sends: true },
  'app.cancel_message(uuid,uuid,text,timestamp with time zone)': { definer: true, sends: true },
  'app.settle_message(uuid,uuid,uuid,text,text,text,timestamp with time zone,timestamp with time zone)': { definer: true, sends: true },
  'app.lose_messages(interval,timestamp with time zone)': { definer: true, sends: true },
  'app.vault_keys(uuid)': { definer: true, keeps: true },
  'app.add_vault_key(uuid,integer,text,bytea,text[])': { definer: true, keeps: true },
  'app.put_secret(uuid,uuid,text,text,integer,bytea,bytea,bytea,integer)': { definer: true, keeps: true },
  'app.read_secret(uuid,uuid)': { definer: true, keeps: true },
  'app.secrets_under_older_keys(uuid,integer,uuid,integer)': { definer: true, keeps: true },
  'app.rewrap_secrets(uuid,integer,uuid[],integer[],integer[],bytea[])': { definer: true, keeps: true },
  'app.retire_vault_keys(uuid)': { definer: true, keeps: true },
  'app.vault_tenants(uuid,integer)': { definer: true, keeps: true },
  'app.rewrap_vault_key(uuid,integer,text,text,bytea)': { definer: true, keeps: true },
  'app.kms_keys_in_use()': { definer: true, keeps: true },
  'app.shred_vault(uuid)': { definer: true, keeps: true },
  'app.forget_vault(uuid)': { definer: true },
  'guard.hold_vault(uuid)': { definer: false },
  'guard.newest_vault_key(uuid)': { definer: false },
  'app.take_lease(uuid,text,text,integer)': { definer: true, keeps: true },
  'app.renew_lease(uuid,text,text,bigint,integer)': { definer: true, keeps: true },
  'app.release_lease(uuid,text,text,bigint)': { definer: true, keeps: true },
  'app.lease_left(uuid,text,bigint)': { definer: true, keeps: true },
  'app.read_vendor_session(uuid,text)': { definer: true, keeps: true },
  'app.store_vendor_session(uuid,text,bigint,integer,jsonb,jsonb)': { definer: true, keeps: true },
  'app.connections_with_writes()': { definer: true, keeps: true },
  'app.open_vendor_writes(uuid,uuid)': { definer: true, keeps: true },
  'app.store_vendor_write(uuid,text,bigint,uuid,integer,jsonb)': { definer: true, keeps: true },
  'app.vendor_writes(text[],uuid,integer)': { definer: true, serves: true },
  'app.vendor_write(uuid)': { definer: true, serves: true },
  'app.vendor_write_of(uuid)': { definer: true, serves: true },
  'app.vendor_write_events(uuid)': { definer: true, serves: true },
  'app.vendor_accounts()': { definer: true, serves: true },
  'app.resolve_vendor_write(uuid,integer,jsonb)': { definer: true, serves: true },
  'guard.vendor_writes(uuid[])': { definer: false },
  'guard.why_not_resolve(text)': { definer: false },
  'guard.holds_fence(uuid,text,bigint)': { definer: false },
  'guard.unix_ms(timestamp with time zone)': { definer: false },
  'guard.await_delivery()': { definer: true },
  'guard.note_delivery(data.deliveries)': { definer: false },
  'app.hold_calendar(uuid,uuid)': { definer: true, serves: true },
  'app.hold_record(uuid)': { definer: true, serves: true },
  'guard.hold_calendar(uuid,uuid,uuid)': { definer: false },
  'guard.refuse_double_booking()': { definer: true },
  'guard.login_id()': { definer: false },
  'guard.why_not(text)': { definer: false },
  'guard.refuse(text)': { definer: false },
  'guard.hash_of(uuid,integer,text,jsonb)': { definer: false },
  'guard.note_review(uuid,text,integer,bytea,text)': { definer: false },
  'guard.take_draft(uuid,integer)': { definer: false },
  'guard.take_hold(uuid)': { definer: false },
  'app.finance()': { definer: true, serves: true },
  'app.practitioner_id()': { definer: true, serves: true },
  'app.try_password(text,text,bytea,bytea,integer)': { definer: true, serves: true },
  'app.prove_password(bytea,bytea,uuid,bytea,text)': { definer: true, serves: true },
  'app.try_code(bytea,text,bytea)': { definer: true, serves: true },
  'app.sign_in(bytea,bigint,bytea,bytea,uuid,bytea,bytea,text,text,text,uuid,uuid)': { definer: true, serves: true },
  'app.renew_mfa(bytea,bigint,bytea,text,text,uuid,uuid)': { definer: true, serves: true },
  'app.sign_out(bytea,uuid,uuid)': { definer: true, serves: true },
  'app.whoami(bytea)': { definer: true, serves: true },
  'app.open_invitation(bytea,integer)': { definer: true, serves: true },
  'app.begin_enrolment(bytea,bytea,integer,bytea,bytea,bytea,bytea[],text)': { definer: true, serves: true },
  'app.people()': { definer: true, serves: true },
  'app.invite_person(uuid,text,text,text,uuid,boolean,bytea)': { definer: true, serves: true },
  'app.update_person(uuid,text,boolean,boolean)': { definer: true, serves: true },
  'app.logins()': { definer: true, serves: true },
  'app.revoke_login(uuid)': { definer: true, serves: true },
  'app.licences()': { definer: true, serves: true },
  'app.record_licence(uuid,uuid,text,text,text,date,date,date)': { definer: true, serves: true },
  'app.reset_second_factor(uuid,bytea)': { definer: true, serves: true },
  'guard.keyed(text)': { definer: false },
  'guard.salt_of(text)': { definer: false },
  'guard.is_live(guard.grants)': { definer: false },
  'guard.has_fresh_mfa(uuid)': { definer: false },
  'guard.is_licensed(uuid,uuid)': { definer: false },
  'guard.budgets_of(text,text,text,bytea)': { definer: false },
  'guard.pay(text,text,text,bytea)': { definer: false },
  'guard.repay(text,text,text,bytea)': { definer: false },
  'guard.forget()': { definer: false },
  'guard.note_refused(text,text,uuid,text)': { definer: false },
  'guard.record_act(uuid,uuid,guard.grants,text)': { definer: false },
  'guard.known_device(bytea,text,uuid,uuid)': { definer: false },
  'guard.take_code(uuid,uuid,bigint,bytea)': { definer: false },
  'guard.end_logins(uuid,uuid)': { definer: false },
  'guard.enrol(guard.challenges,bigint)': { definer: false },
  'guard.people_roles(text)': { definer: false },
  'guard.at_people(text)': { definer: false },
  'guard.invite(uuid,uuid,text,bytea,uuid)': { definer: false },
  'guard.finance_of(text,text[])': { definer: false },
  'guard.money_table(text,boolean)': { definer: false },
  'guard.note_change()': { definer: true },
  'guard.keep_last_result()': { definer: true },
  'guard.keep_last_of(uuid,uuid,text,uuid)': { definer: false },
  'guard.keep_last_without(uuid,uuid)': { definer: false },
  'guard.is_corrected(uuid,uuid)': { definer: false },
  'guard.keep_open_items()': { definer: true },
  'guard.keep_earnings_of(uuid[],uuid[])': { definer: false },
  'guard.keep_open_items_of(uuid[],uuid[])': { definer: false },
  'guard.pad(bytea,integer)': { definer: false },
  'guard.mac(text)': { definer: false },
  'guard.opened_seal()': { definer: false },
  'guard.tenant_table(text)': { definer: false },
  'guard.refuse_change()': { definer: false },
  'guard.refuse_audit_ddl()': { definer: false },
};

/** Keys and indexes of tenants' data that do not begin with tenant_id, each with its reason. */
export const KEYS_WITHOUT_TENANT = [
  'mcp_audit_log_pkey', // published: the audit row's id alone (M39)
  'mcp_audit_intent_id_key', // so that no clinic can begin a call under another's id, and take its place there
];

/** Primary keys that are not made of UUIDs. */
export const NOT_UUID = [
  'vault_keys.version',
  'leases.key',
  'vendor_sessions.key',
  'patient_tokens.kind',
  'patient_tokens.token',
  'last_lab_results.loinc',
  'open_items.party',
  'open_items.from_on',
  'text_refs.ref',
];

/** What app_api's sessions begin with. */
export const SETTINGS = [
  'search_path=data',
  'statement_timeout=10s',
  'idle_in_transaction_session_timeout=60s',
  'plan_cache_mode=force_generic_plan',
  'jit=off',
];

/** Functions of PostgreSQL that everybody may call and the serving role may not: they reach into other sessions, or keep something beyond the transaction. */
export const OUT_OF_REACH = [
  'lo_creat', 'lo_create', 'lo_from_bytea', 'lo_open', 'lo_close', 'lo_get', 'lo_put', 'lo_lseek', 'lo_lseek64', 'lo_tell', 'lo_tell64', 'lo_truncate', 'lo_truncate64', 'lo_unlink',
  'loread', 'lowrite', 'lo_import', 'lo_export', 'pg_cancel_backend', 'pg_terminate_backend', 'pg_logical_emit_message', 'pg_read_file', 'pg_read_binary_file', 'pg_ls_dir',
  'pg_stat_file', 'pg_reload_conf', 'pg_switch_wal', 'pg_create_restore_point', 'pg_stat_reset', 'pg_promote', 'pg_rotate_logfile',
]; // biome-ignore format: a list
