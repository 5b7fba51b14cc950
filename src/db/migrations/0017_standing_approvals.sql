-- Standing approvals (mission.md D2): a person with the signing right signs a rule ahead, and a booking that fits it, from a clean conversation, is signed by it in
-- her name as it is proposed. An allow list: visits booked, moved and called off, and nothing else. Owner in code: review.

set role app_owner;

create table data.standing_approvals (
  tenant_id uuid not null references data.tenants,
  id uuid not null,
  author_id uuid not null,
  grant_id uuid not null,
  kinds text[] not null check (kinds <> '{}' and kinds <@ array['appointment_draft', 'reschedule_draft', 'cancellation_draft']),
  modalities text[] not null check (modalities <> '{}' and modalities <@ array['in_person', 'telehealth']),
  -- Whose AI may propose it.
  roles text[] not null check (roles <> '{}' and roles <@ array['owner', 'physician', 'nurse', 'front_desk', 'scheduler', 'integration']),
  -- Empty: any.
  visit_types text[] not null,
  practitioner_ids uuid[] not null,
  -- The visit is at most so many clinic days ahead.
  horizon_days int not null check (horizon_days between 0 and 365),
  -- Drafts of one clinic day.
  daily_limit int not null check (daily_limit between 1 and 1000),
  -- The last clinic day on which it signs.
  expires_on date not null,
  created_at timestamptz not null default clock_timestamp(),
  revoked_at timestamptz,
  revoked_by uuid,
  primary key (tenant_id, id)
);

-- What an approval signed: id is the draft's.
create table data.approval_uses (
  tenant_id uuid not null,
  id uuid not null,
  approval_id uuid not null,
  used_on date not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  foreign key (tenant_id, approval_id) references data.standing_approvals (tenant_id, id),
  foreign key (tenant_id, id) references data.pending_actions (tenant_id, id)
);
create index approval_uses_day on data.approval_uses (tenant_id, approval_id, used_on);

alter table data.review_events add column approval_id uuid;
alter table data.review_events drop constraint review_events_what_check;
alter table data.review_events add constraint review_events_what_check check (what in
  ('proposed', 'held', 'released', 'revised', 'signed', 'committed', 'rejected', 'expired', 'new_conversation', 'approved_ahead', 'approval_revoked'));

reset role;
select guard.tenant_table(t) from unnest(array['standing_approvals', 'approval_uses']) t;

set role app_guard;

create function guard.clinic_day(of_tenant uuid) returns date language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin return (select (clock_timestamp() at time zone t.time_zone)::date from data.tenants t where t.tenant_id = of_tenant); end $$;

-- Signs a rule ahead: who may sign every kind of it, with a fresh second factor. Throws AT001; 23514 for what no rule may say.
create function app.create_approval(p_id uuid, p_kinds text[], p_modalities text[], p_roles text[], p_visit_types text[], p_practitioners uuid[], p_horizon_days int, p_daily_limit int, p_expires_on date)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  seal text[] := guard.opened_seal();
  today date := guard.clinic_day(seal[1]::uuid);
  why text;
begin
  if guard.login_id() is null then perform guard.refuse('not_permitted'); end if;
  select w into why from unnest(p_kinds) k cross join lateral guard.why_not(k) w where w is not null limit 1;
  if why is not null then perform guard.refuse(why); end if;
  if p_expires_on < today or p_expires_on > today + 366 then perform guard.refuse('expiry'); end if;
  insert into data.standing_approvals (tenant_id, id, author_id, grant_id, kinds, modalities, roles, visit_types, practitioner_ids, horizon_days, daily_limit, expires_on)
    values (seal[1]::uuid, p_id, seal[2]::uuid, seal[3]::uuid, p_kinds, p_modalities, p_roles, p_visit_types, p_practitioners, p_horizon_days, p_daily_limit, p_expires_on);
  perform guard.note_review(p_id, 'approved_ahead', null, null, null);
end $$;

-- Ends it at once: its author, the owner, or who may sign what it signs. Taking away needs no second factor.
create function app.revoke_approval(p_id uuid) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  seal text[] := guard.opened_seal();
  a data.standing_approvals;
begin
  if guard.login_id() is null then perform guard.refuse('not_permitted'); end if;
  select * into a from data.standing_approvals x where x.tenant_id = seal[1]::uuid and x.id = p_id for update;
  if a.id is null then perform guard.refuse('not_found'); end if;
  if a.author_id <> seal[2]::uuid
    and not exists (select from data.users u where u.tenant_id = a.tenant_id and u.id = seal[2]::uuid and u.role = 'owner')
    and coalesce(guard.why_not(a.kinds[1]), 'mfa_needed') <> 'mfa_needed' then
    perform guard.refuse('not_permitted');
  end if;
  if a.revoked_at is not null then return; end if;
  update data.standing_approvals x set revoked_at = clock_timestamp(), revoked_by = seal[2]::uuid where x.tenant_id = a.tenant_id and x.id = a.id;
  perform guard.note_review(a.id, 'approval_revoked', null, null, null);
