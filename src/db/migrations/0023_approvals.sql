-- What else can be approved ahead (mission.md D2): forms sent to patients, contact details confirmed as they stand, payments posted up to an amount. Each kind has
-- conditions of its own; a rule holds those of its kinds and no others, and what no rule speaks of is never signed ahead. Owner in code: review.

set role app_owner;

alter table data.standing_approvals
  drop constraint standing_approvals_kinds_check, drop constraint standing_approvals_modalities_check, drop constraint standing_approvals_roles_check,
  drop constraint standing_approvals_horizon_days_check,
  alter column modalities drop not null, alter column visit_types drop not null, alter column practitioner_ids drop not null, alter column horizon_days drop not null,
  -- Kinds of forms; empty: any.
  add column form_kinds text[],
  -- A posting is of at most so much.
  add column amount_limit_cents bigint,
  add check (kinds <> '{}' and kinds <@ array['appointment_draft', 'reschedule_draft', 'cancellation_draft', 'intake_form_draft', 'contact_update_draft', 'payment_posting_draft']),
  add check (roles <> '{}' and roles <@ array['owner', 'physician', 'nurse', 'front_desk', 'scheduler', 'biller', 'integration']),
  -- Of bookings: where, of what type, with whom, how far ahead.
  add check (case when kinds && array['appointment_draft', 'reschedule_draft', 'cancellation_draft']
    then modalities is not null and modalities <> '{}' and modalities <@ array['in_person', 'telehealth'] and visit_types is not null and practitioner_ids is not null
      and horizon_days is not null and horizon_days between 0 and 365
    else num_nonnulls(modalities, visit_types, practitioner_ids, horizon_days) = 0 end),
  add check (case when 'intake_form_draft' = any (kinds)
    then form_kinds is not null and form_kinds <@ array['new_patient', 'annual_update', 'consent', 'medical_history', 'phq9', 'ams', 'financial']
    else form_kinds is null end),
  add check (case when 'payment_posting_draft' = any (kinds) then amount_limit_cents is not null and amount_limit_cents > 0 else amount_limit_cents is null end);

reset role;
drop function app.create_approval(uuid, text[], text[], text[], text[], uuid[], int, int, date);
set role app_guard;

-- Signs a rule ahead: who may sign every kind of it, with a fresh second factor. Throws AT001; 23514 for what no rule may say.
create function app.create_approval(p_id uuid, p_kinds text[], p_roles text[], p_daily_limit int, p_expires_on date, p_modalities text[], p_visit_types text[], p_practitioners uuid[],
  p_horizon_days int, p_form_kinds text[], p_amount_limit_cents bigint)
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
  insert into data.standing_approvals (tenant_id, id, author_id, grant_id, kinds, roles, daily_limit, expires_on, modalities, visit_types, practitioner_ids, horizon_days, form_kinds, amount_limit_cents)
    values (seal[1]::uuid, p_id, seal[2]::uuid, seal[3]::uuid, p_kinds, p_roles, p_daily_limit, p_expires_on, p_modalities, p_visit_types, p_practitioners, p_horizon_days, p_form_kinds, p_amount_limit_cents);
  perform guard.note_review(p_id, 'approved_ahead', null, null, null);
end $$;

-- Ends it at once: its author, the owner, or who may sign a kind of what it signs. Taking away needs no second factor.
create or replace function app.revoke_approval(p_id uuid) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  seal text[] := guard.opened_seal();
  a data.standing_approvals;
begin
  if guard.login_id() is null then perform guard.refuse('not_permitted'); end if;
  select * into a from data.standing_approvals x where x.tenant_id = seal[1]::uuid and x.id = p_id for update;
  if a.id is null then perform guard.refuse('not_found'); end if;
  if a.author_id <> seal[2]::uuid
    and not exists (select from data.users u where u.tenant_id = a.tenant_id and u.id = seal[2]::uuid and u.role = 'owner')
    and not exists (select from unnest(a.kinds) k where coalesce(guard.why_not(k), 'mfa_needed') = 'mfa_needed') then
    perform guard.refuse('not_permitted');
  end if;
  if a.revoked_at is not null then return; end if;
  update data.standing_approvals x set revoked_at = clock_timestamp(), revoked_by = seal[2]::uuid where x.tenant_id = a.tenant_id and x.id = a.id;
  perform guard.note_review(a.id, 'approval_revoked', null, null, null);
end $$;

-- Whether a rule covers this payload of one of its kinds. An allow list: false for a kind that is not written here, and for a payload that does not say what is asked of it.
-- A visit is moved only where the rule covers it as it stands, too: a rule for one clinician takes no visit away from another.
create function guard.covers(a data.standing_approvals, of_kind text, payload jsonb, today date, time_zone text) returns boolean language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  case
    when of_kind in ('appointment_draft', 'reschedule_draft', 'cancellation_draft') then
      return coalesce(payload ->> 'modality' = any (a.modalities)
        and (a.visit_types = '{}' or lower(payload ->> 'visit_type') in (select lower(v) from unnest(a.visit_types) v))
        and (a.practitioner_ids = '{}' or (payload ->> 'practitioner_id')::uuid = any (a.practitioner_ids))
        and ((payload ->> 'start_at')::timestamptz at time zone time_zone)::date <= today + a.horizon_days
        and (of_kind <> 'reschedule_draft' or exists (
          select from data.appointments v where v.tenant_id = a.tenant_id and v.id = (payload ->> 'appointment_id')::uuid
            and v.modality = any (a.modalities) and (a.practitioner_ids = '{}' or v.practitioner_id = any (a.practitioner_ids)))), false);
    when of_kind = 'intake_form_draft' then
      return coalesce(payload ->> 'kind' is not null and (a.form_kinds = '{}' or payload ->> 'kind' = any (a.form_kinds)), false);
    when of_kind = 'contact_update_draft' then
      -- Said to be right as they stand, and nothing changed by it.
      return coalesce(payload -> 'changes' = '[]' and payload #>> '{confirmed,by}' in ('patient', 'staff'), false);
    when of_kind = 'payment_posting_draft' then
      -- To the cent as the payer paid it, and nothing that a person must look at.
      if a.amount_limit_cents is null or jsonb_typeof(payload -> 'amount_cents') is distinct from 'number' then return false; end if;
      return coalesce((payload ->> 'amount_cents')::numeric between 0 and a.amount_limit_cents and trunc((payload ->> 'amount_cents')::numeric) = (payload ->> 'amount_cents')::numeric
        and payload -> 'exceptions' = '[]', false);
    else return false;
  end case;
end $$;

-- Signs a draft that this very transaction has proposed, where a live rule covers it and no outside text stands in the conversation; no row where none does. The rule's
-- row is held to the end, so that its day is counted one by one. From then on rows can be written, as after app.sign_draft.
create or replace function app.sign_ahead(p_id uuid) returns table (approval_id uuid, operation text, payload jsonb) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
      and guard.covers(x, p.kind, p.payload, today, z.time_zone)
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
revoke all on function app.create_approval(uuid, text[], text[], int, date, text[], text[], uuid[], int, text[], bigint), guard.covers(data.standing_approvals, text, jsonb, date, text) from public;
grant execute on function app.create_approval(uuid, text[], text[], int, date, text[], text[], uuid[], int, text[], bigint) to app_api;
