// Who signs what is written twice: in SQL, where it is enforced, and in roles.ts, where it is told. Here they are held equal, and to mission.md ("Roles").
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aRecord, type TestRecord } from '../../test/builders/record.ts';
import { catalogue } from '../operations/index.ts';
import { ROLES, type Role } from './roles.ts';

let record: TestRecord;
let rows: { kind: string; right_name: string; role: Role; needs_licence: boolean }[];
beforeAll(async () => {
  record = await aRecord();
  rows = (await record.admin.query('select kind, right_name, role, needs_licence from guard.signing')).rows;
});
afterAll(() => record.close());

const drafts = catalogue.flatMap((operation) => (operation.effect === 'draft' ? [operation] : []));
/** Kinds that only staff with a live licence record sign, whoever they are (D16). */
const CLINICAL = ['chart_note_draft', 'order_draft', 'referral_draft', 'care_plan_update_draft', 'prior_authorization_draft'];

describe('who signs what', () => {
  it('every draft has its kind, and every kind its draft', () => {
    expect([...new Set(rows.map(({ kind }) => kind))].sort()).toEqual([...new Set(drafts.map(({ kind }) => kind))].sort());
  });

  it('is the same in the database and in roles.ts', () => {
    for (const { kind, sign } of drafts)
      for (const role of Object.keys(ROLES) as Role[]) {
        const row = rows.find((candidate) => candidate.kind === kind && candidate.role === role);
        expect([kind, role, row !== undefined]).toEqual([kind, role, (ROLES[role].signs as readonly string[]).includes(sign)]);
        if (row) expect([kind, row.right_name]).toEqual([kind, sign]);
      }
  });

  it('chart, order, referral and care-plan kinds need a licence; nobody signs for an AI, a program or the auditors', () => {
    for (const { kind, role, needs_licence } of rows) {
      if (CLINICAL.includes(kind)) expect([kind, role, needs_licence]).toEqual([kind, role, true]);
      expect(['integration', 'compliance', 'quality']).not.toContain(role);
    }
  });
});
