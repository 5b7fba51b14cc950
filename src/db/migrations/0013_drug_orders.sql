-- Which patients take a drug, from the index alone and by its ingredient: of a clinic's orders few are of drugs that are watched. A name of more than
-- 500 characters is of no ingredient, and would not fit into an index.
set role app_owner;
create index medication_requests_ingredient on data.medication_requests (tenant_id, ingredient, patient_id)
  include (id, status, start_on, authored_on, end_on, replaced_by) where length(ingredient) <= 500;
reset role;
