// The desk of a clinic: a row in each of its books, a person's login, and a draft of every kind that waits for her signature.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { systemRandom } from '../../src/base/random.ts';
import { mintSecret } from '../../src/governance/credentials.ts';

type Json = Record<string, unknown>;

/** In the order of their foreign keys. `canary` is in every text that may be any. */
export function desk({ canary, user_id, patient_id }: { canary: string; user_id: string; patient_id: string }): Record<string, Json> {
  const [draft_id, approval_id, endpoint_id, event_id, delivery_id] = Array.from({ length: 5 }, () => randomUUID());
  const filed = {
    operation: canary,
    kind: 'appointment_draft',
    payload: { canary },
    content_hash: '\\x01',
    patient_id,
    proposed_by: user_id,
    credential_id: randomUUID(),
    created_at: '2026-11-20T09:00:00-05:00',
    expires_at: '2999-01-01T00:00:00Z',
  };
  return {
    webhook_endpoints: {
      ...{ id: endpoint_id, name: canary, url: `https://${canary}.example`, events: ['draft.signed'] },
      ...{ status: 'disabled', disabled_reason: 'by_person', failures: 0, secret_id: randomUUID(), created_by: user_id },
      created_at: '2026-11-20T09:00:00-05:00',
    },
    webhook_sequences: { object_id: draft_id, seq: 1 },
    webhook_events: { id: event_id, type: 'draft.signed', object_id: draft_id, seq: 1, occurred_at: '2026-11-20T09:00:00-05:00' },
    webhook_deliveries: {
      ...{ id: delivery_id, event_id, endpoint_id, object_id: draft_id, seq: 1, status: 'delivered', attempts: 1 },
      created_at: '2026-11-20T09:00:00-05:00',
    },
    webhook_attempts: { id: randomUUID(), delivery_id, n: 1, endpoint_id, ended_at: '2026-11-20T09:00:00-05:00', answer: 204 },
    pending_actions: {
      ...filed,
      id: draft_id,
      payload_hash: '\\x02',
      version: 1,
      proposed_payload: { canary },
      status: 'committed',
    },
    held_proposals: { ...filed, id: randomUUID(), binding_hash: '\\x03', sources: [{ text: canary }], status: 'held' },
    review_events: {
      id: randomUUID(),
      subject_id: draft_id,
      what: 'rejected',
      user_id,
      reason: canary,
      created_at: '2026-11-20T09:00:00-05:00',
    },
    standing_approvals: {
      id: approval_id,
      author_id: user_id,
      grant_id: randomUUID(),
      kinds: ['appointment_draft'],
      modalities: ['in_person'],
      roles: ['owner'],
      visit_types: [canary],
      practitioner_ids: [],
      horizon_days: 1,
      daily_limit: 1,
      expires_on: '2026-11-20',
      created_at: '2026-11-20T09:00:00-05:00',
    },
    // deliveries and delivery_events are made from it.
    outgoing_messages: {
      ...{ id: draft_id, draft_id, patient_id, channel: 'email', category: 'administrative', recipient: canary, sender: canary },
      ...{ subject: canary, body: canary, created_at: '2026-11-20T09:00:00-05:00' },
    },
    approval_uses: { id: draft_id, approval_id, used_on: '2026-11-20', created_at: '2026-11-20T09:00:00-05:00' },
  };
}

/** The login of a person whose second factor is fresh. */
export async function aLogin(admin: pg.Client, { tenant_id, user_id }: { tenant_id: string; user_id: string }) {
  const { token, hash } = mintSecret(systemRandom, 'login');
  const credential_id = randomUUID();
  await admin.query(
    `insert into guard.grants (id, hash, kind, tenant_id, user_id, name, mfa_at, seen_at, expires_at)
     values ($1, $2, 'login', $3, $4, 'test', clock_timestamp(), clock_timestamp(), clock_timestamp() + interval '12 hours')`,
    [credential_id, hash, tenant_id, user_id],
  );
  return { credential_id, token, hash, user_id, sql: `'\\x${hash.toString('hex')}'` };
}

export interface Draft {
  draft_id: string;
  kind: string;
  /** The statement that signs it. */
  sign: string;
}

/** Proposes a draft of every kind that there is, of one patient, as the AI of a colleague to whom nothing from outside was delivered. */
export async function drafts(
  admin: pg.Client,
  { tenant_id, canary, colleague, patient_id }: { tenant_id: string; canary: string; colleague: { sql: string }; patient_id: string },
): Promise<Draft[]> {
  await admin.query(`begin; select app.enter(${colleague.sql})`);
  await admin.query(
    `select app.propose('test', kind, jsonb_build_object('canary', $1::text, 'kind', kind), jsonb_build_object('canary', $1::text), $2, null, null)
     from (select distinct kind from guard.signing) k`,
    [canary, patient_id],
  );
  await admin.query('commit');
  const { rows } = await admin.query<Draft>(
    `select id as draft_id, kind, format('select app.sign_draft(%L, %s, %L)', id, version, payload_hash) as sign
     from data.pending_actions where tenant_id = $1 and status = 'pending' order by kind`,
    [tenant_id],
  );
  return rows;
}
