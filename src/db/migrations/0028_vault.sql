-- The vault: the vendors' passwords, seeds and sessions of a clinic, sealed before they come here (src/base/seal.ts). Only ciphertext is in these tables, and only the role
-- app_keeper, which works the vendor accounts, is handed it, by functions: it reads no table, and the serving role reads nothing of this. Owner in code: connections.

set role app_owner;

-- A clinic's keys, each wrapped by a key of the KMS. Secrets are under the newest; an older one lives as long as a secret is still under it.
create table data.vault_keys (
  tenant_id uuid not null references data.tenants,
  version int not null check (version > 0),
  -- Which key of the KMS wraps it.
  kms_key_id text not null check (kms_key_id ~ '^[a-zA-Z0-9:/_.-]{1,200}$'),
  wrapped bytea,
  created_at timestamptz not null default clock_timestamp(),
  -- The key is gone, and with it whatever was under it.
  shredded_at timestamptz,
  primary key (tenant_id, version),
  check ((wrapped is null) = (shredded_at is not null))
);

create table data.vault_secrets (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null check (kind ~ '^[a-z0-9_-]{1,60}$'),
  purpose text not null check (purpose ~ '^[a-z0-9_-]{1,60}$'),
  -- 1, and one more for each new value: a value takes the place of the one before.
  version int not null check (version > 0),
  nonce bytea not null check (length(nonce) = 12),
  ciphertext bytea not null check (length(ciphertext) >= 16),
  wrapped_dek bytea not null,
  kek_version int not null,
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  foreign key (tenant_id, kek_version) references data.vault_keys (tenant_id, version)
);
create index vault_secrets_key on data.vault_secrets (tenant_id, kek_version, id);

reset role;
select guard.tenant_table(t) from unnest(array['vault_keys', 'vault_secrets']) t;

set role app_guard;

-- Whoever changes the keys of a clinic does so alone; those who write secrets do so beside each other, and under keys that do not change meanwhile. Who reads waits for nobody.
create function guard.hold_vault(p_tenant uuid) returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin perform pg_advisory_xact_lock(hashtextextended('vault of ' || p_tenant, 0)); end $$;

create function guard.newest_vault_key(p_tenant uuid) returns data.vault_keys language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare k data.vault_keys;
begin
  select x.* into k from data.vault_keys x where x.tenant_id = p_tenant order by x.version desc limit 1;
  return k;
end $$;

-- The keys of a clinic, oldest first; wrapped is null where it was shredded.
create function app.vault_keys(p_tenant uuid) returns table (version int, kms_key_id text, wrapped bytea)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin return query select x.version, x.kms_key_id, x.wrapped from data.vault_keys x where x.tenant_id = p_tenant order by x.version; end $$;

-- A new key of a clinic. `exists`: somebody else has made that version. `other_kms`: a key is in use that this KMS does not have, as where a second machine has a key file of
-- its own; the two must not go on beside each other. p_known: every key of the KMS.
create function app.add_vault_key(p_tenant uuid, p_version int, p_kms_key_id text, p_wrapped bytea, p_known text[]) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare k data.vault_keys;
begin
  perform pg_advisory_xact_lock(hashtextextended('keys of the vault', 0));
  perform guard.hold_vault(p_tenant);
  k := guard.newest_vault_key(p_tenant);
  if k.shredded_at is not null then return 'shredded'; end if;
  if coalesce(k.version, 0) + 1 <> p_version then return 'exists'; end if;
  if exists (select from data.vault_keys x where x.wrapped is not null and x.kms_key_id <> all (p_known)) then return 'other_kms'; end if;
  insert into data.vault_keys (tenant_id, version, kms_key_id, wrapped) values (p_tenant, p_version, p_kms_key_id, p_wrapped);
  return 'added';
end $$;

