-- Tenants, users, audit, taint and references. Owner in code: governance.

set role app_owner;

-- Only sandbox clinics can exist until the AI access addendum does (M34, M35).
create table data.tenants (
  tenant_id uuid primary key,
  name text not null,
  time_zone text not null,
  tier text not null default 'sandbox' check (tier = 'sandbox'),
  created_at timestamptz not null default now()
);

create table data.users (
  tenant_id uuid not null references data.tenants,
  id uuid not null,
  email text not null,
  display_name text not null,
  role text not null check (role in ('owner', 'physician', 'nurse', 'front_desk', 'scheduler', 'biller', 'quality', 'compliance', 'integration')),
  practitioner_id uuid,
  active boolean not null default true,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, email)
);

-- The audit books have no foreign keys: what they speak of may go, they stay; and the functions of 0004 are their only writers.
-- First of a call's two rows, committed before the record is read.
create table data.mcp_audit_intent (
  tenant_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  credential_id uuid not null,
  tool_name text not null,
  args_redacted jsonb not null,
  request_id uuid not null,
  door text not null check (door in ('mcp', 'rest', 'admin', 'job', 'command')),
  client jsonb not null default '{}',
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  -- So that no clinic can begin a call under the id of another's, and stand in the place of its final row.
  unique (id)
);
create index mcp_audit_intent_time on data.mcp_audit_intent (tenant_id, created_at);

-- The published audit row (M39), column by column; last of a call's two rows, committed before the first byte of the answer leaves.
create table data.mcp_audit_log (
  id uuid primary key,
  tenant_id uuid not null,
  user_id uuid not null,
  credential_id uuid not null,
  tool_name text not null,
  args_redacted jsonb,
  response_bytes int,
  latency_ms int,
  status text not null check (status in ('ok', 'error', 'rate_limited', 'blocked_injection')),
  created_at timestamptz default now()
);
create index mcp_audit_log_time on data.mcp_audit_log (tenant_id, created_at);

-- Its companion: what the ten published columns have no place for. outcome is `ok` or the type of the refusal; subjects are keyed hashes of patient ids.
create table data.mcp_audit_ext (
  tenant_id uuid not null,
  audit_id uuid not null,
  outcome text not null,
  subjects text[] not null default '{}',
  taint text check (taint in ('external')),
  primary key (tenant_id, audit_id)
);

-- How far outside text has come into the chain of a principal. Raised by delivery; lowered only by a person, at the desk.
create table data.taint_state (
  tenant_id uuid not null references data.tenants,
  user_id uuid not null,
  level text not null check (level in ('external')),
  epoch int not null default 1,
  first_at timestamptz not null default clock_timestamp(),
  last_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, user_id)
);
create table data.taint_events (
  tenant_id uuid not null,
  id uuid not null default gen_random_uuid(),
  user_id uuid not null,
  audit_id uuid not null,
  source jsonb not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id)
);
create index taint_events_user on data.taint_events (tenant_id, user_id, created_at);

-- Outside text that an answer to this user referred to, as it stood then; read by read_untrusted, gone after its time.
create table data.text_refs (
  tenant_id uuid not null references data.tenants,
  ref text collate "C" not null,
  user_id uuid not null,
  permission text not null,
  kind text not null,
  said_on text,
  text text not null,
  expires_at timestamptz not null,
  primary key (tenant_id, user_id, ref)
);
create index text_refs_expiry on data.text_refs (tenant_id, expires_at);
grant select on data.text_refs to app_api;

reset role;
select guard.tenant_table(t) from unnest(array['tenants', 'users', 'mcp_audit_intent', 'mcp_audit_log', 'mcp_audit_ext', 'taint_state', 'taint_events', 'text_refs']) t;
-- A reference is its reader's own. (Not `to app_api`: DROP OWNED takes a role out of the policies that name it.)
create policy reader on data.text_refs as restrictive using (user_id = (select app.user_id()) or current_user = 'app_guard')
  with check (user_id = (select app.user_id()) or current_user = 'app_guard');

-- Books that only add: no role, the owner's included, can change or empty them without first dropping these triggers (which the event trigger refuses).
set role app_guard;
create function guard.refuse_change() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise insufficient_privilege using message = format('%s is append-only', tg_table_name);
end $$;

create table guard.edge_log (
  id uuid primary key default gen_random_uuid(),
  at timestamptz not null default clock_timestamp(),
  reason text not null check (reason in ('missing', 'malformed', 'unknown', 'expired', 'revoked', 'suppressed')),
  -- sha256 of the secret, cut to 64 bits; the credential where it was once one of ours
  fingerprint text,
  credential_id uuid,
  door text not null,
  ip text,
  count int not null default 1
);

-- How far the sweeper has come.
create table guard.sweeps (tenant_id uuid primary key, swept_to timestamptz not null);
reset role;

do $$
declare t text;
begin
  foreach t in array array['data.mcp_audit_log', 'data.mcp_audit_intent', 'data.mcp_audit_ext', 'data.taint_events', 'guard.edge_log'] loop
    execute format('create trigger append_only before update or delete on %s for each row execute function guard.refuse_change()', t);
    execute format('create trigger append_only_truncate before truncate on %s for each statement execute function guard.refuse_change()', t);
    execute format('alter table %s enable always trigger append_only', t);
    execute format('alter table %s enable always trigger append_only_truncate', t);
  end loop;
  -- app_guard's functions write these books for every clinic; no one can log in as app_guard.
  foreach t in array array['mcp_audit_intent', 'mcp_audit_log', 'mcp_audit_ext', 'taint_state', 'taint_events', 'text_refs', 'tenants', 'users'] loop
    execute format('create policy guard on data.%I to app_guard using (true) with check (true)', t);
  end loop;
end $$;
grant select, insert on data.mcp_audit_intent, data.mcp_audit_log, data.mcp_audit_ext, data.taint_events to app_guard;
grant select, insert, update on data.taint_state to app_guard;
grant select, insert, update, delete on data.text_refs to app_guard;
grant select on data.tenants, data.users to app_guard;
