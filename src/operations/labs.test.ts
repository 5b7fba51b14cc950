import { describe, expect, it } from 'vitest';
import { cursorOf } from '../base/ids.ts';
import type { LabResult, Labs } from '../domains/labs.ts';
import { getLabs } from './labs.ts';

const id = '7d3f0c52-9b1e-4a6d-8c25-1f0e9a4b6c38';
const caller = { tenant_id: id, user_id: id, finance: 'none', permissions: new Set<never>() } as const;
const result: LabResult = {
  lab_result_id: id,
  name: 'Glucose',
  value: 96,
  flag: 'N',
  collected_at: '2026-11-18T08:10:00-05:00',
  panel: 'CMP',
  specimen: 'serum',
  performing_lab: 'Example Lab',
  method: 'x',
  lab_flag: 'N',
  computed_flag: 'N',
  resulted_at: '2026-11-19T08:10:00-05:00',
  order_id: id,
  comment: 'fasting?',
};

async function ask(input: object, unmapped = 0) {
  const asked: unknown[] = [];
  const list: Labs['list'] = async (query) => {
    asked.push(query);
    return { labs: [result], more: true, unmapped };
  };
  const summarize: Labs['summarize'] = async (query) => {
    asked.push(query);
    const figure = { analyte: 'glucose', value: 96, n: 1, from_at: result.collected_at, to_at: result.collected_at };
    return { figures: Array.from({ length: 30 }, () => figure), preliminary: 2, unmapped };
  };
  if (getLabs.effect !== 'read') throw new Error('get_labs reads');
  const answer = await getLabs.run(
    { labs: { list, summarize }, caller, now: new Date(0), today: '2026-11-20' },
    getLabs.input.parse({ patient_id: id, ...input }),
  );
  return { answer, asked: asked[0] };
}

describe('get_labs', () => {
  it('is compact unless asked in full; the id stays for the cursor', async () => {
    const compact = { lab_result_id: id, name: 'Glucose', value: 96, flag: 'N', collected_at: result.collected_at };
    expect((await ask({})).answer).toEqual({ labs: [compact], more: true });
    expect((await ask({ fields: 'full' })).answer).toEqual({ labs: [result], more: true });
    const page = 'page' in getLabs ? getLabs.page : undefined;
    expect([page?.hideId?.({ fields: 'compact' }), page?.hideId?.({ fields: 'full' })]).toEqual([true, false]);
  });

  it('says how many results no panel can select', async () => {
    expect((await ask({ panel: 'CMP' }, 3)).answer).toMatchObject({ unmapped: 3 });
  });

  it('turns a cursor into the record to go on from', async () => {
    expect((await ask({ cursor: cursorOf(id), limit: 5, since: '2026-01-01' })).asked).toEqual({
      patient_id: id,
      panel: undefined,
      since: '2026-01-01',
      limit: 5,
      after: id,
    });
    await expect(ask({ cursor: 'of another kind' })).rejects.toThrow('not a cursor of this list');
  });

  it('gives figures instead of results, and says how many it left out', async () => {
    const { answer, asked } = await ask({ aggregate: 'latest', codes: ['2345-7'], until: '2026-11-20' }, 1);
    expect(answer).toMatchObject({ labs: [], definition: 'lab_summary@1', not_listed: 2, preliminary: 2, unmapped: 1 });
    expect(asked).toEqual({
      patient_id: id,
      panel: undefined,
      since: undefined,
      codes: ['2345-7'],
      until: '2026-11-20',
      aggregate: 'latest',
    });
  });

  it('refuses a period that ends before it begins, and a code that is none', async () => {
    await expect(ask({ since: '2026-02-01', until: '2026-01-01' })).rejects.toMatchObject({ type: 'invalid_input' });
    await expect(ask({ codes: ['glucose'] })).rejects.toThrow('not a LOINC');
  });

  it('refuses a day that does not exist', () => {
    expect(getLabs.input.safeParse({ patient_id: id, since: '2026-02-30' }).success).toBe(false);
  });
});
