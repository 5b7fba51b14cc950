-- What a signed draft of a plan writes: a request to a payer that is still to be sent, and changes of a care plan. Owner in code: sources/native.

set role app_owner;

-- The days of service asked for, and why, in the clinician's words; valid_from and valid_to are what the payer granted.
alter table data.prior_authorizations add column service_from date, add column service_to date, add column reason text;

reset role;

do $$
declare x record;
begin
  for x in select * from (values ('prior_authorizations', 'prior_authorization_draft'), ('care_plan_completions', 'care_plan_update_draft'),
    ('care_plan_goals', 'care_plan_update_draft'), ('care_plan_activities', 'care_plan_update_draft')) x (t, kind) loop
    execute format('create policy signed on data.%I as restrictive for insert with check ((select app.signs(array[%L])) or current_user <> ''app_api'')', x.t, x.kind);
    execute format('grant insert on data.%I to app_api', x.t);
  end loop;
  for x in select unnest(array['care_plans', 'care_plan_goals', 'care_plan_activities']) as t loop
    execute format('create policy signed_update on data.%I as restrictive for update using ((select app.signs(array[''care_plan_update_draft''])) or current_user <> ''app_api'')
      with check ((select app.signs(array[''care_plan_update_draft''])) or current_user <> ''app_api'')', x.t);
    execute format('grant update on data.%I to app_api', x.t);
  end loop;
end $$;

insert into guard.signing (kind, right_name, role, needs_licence)
  select 'prior_authorization_draft', 'sign_prior_authorizations', r, true from unnest(array['owner', 'physician']) r;
insert into guard.signing (kind, right_name, role, needs_licence)
  select 'care_plan_update_draft', 'sign_care_plans', r, true from unnest(array['owner', 'physician', 'nurse']) r;