end $$;

-- Whether the author of a rule could still sign this kind herself.
create function guard.still_signs(of_tenant uuid, of_user uuid, of_kind text) returns boolean language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return exists (
    select from data.users u join guard.signing s on s.kind = of_kind and (s.role = u.role or s.right_name = any (u.signs))
    where u.tenant_id = of_tenant and u.id = of_user and u.active and (not s.needs_licence or guard.is_licensed(u.tenant_id, u.id)));
end $$;

-- Signs a draft that this very transaction has proposed, where a live rule covers it and no outside text stands in the conversation; no row where none does. The rule's
-- row is held to the end, so that its day is counted one by one. From then on rows can be written, as after app.sign_draft.
create function app.sign_ahead(p_id uuid) returns table (approval_id uuid, operation text, payload jsonb) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  seal text[] := guard.opened_seal();
  t uuid := seal[1]::uuid;
  today date := guard.clinic_day(t);
  p data.pending_actions;
  rule uuid;
  a data.standing_approvals;
begin
  if t is null or guard.login_id() is not null then return; end if;
  select * into p from data.pending_actions x
    where x.tenant_id = t and x.id = p_id and x.proposed_by = seal[2]::uuid and x.status = 'pending' and x.version = 1 and x.hold_id is null and x.xmin = pg_current_xact_id()::xid;
  if p.id is null then return; end if;
  if exists (select from data.taint_state s where s.tenant_id = t and s.user_id = p.proposed_by and (s.cleared_at is null or s.last_at > s.cleared_at)) then return; end if;
  for rule in
    select x.id from data.standing_approvals x join data.users u on u.tenant_id = t and u.id = p.proposed_by
    join data.tenants z on z.tenant_id = t
    where x.tenant_id = t and x.revoked_at is null and x.expires_on >= today and p.kind = any (x.kinds) and u.role = any (x.roles)
      and p.payload ->> 'modality' = any (x.modalities)
      and (x.visit_types = '{}' or lower(p.payload ->> 'visit_type') in (select lower(v) from unnest(x.visit_types) v))
      and (x.practitioner_ids = '{}' or (p.payload ->> 'practitioner_id')::uuid = any (x.practitioner_ids))
      and ((p.payload ->> 'start_at')::timestamptz at time zone z.time_zone)::date <= today + x.horizon_days
    order by x.created_at, x.id
  loop
    select * into a from data.standing_approvals x where x.tenant_id = t and x.id = rule and x.revoked_at is null for update;
    continue when a.id is null or not guard.still_signs(t, a.author_id, p.kind);
    continue when (select count(*) from data.approval_uses x where x.tenant_id = t and x.approval_id = a.id and x.used_on = today) >= a.daily_limit;
    insert into data.approval_uses (tenant_id, id, approval_id, used_on) values (t, p.id, a.id, today);
    update data.pending_actions x set status = 'signed', decided_at = clock_timestamp(), decided_by = a.author_id where x.tenant_id = t and x.id = p.id;
    insert into data.review_events (tenant_id, subject_id, what, user_id, grant_id, version, payload_hash, approval_id)
      values (t, p.id, 'signed', a.author_id, seal[3]::uuid, p.version, p.payload_hash, a.id);
    perform guard.sign(p.id, p.kind);
    return query select a.id, p.operation, p.payload;
    return;
  end loop;
end $$;

reset role;
revoke all on all functions in schema guard, app from public;
grant execute on function app.create_approval(uuid, text[], text[], text[], text[], uuid[], int, int, date), app.revoke_approval(uuid), app.sign_ahead(uuid) to app_api;
grant select on data.standing_approvals, data.approval_uses to app_api;
grant select, insert, update on data.standing_approvals to app_guard;
grant select, insert on data.approval_uses to app_guard;
create policy guard on data.standing_approvals to app_guard using (true) with check (true);
create policy guard on data.approval_uses to app_guard using (true) with check (true);
-- Rules are for people.
create policy reader on data.standing_approvals as restrictive using ((select app.is_login()) or current_user = 'app_guard');
create policy reader on data.approval_uses as restrictive using ((select app.is_login()) or current_user = 'app_guard');
