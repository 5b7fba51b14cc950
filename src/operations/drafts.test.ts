import { describe, expect, it } from 'vitest';
import { aChart } from '../../test/builders/note-chart.ts';
import type { Draft } from '../domains/drafts.ts';
import { listDraftFigures } from './drafts.ts';
import type { Context, Permission } from './operation.ts';

const chart = aChart();
const draft = { patient_id: 'p1', payload: { soap: { objective: 'A1c 8.1%, BP 148/92.' } } } as unknown as Draft;

/** The measures that a person with these permissions is told of, and what of the chart was read for it. */
async function figuresFor(permissions: Permission[], of: Draft = draft) {
  const read: string[] = [];
  const asked =
    <T>(what: string, answer: T) =>
    async () => {
      read.push(what);
      return answer;
    };
  const context = {
    drafts: { get: async () => of },
    labs: { list: asked('labs', { labs: chart.labs, more: false, unmapped: 0 }) },
    vitals: { list: asked('vitals', { vitals: chart.vitals, more: false }) },
    caller: { permissions: new Set(permissions) },
    today: chart.today,
  } as unknown as Context<'drafts.get' | 'labs.list' | 'vitals.list'>;
  if (listDraftFigures.effect !== 'read') throw new Error('it reads');
  const { measures } = await listDraftFigures.run(context, { draft_id: 'd1' });
  return { names: measures.map(({ name }: { name: string }) => name), read };
}

describe('what a draft cites', () => {
  it('is told of what the person may ask the chart for, and nothing else is read', async () => {
    expect(await figuresFor(['labs:read', 'vitals:read'])).toEqual({
      names: ['Hemoglobin A1c', 'blood pressure'],
      read: ['labs', 'vitals'],
    });
    expect(await figuresFor(['labs:read'])).toEqual({ names: ['Hemoglobin A1c'], read: ['labs'] });
    expect(await figuresFor(['drafts:review'])).toEqual({ names: [], read: [] });
  });

  it('is nothing of a draft that is about no patient', async () => {
    const { patient_id: _, ...none } = draft;
    expect(await figuresFor(['labs:read', 'vitals:read'], none)).toEqual({ names: [], read: [] });
  });
});
