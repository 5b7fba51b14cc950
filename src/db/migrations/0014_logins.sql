-- Staff logins: a person signs in with e-mail, password and a second factor, and gets a grant of kind `login`, which is good at the door admin and nowhere else.
-- What proves a person lies in schema guard: the serving role asks these functions and reads no verifier, no seed (but against a proven challenge), no code.

set role app_owner;

alter table data.tenants add column mfa_minutes int not null default 480 check (mfa_minutes between 5 and 1440);
-- Whether the person may have credentials for an AI.
alter table data.users add column use_ai boolean not null default false;

-- Licences of the workforce, as recorded by the clinic. One is of a person by user_id, or by the practitioner record that the person has.
create table data.licences (
  tenant_id uuid not null references data.tenants,
  id uuid not null,
  practitioner_id uuid,
  user_id uuid,
  kind text not null check (kind ~ '^[A-Za-z]{2,8}(-[A-Za-z]{1,4})?$'),
  number text not null check (length(number) between 1 and 40),
  state text not null check (state ~ '^[A-Z]{2}$'),
  issued_on date,
  expires_on date,
  revoked_on date,
  primary key (tenant_id, id),
  check (num_nonnulls(practitioner_id, user_id) > 0),
  foreign key (tenant_id, user_id) references data.users (tenant_id, id)
);
reset role;
-- Who has a credential by now was let use an AI.
update data.users u set use_ai = true where exists (select from guard.grants g where g.tenant_id = u.tenant_id and g.user_id = u.id and g.kind = 'credential');
select guard.tenant_table('licences');
create policy guard on data.licences to app_guard using (true) with check (true);
grant select, insert, update on data.licences to app_guard;
grant insert, update on data.users to app_guard;

set role app_guard;

alter table guard.grants add column mfa_at timestamptz, add column seen_at timestamptz, add column user_agent text, add column ip text,
  add constraint grants_login check (kind <> 'login' or (expires_at is not null and mfa_at is not null and seen_at is not null));

alter table guard.edge_log drop constraint edge_log_reason_check,
  add constraint edge_log_reason_check check (reason in ('missing', 'malformed', 'unknown', 'expired', 'revoked', 'suppressed', 'wrong_password', 'wrong_code'));

-- 32 random bytes over the two pads of HMAC-SHA-256: makes the salt of an e-mail that nobody has as lasting as that of one that somebody has, and names what is counted.
create table guard.login_key (inner_pad bytea not null, outer_pad bytea not null);
with k as materialized (
  select sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) as key
)
insert into guard.login_key select guard.pad(key, 54), guard.pad(key, 92) from k;

-- What proves one person of one clinic. verifier = sha256 of the key that scrypt (N = 2^cost, r 8, p 1) makes of the password and the salt. totp_step is the last
-- time step that was accepted; no seed: the second factor was reset, and only a recovery code or a new enrolment gets in.
create table guard.staff (
  tenant_id uuid not null,
  user_id uuid not null,
  email text not null,
  salt bytea not null check (length(salt) = 16),
  cost int not null check (cost between 1 and 24),
  verifier bytea not null check (length(verifier) = 32),
  totp_seed bytea check (length(totp_seed) >= 16),
  totp_step bigint not null default 0,
  changed_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, user_id)
);
create unique index staff_email on guard.staff (email, tenant_id);

create table guard.recovery_codes (
  tenant_id uuid not null,
  user_id uuid not null,
  hash bytea not null check (length(hash) = 32),
  used_at timestamptz,
  primary key (tenant_id, user_id, hash)
);

-- A browser that this person has signed in with before: sha256 of its cookie. It has a budget of its own, which nobody else can use up.
create table guard.devices (
  tenant_id uuid not null,
  user_id uuid not null,
  hash bytea not null check (length(hash) = 32),
  last_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, user_id, hash)
);
create index devices_hash on guard.devices (hash);

-- Budgets of guesses, by a keyed hash of what is counted. Each try is paid before it is made, so that a thousand at once are no more than one after another.
create table guard.budgets (
  key bytea primary key,
  tries int not null default 0,
  last_at timestamptz not null default clock_timestamp(),
  not_before timestamptz not null default '-infinity'
);
create index budgets_last on guard.budgets (last_at);

