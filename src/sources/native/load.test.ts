import { describe, expect, it } from 'vitest';
import { aLabResult, anAppointment, aPatient } from '../../../test/builders/chart.ts';
import { type ChartRows, loadRows } from './load.ts';

async function statements(rows: ChartRows) {
  const sent: { table: string; columns: string; rows: Record<string, unknown>[] }[] = [];
  await loadRows(
    {
      query: async (sql, [json]) =>
        sent.push({ table: /data\.(\w+)/.exec(sql)?.[1] ?? '', columns: /\((.*?)\)/.exec(sql)?.[1] ?? '', rows: JSON.parse(String(json)) }),
    },
    rows,
  );
  return sent;
}

describe('loading a chart', () => {
  const ada = aPatient();

  it('goes in the order of the foreign keys, tokens behind patients', async () => {
    const sent = await statements({ lab_results: [aLabResult(ada)], appointments: [anAppointment(ada)], patients: [ada] });
    expect(sent.map(({ table }) => table)).toEqual(['patients', 'patient_tokens', 'appointments', 'lab_results']);
    expect(sent[1]?.rows).toContainEqual({ tenant_id: ada.tenant_id, kind: 'name', token: 'OKAFOR', patient_id: ada.id });
  });

  it('puts what is referred to first, chains and all', async () => {
    const [a, b, c] = [aPatient(), aPatient(), aPatient()];
    const chain = [
      { ...a, replaced_by: b.id },
      { ...b, replaced_by: c.id },
      { ...c, replaced_by: null },
    ];
    const [sent] = await statements({ patients: chain });
    expect(sent?.rows.map(({ id }) => id)).toEqual([c.id, b.id, a.id]);
  });

  it('leaves a column that a row does not name to its default', async () => {
    const sent = await statements({ patients: [ada, aPatient({ active: false }), aPatient({ active: undefined })] });
    const patients = sent.filter(({ table }) => table === 'patients');
    expect(patients.map(({ columns, rows }) => [columns.includes('active'), rows.length])).toEqual([
      [false, 2],
      [true, 1],
    ]);
  });

  it('takes no column name that could be more than a name', async () => {
    await expect(statements({ patients: [{ ...ada, 'mrn) values (1); --': 1 }] })).rejects.toThrow('not a column');
  });

  it('sends many rows in few statements', async () => {
    const sent = await statements({ lab_results: Array.from({ length: 5001 }, () => aLabResult(ada)) });
    expect(sent.map(({ rows }) => rows.length)).toEqual([5000, 1]);
  });
});
