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
/** Who speaks for a vendor account, its session, the writes to it, how it stands, and how many calls the vendor still allows. */
const WIRES = [
  'leases',
  'vendor_sessions',
  'vendor_writes',
  'vendor_write_events',
  'connection_states',
  'connection_acts',
  'vendor_budgets',
];
/** What is relied on at a vendor's surfaces, what came from there, and what was found to be otherwise. */
const CONTRACTS = ['contract_states', 'contract_days'];
const CAME = ['drift_events', 'raw_bytes', 'raw_blobs', 'tapes'];
/** What the clinic's other programs are told. */
const WEBHOOKS = ['webhook_endpoints', 'webhook_sequences', 'webhook_events', 'webhook_deliveries', 'webhook_attempts'];
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
  ...WEBHOOKS.filter((table) => !['webhook_events', 'webhook_attempts'].includes(table)).map((table) => `data.${table}: app_guard UPDATE`),
  'data.appointments: app_guard SELECT',
  ...VAULT.flatMap((table) => ['DELETE', 'INSERT', 'SELECT', 'UPDATE'].map((right) => `data.${table}: app_guard ${right}`)),
  ...['leases', 'vendor_sessions', 'connection_states', 'connection_acts', 'vendor_budgets'].flatMap((table) =>
    ['INSERT', 'SELECT', 'UPDATE'].map((right) => `data.${table}: app_guard ${right}`),
  ),
  ...CONTRACTS.flatMap((table) => ['INSERT', 'SELECT', 'UPDATE'].map((right) => `data.${table}: app_guard ${right}`)),
  ...CAME.flatMap((table) => ['INSERT', 'SELECT'].map((right) => `data.${table}: app_guard ${right}`)),
  ...['INSERT', 'SELECT', 'UPDATE'].map((right) => `data.vendor_writes: app_guard ${right}`),
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
  ...CONTRACTS,
  ...CAME,
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
  'data.webhook_attempts',
  ...CAME.map((table) => `data.${table}`),
  'guard.recipe_bundles',
  'guard.recipe_approvals',
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
  'guard.recipe_deliveries taken_back 19 O guard.refuse_taken_back',
  // 5: a row, after, insert
  'data.outgoing_messages awaits 5 O guard.await_delivery',
  'data.record_changes tells 5 O guard.tell_change',
  // 17: a row, after, update
  'data.pending_actions tells 17 O guard.tell_draft',
  'data.pending_actions settled 17 O guard.refuse_unsettled',
  'data.vendor_writes draft_follows 17 O guard.follow_write',
  // 21: a row, after, insert or update
  ...ENTRIES.flatMap((table) =>
    ['added 4', 'before 16', 'after 16', 'removed 8'].map((event) => `data.${table} open_items_${event} O guard.keep_open_items`),
  ),
];

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
  'vendor_budgets.name',
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
