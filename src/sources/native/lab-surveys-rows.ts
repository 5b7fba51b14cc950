// Which rows a question across patients counts: `r` is a lab result, `p` a patient.

export const FINAL = "r.status in ('final', 'amended', 'corrected')";

/** Not corrected by another. Few results are, so they are gathered once instead of being looked for beside each row. */
export const STANDS = `r.id not in (select c.corrects from lab_results c where c.corrects is not null and c.status <> 'entered_in_error')`;

/** Whether the patient of row `x` is left out of a question across patients. They are few and have an index of their own. Nothing is kept of the columns of a
 *  patient, so the planner takes them for many; `group by` makes it take them for few, and hold them as a set in memory. */
export const LEFT_OUT = (x: string) =>
  `((${x}.patient_id in (select p.id from patients p where not p.active or p.deceased_on is not null or p.replaced_by is not null group by p.id)) is true)`;

/** Why, of one who is. */
export const WHY_LEFT_OUT = (x: string) =>
  `(select case when p.replaced_by is not null then 'patients_merged' when p.deceased_on is not null then 'patients_deceased' else 'patients_inactive' end
    from patients p where p.id = ${x}.patient_id)`;