-- A secret's new value, in the place of the version before. `stale`: another value came between. `rekeyed`: it is not under the clinic's newest key: seal it anew. `other`: the
-- secret is of another kind or purpose.
create function app.put_secret(p_tenant uuid, p_id uuid, p_kind text, p_purpose text, p_version int, p_nonce bytea, p_ciphertext bytea, p_wrapped_dek bytea, p_kek_version int) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  k data.vault_keys;
  s data.vault_secrets;
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('vault of ' || p_tenant, 0));
  k := guard.newest_vault_key(p_tenant);
  if k.shredded_at is not null then return 'shredded'; end if;
  if k.version is distinct from p_kek_version then return 'rekeyed'; end if;
  if p_version = 1 then
    insert into data.vault_secrets (tenant_id, id, kind, purpose, version, nonce, ciphertext, wrapped_dek, kek_version)
      values (p_tenant, p_id, p_kind, p_purpose, 1, p_nonce, p_ciphertext, p_wrapped_dek, p_kek_version) on conflict do nothing;
    return case when found then 'kept' else 'stale' end;
  end if;
  select x.* into s from data.vault_secrets x where x.tenant_id = p_tenant and x.id = p_id for update;
  if s.version is distinct from p_version - 1 then return 'stale'; end if;
  if (s.kind, s.purpose) <> (p_kind, p_purpose) then return 'other'; end if;
  update data.vault_secrets x set version = p_version, nonce = p_nonce, ciphertext = p_ciphertext, wrapped_dek = p_wrapped_dek, kek_version = p_kek_version, updated_at = clock_timestamp()
    where x.tenant_id = p_tenant and x.id = p_id;
  return 'kept';
end $$;

-- A secret with the key it is under, as they are at one moment. wrapped_kek is null where the clinic's vault was shredded.
create function app.read_secret(p_tenant uuid, p_id uuid)
returns table (version int, nonce bytea, ciphertext bytea, wrapped_dek bytea, kek_version int, kms_key_id text, wrapped_kek bytea)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select s.version, s.nonce, s.ciphertext, s.wrapped_dek, s.kek_version, k.kms_key_id, k.wrapped
    from data.vault_secrets s join data.vault_keys k on k.tenant_id = s.tenant_id and k.version = s.kek_version where s.tenant_id = p_tenant and s.id = p_id;
end $$;

-- Secrets of a clinic that are under a key older than p_kek_version, in the order of their ids, after p_after.
create function app.secrets_under_older_keys(p_tenant uuid, p_kek_version int, p_after uuid, p_limit int)
returns table (id uuid, kind text, purpose text, version int, wrapped_dek bytea, kek_version int)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select s.id, s.kind, s.purpose, s.version, s.wrapped_dek, s.kek_version from data.vault_secrets s
    where s.tenant_id = p_tenant and s.kek_version < p_kek_version and (p_after is null or s.id > p_after) order by s.id limit p_limit;
end $$;

-- Their own keys under the clinic's newest, each where nothing else happened to it meanwhile; nothing but the wrapping changes. Answers how many.
create function app.rewrap_secrets(p_tenant uuid, p_kek_version int, p_ids uuid[], p_versions int[], p_from int[], p_wrapped bytea[]) returns int
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare n int;
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('vault of ' || p_tenant, 0));
  if (guard.newest_vault_key(p_tenant)).version is distinct from p_kek_version then return 0; end if;
  update data.vault_secrets s set wrapped_dek = r.wrapped, kek_version = p_kek_version
    from unnest(p_ids, p_versions, p_from, p_wrapped) r (id, version, from_version, wrapped)
    where s.tenant_id = p_tenant and s.id = r.id and s.version = r.version and s.kek_version = r.from_version;
  get diagnostics n = row_count;
  return n;
end $$;

-- Deletes the keys that nothing is under any more, but for the newest. Answers how many older ones are left.
create function app.retire_vault_keys(p_tenant uuid) returns int language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare newest int;
begin
  perform guard.hold_vault(p_tenant);
  newest := (guard.newest_vault_key(p_tenant)).version;
  delete from data.vault_keys k where k.tenant_id = p_tenant and k.version < newest
    and not exists (select from data.vault_secrets s where s.tenant_id = p_tenant and s.kek_version = k.version);
  return (select count(*) from data.vault_keys k where k.tenant_id = p_tenant and k.version < newest);
