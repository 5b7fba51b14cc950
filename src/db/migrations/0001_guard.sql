-- The sealed tenant context (security.md §3, stack.md §2). The database itself checks the credential and says whose rows are visible:
-- app.enter(hash) looks the grant up and puts `tenant:user:grant:mac` into a transaction-local setting; app.tenant() recomputes the mac.
-- The key, the grants and the functions belong to app_guard; the application's role can call the functions and read neither.

create schema guard authorization app_guard;
create schema app authorization app_guard;
create schema data authorization app_owner;
revoke all on schema guard, app, data from public;
grant usage on schema app, data to app_api;
grant usage on schema app to app_owner;
grant usage on schema data to app_guard;

set role app_guard;

-- 32 random bytes, already spread over the two pads of HMAC-SHA-256 (RFC 2104).
create table guard.seal_key (inner_pad bytea not null, outer_pad bytea not null);
create function guard.pad(key bytea, mask int) returns bytea language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
declare padded bytea := key || decode(repeat('00', 64 - length(key)), 'hex');
begin
  for i in 0..63 loop padded := set_byte(padded, i, get_byte(padded, i) # mask); end loop;
  return padded;
end $$;

-- Four random UUIDs hold 488 random bits.
with k as materialized (
  select sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) as key
)
insert into guard.seal_key select guard.pad(key, 54), guard.pad(key, 92) from k;

-- Every way in: a bearer, a login, a job. hash = sha256 of the secret, which holds at least 250 random bits.
create table guard.grants (
  id uuid primary key,
  hash bytea not null unique check (length(hash) = 32),
  kind text not null check (kind in ('credential', 'login', 'job')),
  tenant_id uuid not null,
  user_id uuid not null,
  name text not null,
  -- What an `integration` may do; null: what the role may.
  permissions text[],
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz
);
create index grants_tenant on guard.grants (tenant_id, id);

-- Keys the application needs for one tenant (HMAC of audit arguments, of references), by purpose and version.
create table guard.tenant_keys (
  tenant_id uuid not null,
  purpose text not null,
  version int not null,
  key bytea not null check (length(key) = 32),
  primary key (tenant_id, purpose, version)
);

-- HMAC-SHA-256 of a context, bound to this backend and this transaction. plpgsql keeps its plan; an SQL function would plan at each call.
create function guard.mac(context text) returns text language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare k guard.seal_key;
begin
  select * into k from guard.seal_key;
  return encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(context || ':' || pg_backend_pid() || ':' || extract(epoch from transaction_timestamp()), 'UTF8'))), 'hex');
end $$;

create function guard.opened_seal() returns text[] language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  seal text := current_setting('app.seal', true);
  parts text[];
begin
  if seal is null or seal = '' then return null; end if;
  parts := string_to_array(seal, ':');
  if cardinality(parts) = 4 and parts[4] = guard.mac(parts[1] || ':' || parts[2] || ':' || parts[3]) then return parts; end if;
  raise insufficient_privilege using message = 'the tenant context is not sealed by this database';
end $$;

-- The clinic of this transaction; null before app.enter. Throws 42501 for a seal that this database did not make for this very transaction.
create function app.tenant() returns uuid language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin return (guard.opened_seal())[1]::uuid; end $$;

-- The user of this transaction; null before app.enter.
create function app.user_id() returns uuid language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin return (guard.opened_seal())[2]::uuid; end $$;

-- Row security for a table of data: forced, and one policy for every command.
create function guard.tenant_table(name text) returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  execute format('alter table data.%I enable row level security', name);
  execute format('alter table data.%I force row level security', name);
  execute format('create policy tenant on data.%I using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()))', name);
end $$;

reset role;
