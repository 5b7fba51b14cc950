// Which rows a question across patients counts: `r` is a lab result, `p` a patient.

export const FINAL = "r.status in ('final', 'amended', 'corrected')";

/** Not corrected by another. Few results are, so they are gathered once instead of being looked for beside each row. */
export const STANDS = `r.id not in (select c.corrects from lab_results c where c.corrects is not null and c.status <> 'entered_in_error')`;

/** Patients who are left out are counted from the join, never filtered in it: what is told of the columns of a patient is nothing, not even to the planner. */
export const LISTED = 'p.active and p.deceased_on is null and p.replaced_by is null';