end $$;

-- The clinics that have a key, after p_after.
create function app.vault_tenants(p_after uuid, p_limit int) returns setof uuid language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select distinct k.tenant_id from data.vault_keys k where k.wrapped is not null and (p_after is null or k.tenant_id > p_after) order by k.tenant_id limit p_limit;
end $$;

-- The clinic's key under another key of the KMS, where nothing else happened to it meanwhile.
create function app.rewrap_vault_key(p_tenant uuid, p_version int, p_from text, p_to text, p_wrapped bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform guard.hold_vault(p_tenant);
  update data.vault_keys k set kms_key_id = p_to, wrapped = p_wrapped where k.tenant_id = p_tenant and k.version = p_version and k.kms_key_id = p_from and k.wrapped is not null;
  return found;
end $$;

-- The keys of the KMS without which something could not be opened.
create function app.kms_keys_in_use() returns setof text language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin return query select distinct k.kms_key_id from data.vault_keys k where k.wrapped is not null order by 1; end $$;

-- Ends every key of a clinic: what was under them is noise from then on, and nothing new is kept. Answers how many secrets that are.
create function app.shred_vault(p_tenant uuid) returns int language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform guard.hold_vault(p_tenant);
  insert into data.vault_keys (tenant_id, version, kms_key_id, shredded_at) select p_tenant, 1, 'none', clock_timestamp()
    where not exists (select from data.vault_keys k where k.tenant_id = p_tenant);
  update data.vault_keys k set wrapped = null, shredded_at = clock_timestamp() where k.tenant_id = p_tenant and k.wrapped is not null;
  return (select count(*) from data.vault_secrets s where s.tenant_id = p_tenant);
end $$;

-- Removes all that the vault has of a clinic, which may then begin anew: an operator's act, by the migrator. Answers how many secrets are gone.
create function app.forget_vault(p_tenant uuid) returns int language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare n int;
begin
  perform guard.hold_vault(p_tenant);
  delete from data.vault_secrets s where s.tenant_id = p_tenant;
  get diagnostics n = row_count;
  delete from data.vault_keys k where k.tenant_id = p_tenant;
  return n;
end $$;

reset role;
revoke all on function guard.hold_vault(uuid), guard.newest_vault_key(uuid), app.vault_keys(uuid), app.add_vault_key(uuid, int, text, bytea, text[]),
  app.put_secret(uuid, uuid, text, text, int, bytea, bytea, bytea, int), app.read_secret(uuid, uuid), app.secrets_under_older_keys(uuid, int, uuid, int),
  app.rewrap_secrets(uuid, int, uuid[], int[], int[], bytea[]), app.retire_vault_keys(uuid), app.vault_tenants(uuid, int), app.rewrap_vault_key(uuid, int, text, text, bytea),
  app.kms_keys_in_use(), app.shred_vault(uuid), app.forget_vault(uuid) from public;
grant usage on schema app to app_keeper;
grant execute on function app.vault_keys(uuid), app.add_vault_key(uuid, int, text, bytea, text[]),
  app.put_secret(uuid, uuid, text, text, int, bytea, bytea, bytea, int), app.read_secret(uuid, uuid), app.secrets_under_older_keys(uuid, int, uuid, int),
  app.rewrap_secrets(uuid, int, uuid[], int[], int[], bytea[]), app.retire_vault_keys(uuid), app.vault_tenants(uuid, int), app.rewrap_vault_key(uuid, int, text, text, bytea),
  app.kms_keys_in_use(), app.shred_vault(uuid) to app_keeper;

grant select, insert, update, delete on data.vault_keys, data.vault_secrets to app_guard;
create policy guard on data.vault_keys to app_guard using (true) with check (true);
create policy guard on data.vault_secrets to app_guard using (true) with check (true);
