-- Signing in, renewing the second factor, signing out, enrolling. Every guess is paid for before it is made; every act leaves its two audit rows with it.

set role app_guard;

-- What a guess at `who` (an e-mail, an account) is paid from. A known device has a budget of its own. Any other pays for its address, for `who` from its address
-- (a /24 or /48), and for `who` from all devices that are not known.
create function guard.budgets_of(act text, who text, prefix text, device bytea)
returns table (key bytea, free int, longest interval, is_own boolean) language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return query select guard.keyed('budget|' || act || '|' || b.name), b.free, b.longest, b.is_own
    from (values ('device|' || encode(device, 'hex') || '|' || who, 10, case act when 'code' then interval '15 minutes' else interval '5 minutes' end, true, true),
                 ('place|' || prefix || '|' || who, 5, case act when 'code' then interval '1 hour' else interval '15 minutes' end, true, false),
                 ('all|' || who, 10, case act when 'code' then interval '1 hour' else interval '15 minutes' end, false, false),
                 ('from|' || prefix, 50, interval '1 minute', false, false)) b (name, free, longest, is_own, is_known)
    where b.is_known = (device is not null) and (b.name !~ '^from' or act = 'password')
    order by 1;
end $$;

-- Pays for one guess, or says in how many seconds there is one again. After the free ones each costs twice the wait of the one before; a day without one forgets.
create function guard.pay(act text, who text, prefix text, device bytea) returns int language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  b record;
  wait interval := interval '0';
begin
  -- Rows are taken in the order of their keys, so that two guesses wait for each other and do not deadlock.
  for b in select * from guard.budgets_of(act, who, prefix, device) loop
    insert into guard.budgets (key) values (b.key) on conflict (key) do update set tries = case when budgets.last_at < clock_timestamp() - interval '1 day' then 0 else budgets.tries end;
    wait := greatest(wait, (select x.not_before - clock_timestamp() from guard.budgets x where x.key = b.key and x.not_before > clock_timestamp()));
  end loop;
  if wait > interval '0' then return greatest(1, ceil(extract(epoch from wait)))::int; end if;
  for b in select * from guard.budgets_of(act, who, prefix, device) loop
    update guard.budgets x set tries = x.tries + 1, last_at = clock_timestamp(),
      not_before = case when x.tries + 1 < b.free then '-infinity' else clock_timestamp() + least(b.longest, interval '1 second' * 2 ^ least(x.tries + 1 - b.free, 20)) end
      where x.key = b.key;
  end loop;
  return 0;
end $$;

-- A guess that was right costs nothing, and clears what only its own device or place has used.
create function guard.repay(act text, who text, prefix text, device bytea) returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare b record;
begin
  for b in select * from guard.budgets_of(act, who, prefix, device) loop
    update guard.budgets x set tries = case when b.is_own then 0 else greatest(0, x.tries - 1) end, not_before = '-infinity' where x.key = b.key;
  end loop;
end $$;

-- Takes away a little of what is past its time; it waits for nobody, and takes no row that somebody else holds.
create function guard.forget() returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  delete from guard.budgets b where b.key in (select x.key from guard.budgets x where x.last_at < clock_timestamp() - interval '1 day' limit 20 for update skip locked);
  delete from guard.attempts a where a.ticket in (select x.ticket from guard.attempts x where x.expires_at < clock_timestamp() limit 20 for update skip locked);
  delete from guard.challenges c where c.hash in (select x.hash from guard.challenges x where x.expires_at < clock_timestamp() limit 20 for update skip locked);
end $$;

create function guard.note_refused(of_reason text, who text, of_grant uuid, of_ip text) returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  insert into guard.edge_log (reason, fingerprint, credential_id, door, ip) values (of_reason, left(encode(guard.keyed('who|' || who), 'hex'), 16), of_grant, 'admin', left(of_ip, 45));
end $$;

