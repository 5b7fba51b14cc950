-- What a signed draft of a clinical kind writes: vital signs, orders, the end of a task, the review of a result, referrals. Owner in code: sources/native.

set role app_owner;

-- What was done, in the words of who ended it, and who that was: a user of the house.
alter table data.tasks add column outcome text, add column ended_by uuid;
alter table data.lab_reviews add column note text;
-- How much is to be dispensed, as ordered.
alter table data.medication_requests add column quantity numeric check (quantity > 0), add column quantity_unit text;
-- Why the patient is sent, in the referring clinician's words.
alter table data.referrals add column reason text;

reset role;

do $$
declare x record;
begin
  for x in select * from (values ('vital_signs', 'vitals_draft'), ('lab_orders', 'order_draft'), ('medication_requests', 'order_draft'), ('lab_reviews', 'task_update_draft'),
    ('referrals', 'referral_draft')) x (t, kind) loop
    execute format('create policy signed on data.%I as restrictive for insert with check ((select app.signs(array[%L])) or current_user <> ''app_api'')', x.t, x.kind);
    execute format('grant insert on data.%I to app_api', x.t);
  end loop;
end $$;
create policy signed_update on data.tasks as restrictive for update using ((select app.signs(array['task_update_draft'])) or current_user <> 'app_api')
  with check ((select app.signs(array['task_update_draft'])) or current_user <> 'app_api');
grant update on data.tasks to app_api;

insert into guard.signing (kind, right_name, role, needs_licence) values
  ('vitals_draft', 'sign_vitals', 'owner', true), ('vitals_draft', 'sign_vitals', 'physician', true), ('vitals_draft', 'sign_vitals', 'nurse', false),
  ('order_draft', 'sign_orders', 'owner', true), ('order_draft', 'sign_orders', 'physician', true),
  ('task_update_draft', 'sign_tasks', 'owner', false), ('task_update_draft', 'sign_tasks', 'physician', true), ('task_update_draft', 'sign_tasks', 'nurse', false),
  ('referral_draft', 'sign_referrals', 'owner', true), ('referral_draft', 'sign_referrals', 'physician', true);