-- A password that was paid for and is being derived. Good for one proof.
create table guard.attempts (
  ticket bytea primary key check (length(ticket) = 32),
  email text not null,
  prefix text not null,
  device bytea,
  expires_at timestamptz not null
);

-- A person invited (join), or one whose second factor the owner reset (factor). Good for one enrolment.
create table guard.invitations (
  hash bytea primary key check (length(hash) = 32),
  kind text not null check (kind in ('join', 'factor')),
  tenant_id uuid not null,
  user_id uuid not null,
  invited_by uuid not null,
  expires_at timestamptz not null,
  tries int not null default 0,
  used_at timestamptz
);
create index invitations_user on guard.invitations (tenant_id, user_id);

-- A password that was proven: good for one second factor. Of kind enrol it carries what the first right code makes the account.
create table guard.challenges (
  hash bytea primary key check (length(hash) = 32),
  kind text not null check (kind in ('sign_in', 'enrol')),
  tenant_id uuid not null,
  user_id uuid not null,
  expires_at timestamptz not null,
  tries int not null default 0,
  invitation bytea,
  email text,
  salt bytea,
  cost int,
  verifier bytea,
  seed bytea,
  codes bytea[],
  check ((kind = 'enrol') = (num_nonnulls(invitation, email, salt, cost, verifier, seed, codes) = 7))
);

create function guard.keyed(words text) returns bytea language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare k guard.login_key;
begin
  select * into k from guard.login_key;
  return sha256(k.outer_pad || sha256(k.inner_pad || convert_to(words, 'UTF8')));
end $$;

-- One salt for all accounts of an e-mail, so that one derivation tries them all and its time does not tell how many there are, or whether there is one.
create function guard.salt_of(of_email text) returns bytea language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin return substr(guard.keyed('salt|' || of_email), 1, 16); end $$;

-- Whether a grant may call now. A login also ends an hour after its last call.
create function guard.is_live(g guard.grants) returns boolean language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return g.revoked_at is null and (g.expires_at is null or g.expires_at > clock_timestamp())
    and (g.kind <> 'login' or g.seen_at > clock_timestamp() - interval '60 minutes');
end $$;

-- Whether the person of this login gave a second factor within the clinic's mfa_minutes.
create function guard.has_fresh_mfa(of_grant uuid) returns boolean language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return exists (select from guard.grants g join data.tenants t on t.tenant_id = g.tenant_id
    where g.id = of_grant and g.kind = 'login' and guard.is_live(g) and g.mfa_at + make_interval(mins => t.mfa_minutes) > clock_timestamp());
end $$;

-- Whether this person has a licence on record that holds today, by the clinic's calendar.
create function guard.is_licensed(of_tenant uuid, of_user uuid) returns boolean language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return exists (select from data.users u join data.tenants t on t.tenant_id = u.tenant_id join data.licences l on l.tenant_id = u.tenant_id
    and (l.user_id = u.id or (l.user_id is null and l.practitioner_id = u.practitioner_id))
    cross join lateral (select (clock_timestamp() at time zone t.time_zone)::date as today) d
    where u.tenant_id = of_tenant and u.id = of_user and u.active and coalesce(l.issued_on <= d.today, true) and coalesce(l.expires_on >= d.today, true)
      and coalesce(l.revoked_on > d.today, true));
end $$;

-- Who a credential or a login is, for lists and for the key a call is prepared with. No row for one that is unknown, expired, idle or revoked. Writes nothing.
drop function app.begin_many(jsonb);
drop function app.begin(bytea, uuid, uuid, text, jsonb, text, jsonb);
drop function app.identify(bytea);
create function app.identify(p_hash bytea)
returns table (grant_id uuid, tenant_id uuid, user_id uuid, role text, permissions text[], toolsets text[], practitioner_id uuid, tenant_name text, time_zone text, connections jsonb,
  kind text, mfa_at timestamptz, mfa_fresh boolean, audit_key bytea)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query
    select g.id, g.tenant_id, g.user_id, u.role, g.permissions, g.toolsets, u.practitioner_id, t.name, t.time_zone,
      coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'vendor', c.vendor, 'settings', c.settings, 'modules', c.modules) order by c.connected_at, c.id)
                from data.connections c where c.tenant_id = g.tenant_id), '[]'),
      g.kind, g.mfa_at, coalesce(g.mfa_at + make_interval(mins => t.mfa_minutes) > clock_timestamp(), false),
      (select k.key from guard.tenant_keys k where k.tenant_id = g.tenant_id and k.purpose = 'audit' order by k.version desc limit 1)
    from guard.grants g
    join data.users u on u.tenant_id = g.tenant_id and u.id = g.user_id and u.active
    join data.tenants t on t.tenant_id = g.tenant_id
    where g.hash = p_hash and guard.is_live(g);
