// A clinic's account at a vendor, and writes to it that have been through something: rows as the keeper leaves them, each state made by the write machine itself.
import { randomUUID } from 'node:crypto';
import type { Session } from '../../src/connections/session.ts';
import {
  type Attempt,
  plannedWrite,
  type WriteEvent,
  type WriteRules,
  type WriteState,
  writeMachine,
} from '../../src/connections/write.ts';
import { plusDays } from '../../src/domains/days.ts';
import type { Role } from '../../src/governance/roles.ts';
import { type Attending, TODAY } from '../app.ts';
import { callTool, EVERY_TOOLSET } from '../mcp.ts';

export const MARKED: WriteRules & { request_ms: number } = {
  ...{ kind: 'create', marked: true, quiet_ms: 60_000, negatives_needed: 3, most_resends: 1, most_attempts: 12 },
  ...{ look_for_ms: 4 * 60 * 60_000, request_ms: 30_000 },
};
export const UNMARKED: typeof MARKED = { ...MARKED, marked: false };

type At = Pick<Attending, 'admin' | 'tenants'>;

/** An account at a vendor with a session at this stage; without one nobody has signed in yet. The id of its connection. */
export async function aVendorAccount(
  { admin, tenants }: At,
  { stage, clinic = 0, vendor = 'practice' }: { stage?: Session['stage']; clinic?: 0 | 1; vendor?: string } = {},
): Promise<string> {
  const [tenant_id, connection_id] = [tenants[clinic]?.tenant_id, randomUUID()];
  await admin.query('insert into data.connections (tenant_id, id, vendor) values ($1, $2, $3)', [tenant_id, connection_id, vendor]);
  if (stage)
    await admin.query("insert into data.vendor_sessions (tenant_id, key, revision, state, effects) values ($1, $2, 1, $3, '[]')", [
      ...[tenant_id, `account:${connection_id}`, { session: { stage, epoch: 1 }, factor: { challenge: { at: 'none' } } }],
    ]);
  return connection_id;
}

/** A draft that a person has signed and that is carried out elsewhere. */
export async function aCarriedDraft(
  attending: Attending,
  what: 'visit' | 'note' = 'visit',
  n = 0,
): Promise<{ draft_id: string; patient_id: string; patient: string }> {
  const { admin, tenants, url, tokens } = attending;
  const tenant_id = tenants[0]?.tenant_id;
  const { rows } = await admin.query(
    `select p.id, p.given_name || ' ' || p.family_name as name from data.patients p
     where p.tenant_id = $1 and p.active and p.replaced_by is null and p.deceased_on is null order by p.id offset $2 limit 1`,
    [tenant_id, 20 + n],
  );
  const { id: patient_id, name: patient } = rows[0];
  const call = async (tool: string, args: object, by: Role) => {
    const { result, body } = await callTool(url, tokens[by], tool, args, EVERY_TOOLSET);
    if (result?.isError === true || !result?.structuredContent) throw new Error(body);
    return result.structuredContent;
  };
  const from = plusDays(attending.app.clock.now().toISOString().slice(0, 10) || TODAY, 10 + 3 * n);
  const booked = async () => {
    const asked = { date_range: { from, to: plusDays(from, 12) }, minutes: 30, modality: 'in_person', limit: 1 };
    const [slot] = (await call('find_open_slots', asked, 'front_desk')).slots as { start_at: string; practitioner_id: string }[];
    return call(
      'draft_appointment',
      { patient_id, provider_id: slot?.practitioner_id, visit_type: 'follow-up', start_at: slot?.start_at, modality: 'in_person' },
      'front_desk',
    );
  };
  const made = await (what === 'visit'
    ? booked()
    : call('draft_chart_note', { patient_id, soap: { plan: `Return in six months. ${n}` } }, 'physician'));
  await admin.query(
    `update data.pending_actions p set status = 'parked', decided_at = clock_timestamp() - interval '3 hours',
       decided_by = (select u.id from data.users u where u.tenant_id = p.tenant_id and u.role = $2 order by u.id limit 1) where p.id = $1`,
    [made.draft_id, what === 'visit' ? 'front_desk' : 'physician'],
  );
  return { draft_id: made.draft_id as string, patient_id, patient };
}

