// Rows into the native record: a synthetic clinic, later an import. Runs as the owner of the tables, outside any clinic's context.
import { readValue } from '../../domains/lab-values.ts';
import { ucumOf } from '../../domains/units.ts';
import { type Searched, tokensOf } from './patient-tokens.ts';

/** The tables of the chart (migrations 0003, 0005 to 0008) in the order of their foreign keys, with the column that refers to the same table. */
const TABLES = {
  connections: undefined,
  practitioners: undefined,
  patients: 'replaced_by',
  coverages: undefined,
  appointments: 'rescheduled_to',
  encounters: undefined,
  chart_notes: undefined,
  lab_results: 'corrects',
  medication_requests: 'replaced_by',
  vital_signs: undefined,
  conditions: undefined,
  allergies: undefined,
  procedures: undefined,
  lab_orders: undefined,
  lab_reviews: undefined,
  prescriptions: undefined,
  practitioner_hours: undefined,
  schedule_blocks: undefined,
  messages: 'answered_by',
  message_reads: undefined,
  message_consents: undefined,
  tasks: undefined,
  refill_requests: undefined,
  intake_forms: undefined,
  charges: undefined,
  claims: 'replaces',
  claim_lines: undefined,
  remittances: undefined,
  remittance_claims: undefined,
  remittance_lines: undefined,
  remittance_adjustments: undefined,
  remittance_provider_adjustments: undefined,
  payouts: undefined,
  payments: undefined,
  adjustments: undefined,
  refunds: undefined,
  responsibility_transfers: undefined,
  statements: undefined,
  memberships: undefined,
  membership_events: undefined,
  leads: undefined,
  care_plans: undefined,
  care_plan_goals: undefined,
  care_plan_activities: undefined,
  care_plan_completions: undefined,
  referrals: undefined,
  prior_authorizations: undefined,
  authorizations: undefined,
  authorization_uses: undefined,
} as const;
export type ChartTable = keyof typeof TABLES;

/** A row by its columns, snake_case as in the table; a column left out takes its default. */
export type ChartRow = Readonly<Record<string, unknown>>;
export type ChartRows = Partial<Record<ChartTable, readonly object[]>>;

/** Anything that runs SQL, such as a pg client. */
export interface Sql {
  query(sql: string, values: unknown[]): Promise<unknown>;
}

/** Rows of one statement. */
const BATCH = 5_000;

/** Inserts rows of the chart, and the search tokens of its patients. Lab values and units are read here, once: `value_text` that is wholly a number
 *  becomes value and comparator, a unit that is known becomes UCUM. The client says whether all of it is one transaction. */
export async function loadRows(client: Sql, rows: ChartRows): Promise<void> {
  for (const [table, self] of Object.entries(TABLES) as [ChartTable, string | undefined][]) {
    const given = (rows[table] ?? []) as readonly ChartRow[];
    const read = table === 'lab_results' ? given.map(readLab) : given;
    await insert(client, table, self === undefined ? read : referredFirst(read, self));
    if (table === 'patients') await insert(client, 'patient_tokens', given.flatMap(tokenRows));
  }
}

/** A lab row whose value and unit are read from what the lab printed. */
export function readLab(row: ChartRow): ChartRow {
  const { value, value_text, unit, unit_raw, loinc, status } = row;
  const printed = value == null && typeof value_text === 'string' ? readValue(value_text) : undefined;
  const named = unit ?? unit_raw;
  const ucum = typeof named === 'string' ? ucumOf(named, typeof loinc === 'string' ? loinc : undefined) : undefined;
  return {
    ...row,
    ...(printed && { value: printed.value ?? null, comparator: printed.comparator ?? null, value_text: printed.value_text ?? null }),
    ...(printed?.cancelled && status === 'final' && { status: 'cancelled' }),
    ...(ucum !== undefined && { unit: ucum }),
    ...(unit != null && unit_raw == null && ucum !== unit && { unit_raw: unit }),
  };
}

function tokenRows(row: ChartRow): ChartRow[] {
  return tokensOf(row as unknown as Searched).map(({ kind, token }) => ({ tenant_id: row.tenant_id, kind, token, patient_id: row.id }));
}

/** Rows that others refer to come before them, so that a batch never refers to a later one. */
function referredFirst(rows: readonly ChartRow[], column: string): ChartRow[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const placed = new Set<ChartRow>();
  for (const row of rows) {
    const chain: ChartRow[] = [];
    for (let at: ChartRow | undefined = row; at && !placed.has(at) && !chain.includes(at); at = byId.get(at[column])) chain.push(at);
    for (const link of chain.reverse()) placed.add(link);
  }
  return [...placed];
}

/** Rows with the same columns go together: what a row leaves out takes the column's default. */
async function insert(client: Sql, table: ChartTable | 'patient_tokens', rows: readonly ChartRow[]): Promise<void> {
  for (let at = 0; at < rows.length; at += BATCH) {
    const alike = new Map<string, ChartRow[]>();
    for (const row of rows.slice(at, at + BATCH)) {
      const columns = Object.keys(row)
        .filter((column) => row[column] !== undefined)
        .sort()
        .map(columnName)
        .join(', ');
      alike.set(columns, [...(alike.get(columns) ?? []), row]);
    }
    for (const [columns, together] of alike) {
      await client.query(
        `insert into data.${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::data.${table}, $1::jsonb)`,
        [JSON.stringify(together)],
      );
    }
  }
}

function columnName(column: string): string {
  if (!/^[a-z][a-z0-9_]*$/.test(column)) throw new Error('not a column');
  return column;
}