end $$;

-- Authenticates a call and commits its intent row, in one round trip and one transaction. No row, and nothing written, for a grant that may not call: a login is
-- good at the door admin alone, and a credential never there.
create function app.begin(p_hash bytea, p_id uuid, p_request_id uuid, p_tool text, p_args jsonb, p_door text, p_client jsonb)
returns table (grant_id uuid, tenant_id uuid, user_id uuid, role text, permissions text[], toolsets text[], practitioner_id uuid, tenant_name text, time_zone text, connections jsonb,
  kind text, mfa_at timestamptz, mfa_fresh boolean)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  select i.grant_id, i.tenant_id, i.user_id, i.role, i.permissions, i.toolsets, i.practitioner_id, i.tenant_name, i.time_zone, i.connections, i.kind, i.mfa_at, i.mfa_fresh
    into grant_id, tenant_id, user_id, role, permissions, toolsets, practitioner_id, tenant_name, time_zone, connections, kind, mfa_at, mfa_fresh from app.identify(p_hash) i;
  if grant_id is null or (kind = 'login') <> (p_door = 'admin') then return; end if;
  if kind = 'login' then
    -- Once a minute is enough, and a row that another call holds is being marked as seen already.
    update guard.grants g set seen_at = clock_timestamp() where g.id = (select x.id from guard.grants x
      where x.id = begin.grant_id and x.seen_at < clock_timestamp() - interval '1 minute' for no key update skip locked);
  end if;
  insert into data.mcp_audit_intent (tenant_id, id, user_id, credential_id, tool_name, args_redacted, request_id, door, client)
    values (begin.tenant_id, p_id, begin.user_id, begin.grant_id, p_tool, p_args, p_request_id, p_door, p_client);
  return next;
end $$;

-- app.begin for calls that arrived together: one round trip and one commit for all of them, each under its own credential. p_calls: [{n, hash (hex), id, request_id,
-- tool, args, door, client}]; a call whose credential may not call has no row in the answer.
create function app.begin_many(p_calls jsonb)
returns table (n int, grant_id uuid, tenant_id uuid, user_id uuid, role text, permissions text[], toolsets text[], practitioner_id uuid, tenant_name text, time_zone text, connections jsonb,
  kind text, mfa_at timestamptz, mfa_fresh boolean)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare c record;
begin
  for c in select * from jsonb_to_recordset(p_calls) x (n int, hash text, id uuid, request_id uuid, tool text, args jsonb, door text, client jsonb) loop
    return query select c.n, b.* from app.begin(decode(c.hash, 'hex'), c.id, c.request_id, c.tool, c.args, c.door, c.client) b;
  end loop;
end $$;

-- As in 0004, and a login that is idle does not enter.
create or replace function app.enter(p_hash bytea) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  context text;
  zone text;
begin
  if guard.opened_seal() is not null then raise insufficient_privilege using message = 'this transaction has its tenant'; end if;
  select g.tenant_id || ':' || g.user_id || ':' || g.id, t.time_zone into context, zone
    from guard.grants g
    join data.users u on u.tenant_id = g.tenant_id and u.id = g.user_id and u.active
    join data.tenants t on t.tenant_id = g.tenant_id
    where g.hash = p_hash and guard.is_live(g);
  if context is null then raise insufficient_privilege using message = 'the credential is not live'; end if;
  perform set_config('app.seal', context || ':' || guard.mac(context), true), set_config('TimeZone', zone, true);
end $$;

reset role;
revoke all on function guard.keyed(text), guard.salt_of(text), guard.is_live(guard.grants), guard.has_fresh_mfa(uuid), guard.is_licensed(uuid, uuid),
  app.identify(bytea), app.begin(bytea, uuid, uuid, text, jsonb, text, jsonb), app.begin_many(jsonb) from public;
grant execute on function app.identify(bytea), app.begin(bytea, uuid, uuid, text, jsonb, text, jsonb), app.begin_many(jsonb) to app_api;