-- The two rows of an act that is no operation: both or neither, with the act.
create function guard.record_act(of_id uuid, of_request uuid, g guard.grants, of_tool text) returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  insert into data.mcp_audit_intent (tenant_id, id, user_id, credential_id, tool_name, args_redacted, request_id, door) values (g.tenant_id, of_id, g.user_id, g.id, of_tool, '{}', of_request, 'admin');
  insert into data.mcp_audit_log (id, tenant_id, user_id, credential_id, tool_name, args_redacted, response_bytes, latency_ms, status, created_at)
    values (of_id, g.tenant_id, g.user_id, g.id, of_tool, '{}', 0, 0, 'ok', clock_timestamp());
  insert into data.mcp_audit_ext (tenant_id, audit_id, outcome) values (g.tenant_id, of_id, 'ok');
end $$;

-- The cookie of a device, where somebody with this e-mail, or this person, signed in with it before; else null.
create function guard.known_device(of_device bytea, of_email text, of_tenant uuid, of_user uuid) returns bytea language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select d.hash from guard.devices d join guard.staff a on a.tenant_id = d.tenant_id and a.user_id = d.user_id
    where d.hash = of_device and (a.email = of_email or (a.tenant_id = of_tenant and a.user_id = of_user)) limit 1);
end $$;

-- Pays for one password and says how to derive its key; the same for an e-mail that nobody has. p_cost: what such a one is derived with. With retry_after_s: not now.
create function app.try_password(p_email text, p_prefix text, p_device bytea, p_ticket bytea, p_cost int)
returns table (salt bytea, cost int, retry_after_s int) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare device bytea := guard.known_device(p_device, p_email, null, null);
begin
  retry_after_s := guard.pay('password', p_email, p_prefix, device);
  if retry_after_s = 0 then
    insert into guard.attempts (ticket, email, prefix, device, expires_at) values (p_ticket, p_email, p_prefix, device, clock_timestamp() + interval '2 minutes');
    salt := guard.salt_of(p_email);
    cost := coalesce((select max(a.cost) from guard.staff a where a.email = p_email), p_cost);
  end if;
  perform guard.forget();
  return next;
end $$;

-- Who the e-mail and the derived key of a paid try fit, of the clinic that is asked for. Exactly one: the challenge is made. None: nobody, and a row in edge_log.
create function app.prove_password(p_ticket bytea, p_key bytea, p_clinic uuid, p_challenge bytea, p_ip text)
returns table (tenant_id uuid, name text) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  tried guard.attempts;
  fits uuid[];
begin
  delete from guard.attempts a where a.ticket = p_ticket and a.expires_at > clock_timestamp() returning * into tried;
  if tried.ticket is null then return; end if;
  fits := array(select a.tenant_id from guard.staff a join data.users u on u.tenant_id = a.tenant_id and u.id = a.user_id and u.active
    where a.email = tried.email and a.verifier = sha256(p_key) and (p_clinic is null or a.tenant_id = p_clinic));
  if cardinality(fits) = 0 then
    perform guard.note_refused('wrong_password', tried.email, null, p_ip);
    return;
  end if;
  perform guard.repay('password', tried.email, tried.prefix, tried.device);
  if cardinality(fits) = 1 then
    insert into guard.challenges (hash, kind, tenant_id, user_id, expires_at)
      select p_challenge, 'sign_in', a.tenant_id, a.user_id, clock_timestamp() + interval '5 minutes' from guard.staff a where a.email = tried.email and a.tenant_id = fits[1];
  end if;
  return query select t.tenant_id, t.name from data.tenants t where t.tenant_id = any (fits) order by t.name, t.tenant_id;
end $$;

-- Pays for one code against a proven challenge, or against a live login that renews its second factor, and hands out the seed it is checked with and the time.
-- No row: there is no such challenge (any more). A challenge takes five codes.
create function app.try_code(p_proof bytea, p_prefix text, p_device bytea) returns table (seed bytea, now_s bigint, retry_after_s int)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  c guard.challenges;
  g guard.grants;
  who record;