const attempt = (now: number): Omit<Attempt, 'n'> => ({ fence: 7, epoch: 3, sent_by: now + 30_000, body_sha256: '0'.repeat(64) });
const taken = (now: number): WriteEvent => ({ type: 'taken', attempt: attempt(now) });

/** Sent, no clear answer, looked for in vain as often as it takes, sent again, and again not found: parked. `began` is Unix ms. */
export const NEVER_FOUND = ['taken', 'unknown', 'none', 'none', 'none', 'taken', 'unknown', 'none', 'none', 'none'] as const;
/** Of an unmarked surface: two records that fit it. */
export const NOT_TOLD_APART = ['taken', 'unknown', 'nothing', 'none', 'two'] as const;
export const IN_DOUBT = ['taken', 'unknown', 'none'] as const;
export const HELD = ['held'] as const;
type Word = (typeof NEVER_FOUND)[number] | (typeof NOT_TOLD_APART)[number] | (typeof HELD)[number];

/** Every state of a write to which this happened, by the machine. */
export function statesOf(
  words: readonly Word[],
  { began, rules = MARKED }: { began: number; rules?: WriteRules },
): { at: number; state: WriteState }[] {
  const machine = writeMachine(rules);
  let [state, now] = [plannedWrite(began), began];
  return words.map((word) => {
    now += word === 'taken' || word === 'held' ? 5_000 : 120_000;
    const n = 'attempt' in state ? state.attempt.n : 0;
    const looked = (finding: { there: string[] } | 'nothing') => ({ type: 'looked', n, began_at: now, finding }) as const;
    const events: Record<Word, WriteEvent> = {
      taken: taken(now),
      unknown: { type: 'answered', n, outcome: { as: 'unknown' }, roll: 0 },
      none: looked({ there: [] }),
      nothing: looked('nothing'),
      two: looked({ there: ['V-2001', 'V-2002'] }),
      held: { type: 'held', trouble: 'AUTH_LOCKED', roll: 0 },
    };
    state = machine(state, events[word], now).state;
    return { at: now, state };
  });
}

/** Puts it in the books. */
export async function aVendorWrite(
  { admin, tenants }: At,
  write: { connection_id: string; draft_id?: string; states: { at: number; state: WriteState }[]; clinic?: 0 | 1; surface?: string },
): Promise<{ write_id: string; version: number }> {
  const { connection_id, draft_id, states, clinic = 0, surface = 'visits.create' } = write;
  const [tenant_id, write_id] = [tenants[clinic]?.tenant_id, randomUUID()];
  const first = states[0]?.at ?? Date.now();
  await admin.query(
    `insert into data.vendor_writes (tenant_id, id, connection_id, draft_id, surface, request, request_key, version, state, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, to_timestamp($10 / 1000.0), to_timestamp($11 / 1000.0))`,
    [
      ...[tenant_id, write_id, connection_id, draft_id ?? null, surface, { patient: write_id }, write_id, states.length],
      ...[states.at(-1)?.state ?? plannedWrite(first), first, states.at(-1)?.at ?? first],
    ],
  );
  // Its draft follows it, wherever the test has put it.
  const stands = states.at(-1)?.state.is === 'parked' ? 'parked' : 'signed';
  await admin.query('update data.pending_actions set status = $2 where id = $1', [draft_id, stands]);
  for (const [n, { at, state }] of states.entries())
    await admin.query(
      'insert into data.vendor_write_events (tenant_id, write_id, version, fence, state, at) values ($1, $2, $3, 7, $4, to_timestamp($5 / 1000.0))',
      [tenant_id, write_id, n + 1, state, at],
    );
  return { write_id, version: states.length };
}
