import * as z from 'zod';

// The codes of FHIR Goal and CarePlan.activity, but entered-in-error.
export const GoalStatus = z.enum(['proposed', 'planned', 'accepted', 'active', 'on_hold', 'completed', 'cancelled']);
export const Achievement = z.enum([
  'in_progress',
  'improving',
  'worsening',
  'no_change',
  'achieved',
  'sustaining',
  'not_achieved',
  'not_attainable',
]);
export const ActivityStatus = z.enum(['not_started', 'scheduled', 'in_progress', 'on_hold', 'completed', 'cancelled']);
export const ActivityKind = z.enum(['lab', 'visit', 'vital', 'education', 'referral', 'medication_review', 'screening', 'other']);