begin
  now_s := floor(extract(epoch from clock_timestamp()));
  retry_after_s := 0;
  select * into c from guard.challenges x where x.hash = p_proof and x.expires_at > clock_timestamp() for update;
  if c.kind = 'enrol' then
    seed := c.seed;
    return next;
    return;
  end if;
  if c.hash is null then select * into g from guard.grants x where x.hash = p_proof and x.kind = 'login' and guard.is_live(x); end if;
  select a.tenant_id, a.user_id, a.totp_seed into who from guard.staff a join data.users u on u.tenant_id = a.tenant_id and u.id = a.user_id and u.active
    where a.tenant_id = coalesce(c.tenant_id, g.tenant_id) and a.user_id = coalesce(c.user_id, g.user_id);
  if who.user_id is null or c.tries >= 5 then return; end if;
  retry_after_s := guard.pay('code', who.tenant_id || ':' || who.user_id, p_prefix, guard.known_device(p_device, null, who.tenant_id, who.user_id));
  if retry_after_s = 0 then
    update guard.challenges x set tries = x.tries + 1 where x.hash = c.hash;
    seed := who.totp_seed;
  end if;
  return next;
end $$;

-- Takes a time step, or a recovery code, of an account: each once, whoever else asks for it at the same moment. Steps beside the present one are not taken.
create function guard.take_code(of_tenant uuid, of_user uuid, of_step bigint, of_recovery bytea) returns boolean language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  update guard.staff a set totp_step = of_step where a.tenant_id = of_tenant and a.user_id = of_user and a.totp_seed is not null and a.totp_step < of_step
    and abs(of_step - floor(extract(epoch from clock_timestamp()) / 30)) <= 2;
  if found then return true; end if;
  update guard.recovery_codes r set used_at = clock_timestamp() where r.tenant_id = of_tenant and r.user_id = of_user and r.hash = of_recovery and r.used_at is null;
  return found;
end $$;

-- Ends every login of a person.
create function guard.end_logins(of_tenant uuid, of_user uuid) returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  update guard.grants g set revoked_at = clock_timestamp() where g.tenant_id = of_tenant and g.user_id = of_user and g.kind = 'login' and g.revoked_at is null;
  delete from guard.challenges c where c.tenant_id = of_tenant and c.user_id = of_user;
end $$;

-- The enrolment that a challenge carries: the account as it is from now on.
create function guard.enrol(c guard.challenges, of_step bigint) returns boolean language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if of_step is null or abs(of_step - floor(extract(epoch from clock_timestamp()) / 30)) > 2 then return false; end if;
  update guard.invitations i set used_at = clock_timestamp() where i.hash = c.invitation and i.used_at is null;
  if not found then return false; end if;
  perform guard.end_logins(c.tenant_id, c.user_id);
  delete from guard.devices d where d.tenant_id = c.tenant_id and d.user_id = c.user_id;
  insert into guard.staff (tenant_id, user_id, email, salt, cost, verifier, totp_seed, totp_step) values (c.tenant_id, c.user_id, c.email, c.salt, c.cost, c.verifier, c.seed, of_step)
    on conflict (tenant_id, user_id) do update set email = excluded.email, salt = excluded.salt, cost = excluded.cost, verifier = excluded.verifier, totp_seed = excluded.totp_seed,
      totp_step = excluded.totp_step, changed_at = clock_timestamp();
  delete from guard.recovery_codes r where r.tenant_id = c.tenant_id and r.user_id = c.user_id;
  insert into guard.recovery_codes (tenant_id, user_id, hash) select c.tenant_id, c.user_id, code from unnest(c.codes) code;
  return true;
end $$;

