import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { toolOf } from '../http/tool-schema.ts';
import { catalogue } from './index.ts';

/** Every string in a schema, by its path, with its marks. */
function stringsOf(schema: z.ZodType, path: string): { path: string; meta: z.GlobalMeta }[] {
  const meta = schema.meta() ?? {};
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    const inner = schema.unwrap() as z.ZodType;
    return stringsOf(inner, path);
  }
  if (meta.narrative || meta.words === 'shown') return [];
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).flatMap(([name, field]) => stringsOf(field as z.ZodType, `${path}.${name}`));
  if (schema instanceof z.ZodArray) return stringsOf(schema.element as z.ZodType, `${path}[]`);
  return schema instanceof z.ZodString ? [{ path, meta }] : [];
}

describe('the catalogue', () => {
  it('has the published names, sorted, each once', () => {
    const names = catalogue.map(({ name }) => name);
    expect(names).toEqual([
      'begin_conversation',
      'clear_drift_alert',
      'connection_status',
      'create_approval',
      'create_webhook_endpoint',
      'disable_webhook_endpoint',
      'draft_appointment',
      'draft_cancellation',
      'draft_care_plan_update',
      'draft_chart_note',
      'draft_contact_update',
      'draft_intake_form',
      'draft_message_batch',
      'draft_order',
      'draft_patient',
      'draft_patient_message',
      'draft_payment_posting',
      'draft_prior_authorization',
      'draft_referral',
      'draft_reschedule',
      'draft_task_update',
      'draft_vitals',
      'enable_webhook_endpoint',
      'find_abnormal_labs_across_panel',
      'find_care_gaps',
      'find_care_plan_items_due',
      'find_denials',
      'find_lab_trend_outliers',
      'find_open_slots',
      'find_patients_due_for_labs',
      'find_unsigned_notes',
      'get_allergies',
      'get_appointments',
      'get_authorizations',
      'get_billing_summary',
      'get_care_plans',
      'get_chart_notes',
      'get_claims',
      'get_coverage',
      'get_draft',
      'get_encounters',
      'get_inbox',
      'get_intake_status',
      'get_lab_orders',
      'get_labs',
      'get_lead_funnel',
      'get_medications',
      'get_membership_metrics',
      'get_no_shows_and_cancellations',
      'get_operation',
      'get_patient',
      'get_patient_balance',
      'get_patient_profit',
      'get_patient_summary',
      'get_prescriptions',
      'get_prior_authorizations',
      'get_problem_list',
      'get_quality_measures',
      'get_referrals',
      'get_remittances',
      'get_statements',
      'get_vendor_write',
      'get_vitals',
      'get_webhook_delivery',
      'invite_person',
      'list_approval_uses',
      'list_approvals',
      'list_changes',
      'list_connections',
      'list_credentials',
      'list_deliveries',
      'list_draft_figures',
      'list_drafts',
      'list_drift_alerts',
      'list_holds',
      'list_licences',
      'list_logins',
      'list_message_consents',
      'list_people',
      'list_practitioners',
      'list_undelivered',
      'list_vendor_writes',
      'list_webhook_deliveries',
      'list_webhook_endpoints',
      'manage_connection',
      'mint_credential',
      'read_untrusted',
      'record_licence',
      'record_message_consent',
      'reject_draft',
      'reject_hold',
      'release_hold',
      'remove_webhook_endpoint',
      'replay_dead_webhooks',
      'replay_webhook_delivery',
      'reset_second_factor',
      'resolve_vendor_write',
      'review_draft',
      'review_hold',
      'review_together',
      'revise_draft',
      'revoke_approval',
      'revoke_credential',
      'revoke_login',
      'rotate_webhook_secret',
      'search_audit_log',
      'search_patients',
      'send_test_webhook',
      'sign_draft',
      'sign_together',
      'update_person',
      'update_webhook_endpoint',
    ]);
    expect(names).toEqual([...new Set(names)].sort());
    expect(Object.isFrozen(catalogue)).toBe(true);
  });

  it('has the published arguments', () => {
    const args = Object.fromEntries(catalogue.map(({ name, input }) => [name, Object.keys(input.shape).sort()]));
    expect(args).toMatchObject({
      search_patients: ['cursor', 'limit', 'query'],
      get_patient: ['patient_id'],
      get_labs: ['aggregate', 'codes', 'cursor', 'fields', 'limit', 'panel', 'patient_id', 'since', 'until'],
      find_abnormal_labs_across_panel: ['cursor', 'limit', 'mode', 'panel', 'provider_id', 'since', 'unacknowledged'],
      find_lab_trend_outliers: ['cursor', 'direction', 'finding', 'limit', 'marker', 'provider_id'],
      find_patients_due_for_labs: ['cursor', 'include_pending', 'limit', 'panel', 'provider_id', 'within_days'],
      get_chart_notes: ['cursor', 'encounter_id', 'limit', 'max_bytes', 'patient_id', 'since', 'until'],
      find_unsigned_notes: ['cursor', 'limit', 'older_than_days', 'provider_id', 'since'],
      get_encounters: ['cursor', 'date_range', 'limit', 'patient_id', 'provider_id', 'status'],
      get_vitals: ['aggregate', 'cursor', 'kind', 'limit', 'patient_id', 'setting', 'since', 'until'],
      get_allergies: ['cursor', 'limit', 'patient_id'],
      get_problem_list: ['cursor', 'include_resolved', 'limit', 'patient_id'],
      get_lab_orders: ['cursor', 'limit', 'patient_id', 'provider_id', 'since', 'status'],
      get_prescriptions: ['cursor', 'limit', 'medication_id', 'patient_id', 'since', 'status'],
      get_coverage: ['cursor', 'limit', 'on', 'patient_id'],
      get_medications: ['active_only', 'cursor', 'limit', 'patient_id'],
      get_appointments: ['cursor', 'date_range', 'limit', 'patient_id', 'provider_id'],
      list_changes: ['after', 'cursor', 'kinds', 'limit', 'patient_id', 'updated_since'],
      get_quality_measures: ['as_of', 'measure', 'period_year', 'provider_id'],
      find_care_gaps: ['as_of', 'cursor', 'limit', 'measure', 'patient_id', 'period_year', 'provider_id', 'state'],
      get_no_shows_and_cancellations: ['by', 'cursor', 'date_range', 'limit', 'list', 'provider_id'],
      find_open_slots: ['cursor', 'date_range', 'limit', 'minutes', 'modality', 'part_of_day', 'provider_id'],
      list_practitioners: ['active_only', 'cursor', 'limit', 'name', 'role', 'specialty'],
      get_inbox: ['cursor', 'filter', 'item_id', 'limit', 'max_bytes', 'patient_id', 'provider_id'],
      get_intake_status: ['cursor', 'date_range', 'limit', 'missing_only', 'patient_id', 'provider_id'],
      get_care_plans: ['active_only', 'cursor', 'limit', 'patient_id'],
      find_care_plan_items_due: ['cursor', 'kind', 'limit', 'provider_id', 'within_days'],
      get_referrals: ['awaiting', 'cursor', 'direction', 'limit', 'patient_id', 'provider_id', 'since', 'status'],
      get_prior_authorizations: ['cursor', 'limit', 'patient_id', 'pending_days', 'provider_id', 'status'],
      get_authorizations: ['cursor', 'ends_within_days', 'limit', 'low_only', 'patient_id', 'state'],
      get_billing_summary: ['date_range', 'provider_id'],
      get_patient_profit: ['patient_id'],
      get_lead_funnel: ['date_range', 'within_days'],
      get_membership_metrics: ['month'],
      get_claims: ['claim_number', 'cursor', 'date_range', 'fields', 'limit', 'older_than_days', 'patient_id', 'payer', 'status'],
      find_denials: ['class', 'cursor', 'date_range', 'limit', 'patient_id', 'payer', 'provider_id', 'state'],
      get_remittances: ['claims_from', 'cursor', 'date_range', 'limit', 'needs_work', 'payer', 'remittance_id'],
      get_patient_balance: ['cursor', 'limit', 'patient_id'],
      get_statements: ['cursor', 'date_range', 'limit', 'overdue', 'patient_id', 'status'],
      connection_status: [],
      draft_chart_note: ['encounter_id', 'patient_id', 'request_key', 'soap', 'title'],
      draft_message_batch: ['body', 'category', 'channel', 'patient_ids', 'request_key', 'subject'],
      draft_patient_message: ['body', 'category', 'channel', 'patient_id', 'reply_to', 'request_key', 'subject'],
      get_draft: ['draft_id'],
      get_operation: ['operation_id'],
      read_untrusted: ['offset', 'ref'],
    });
  });

  it('says whose words every string of an answer holds, and hides or clears every string of an input', () => {
    const answers = catalogue.flatMap(({ name, output }) => stringsOf(output, name)).filter(({ meta }) => meta.words === undefined);
    const inputs = catalogue
      .flatMap(({ name, input }) => stringsOf(input, name))
      .filter(({ meta }) => meta.phi === undefined && meta.secret !== true && meta.clear !== true);
    expect([answers, inputs]).toEqual([[], []]);
  });

  it('describes each tool in at most 400 characters, and all of them in 1,000 bytes on average', () => {
    expect(catalogue.filter(({ description }) => description.length > 400).map(({ name }) => name)).toEqual([]);
    const bytes = catalogue.map((operation) => Buffer.byteLength(JSON.stringify(toolOf(operation))));
    expect(bytes.reduce((sum, size) => sum + size, 0) / catalogue.length).toBeLessThanOrEqual(1000);
  });

  it('gives a list the two arguments of a list, and rows with their id', () => {
    for (const operation of catalogue) {
      if (operation.effect !== 'read' || !operation.page) continue;
      expect(Object.keys(operation.input.shape)).toEqual(expect.arrayContaining(['limit', 'cursor']));
      const rows = operation.output.shape[operation.page.list] as z.ZodArray<z.ZodObject>;
      expect(Object.keys(rows.element.shape)).toContain(operation.page.id);
    }
  });
});