-- The login that a challenge and a right code make: its grant (p_login: the hash of its secret), its two audit rows, and the device known from now on under a new
-- name. p_step and p_recovery null: the code was wrong. Answers whether there is a login.
create function app.sign_in(p_challenge bytea, p_step bigint, p_recovery bytea, p_login bytea, p_login_id uuid, p_device bytea, p_new_device bytea, p_prefix text, p_ip text,
  p_user_agent text, p_id uuid, p_request_id uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  c guard.challenges;
  g guard.grants;
  who text;
  taken boolean;
begin
  select x.* into c from guard.challenges x join data.users u on u.tenant_id = x.tenant_id and u.id = x.user_id and u.active
    where x.hash = p_challenge and x.expires_at > clock_timestamp() for update of x;
  if c.hash is null then return false; end if;
  who := c.tenant_id || ':' || c.user_id;
  taken := case when num_nonnulls(p_step, p_recovery) = 0 then false when c.kind = 'enrol' then guard.enrol(c, p_step) else guard.take_code(c.tenant_id, c.user_id, p_step, p_recovery) end;
  if not taken then
    perform guard.note_refused('wrong_code', who, null, p_ip);
    return false;
  end if;
  delete from guard.challenges x where x.hash = c.hash;
  perform guard.repay('code', who, p_prefix, guard.known_device(p_device, null, c.tenant_id, c.user_id));
  insert into guard.grants (id, hash, kind, tenant_id, user_id, name, created_at, expires_at, mfa_at, seen_at, user_agent, ip)
    values (p_login_id, p_login, 'login', c.tenant_id, c.user_id, 'login', clock_timestamp(), clock_timestamp() + interval '12 hours', clock_timestamp(), clock_timestamp(),
      left(p_user_agent, 200), left(p_ip, 45)) returning * into g;
  -- Everybody who signed in with this browser goes on under its new name; one that somebody else put there is worth nothing after this.
  update guard.devices d set hash = p_new_device where d.hash = p_device;
  insert into guard.devices (tenant_id, user_id, hash) values (c.tenant_id, c.user_id, p_new_device) on conflict (tenant_id, user_id, hash) do update set last_at = clock_timestamp();
  delete from guard.devices d where d.tenant_id = c.tenant_id and d.user_id = c.user_id and d.last_at < clock_timestamp() - interval '180 days';
  perform guard.record_act(p_id, p_request_id, g, 'sign_in');
  return true;
end $$;

-- A second factor given anew under a live login. p_step null: the code was wrong. Null: no.
create function app.renew_mfa(p_login bytea, p_step bigint, p_device bytea, p_prefix text, p_ip text, p_id uuid, p_request_id uuid) returns timestamptz
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  g guard.grants;
  who text;
begin
  select x.* into g from guard.grants x where x.hash = p_login and x.kind = 'login' and guard.is_live(x) for update;
  if g.id is null then return null; end if;
  who := g.tenant_id || ':' || g.user_id;
  if p_step is null or not guard.take_code(g.tenant_id, g.user_id, p_step, null) then
    perform guard.note_refused('wrong_code', who, g.id, p_ip);
    return null;
  end if;
  perform guard.repay('code', who, p_prefix, guard.known_device(p_device, null, g.tenant_id, g.user_id));
  update guard.grants x set mfa_at = clock_timestamp(), seen_at = clock_timestamp() where x.id = g.id returning * into g;
  perform guard.record_act(p_id, p_request_id, g, 'renew_mfa');
  return g.mfa_at;
end $$;

-- Ends a login by its own secret. Answers whether there was one.
create function app.sign_out(p_login bytea, p_id uuid, p_request_id uuid) returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare g guard.grants;
begin
  update guard.grants x set revoked_at = clock_timestamp() where x.hash = p_login and x.kind = 'login' and x.revoked_at is null returning * into g;
  if g.id is null then return false; end if;
  perform guard.record_act(p_id, p_request_id, g, 'sign_out');
  return true;
end $$;

-- What app.identify does not say of a person who is signed in.
create function app.whoami(p_login bytea) returns table (email text, display_name text, mfa_minutes int, licensed boolean)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select u.email, u.display_name, t.mfa_minutes, guard.is_licensed(u.tenant_id, u.id)
    from guard.grants g join data.users u on u.tenant_id = g.tenant_id and u.id = g.user_id and u.active join data.tenants t on t.tenant_id = g.tenant_id
    where g.hash = p_login and g.kind = 'login' and guard.is_live(g);
end $$;

-- Whom a live invitation is for, and how the key of the password is derived. It can be opened twenty times.
create function app.open_invitation(p_hash bytea, p_cost int) returns table (kind text, email text, clinic text, salt bytea, cost int)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare i guard.invitations;
begin
  update guard.invitations x set tries = x.tries + 1 where x.hash = p_hash and x.used_at is null and x.expires_at > clock_timestamp() and x.tries < 20 returning * into i;
  return query select i.kind, lower(u.email), t.name, guard.salt_of(lower(u.email)), coalesce(a.cost, p_cost)
    from data.users u join data.tenants t on t.tenant_id = u.tenant_id left join guard.staff a on a.tenant_id = u.tenant_id and a.user_id = u.id
    where u.tenant_id = i.tenant_id and u.id = i.user_id and u.active;
end $$;

-- Begins the enrolment of an invitation: p_key is derived from the password, p_seed and p_codes are new. After a reset the person proves who it is, by the password
-- or by a recovery code, which then sets the password. Answers whether the challenge was made.
create function app.begin_enrolment(p_hash bytea, p_key bytea, p_cost int, p_recovery bytea, p_challenge bytea, p_seed bytea, p_codes bytea[], p_ip text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  i guard.invitations;
  email text;
begin
  select x.* into i from guard.invitations x where x.hash = p_hash and x.used_at is null and x.expires_at > clock_timestamp() for update;
  select lower(u.email) into email from data.users u where u.tenant_id = i.tenant_id and u.id = i.user_id and u.active;
  if email is null then return false; end if;
  if i.kind = 'factor' and not (p_recovery is null and exists (select from guard.staff a where a.tenant_id = i.tenant_id and a.user_id = i.user_id and a.verifier = sha256(p_key)))
    and not guard.take_code(i.tenant_id, i.user_id, null, p_recovery) then
    perform guard.note_refused('wrong_password', email, null, p_ip);
    return false;
  end if;
  delete from guard.challenges c where c.invitation = p_hash;
  insert into guard.challenges (hash, kind, tenant_id, user_id, expires_at, invitation, email, salt, cost, verifier, seed, codes)
    values (p_challenge, 'enrol', i.tenant_id, i.user_id, clock_timestamp() + interval '5 minutes', p_hash, email, guard.salt_of(email), p_cost, sha256(p_key), p_seed, p_codes);
  return true;
end $$;

reset role;
revoke all on function guard.budgets_of(text, text, text, bytea), guard.pay(text, text, text, bytea), guard.repay(text, text, text, bytea), guard.forget(),
  guard.note_refused(text, text, uuid, text), guard.record_act(uuid, uuid, guard.grants, text), guard.known_device(bytea, text, uuid, uuid),
  guard.take_code(uuid, uuid, bigint, bytea), guard.end_logins(uuid, uuid), guard.enrol(guard.challenges, bigint),
  app.try_password(text, text, bytea, bytea, int), app.prove_password(bytea, bytea, uuid, bytea, text), app.try_code(bytea, text, bytea),
  app.sign_in(bytea, bigint, bytea, bytea, uuid, bytea, bytea, text, text, text, uuid, uuid), app.renew_mfa(bytea, bigint, bytea, text, text, uuid, uuid),
  app.sign_out(bytea, uuid, uuid), app.whoami(bytea), app.open_invitation(bytea, int), app.begin_enrolment(bytea, bytea, int, bytea, bytea, bytea, bytea[], text) from public;
grant execute on function app.try_password(text, text, bytea, bytea, int), app.prove_password(bytea, bytea, uuid, bytea, text), app.try_code(bytea, text, bytea),
  app.sign_in(bytea, bigint, bytea, bytea, uuid, bytea, bytea, text, text, text, uuid, uuid), app.renew_mfa(bytea, bigint, bytea, text, text, uuid, uuid),
  app.sign_out(bytea, uuid, uuid), app.whoami(bytea), app.open_invitation(bytea, int), app.begin_enrolment(bytea, bytea, int, bytea, bytea, bytea, bytea[], text) to app_api;
