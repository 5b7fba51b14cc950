// Every table × every kind of statement, in one context: what came back, and whether it told a foreign id from one that exists nowhere.
import { randomUUID } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import pg from 'pg';
import type { Context, Who } from './contexts.ts';
import type { Draft } from './desk.ts';
import type { Clinic, Stage, Table } from './stage.ts';
import { type Aim, foreignKeys, STATEMENTS } from './statements.ts';

interface Seen {
  /** Everything the session got to see: rows, counts, copied lines, the error with all its fields. */
  text: string;
  /** Whether the other clinic's own words, or rows under its id, are in it. */
  leaks: boolean;
}

export interface Tried {
  what: string;
  foreign: Seen;
  absent: Seen;
}

/** Runs the whole matrix on one session. `draftFor`: the draft that a context that signs had best sign, for a table. */
export async function tryAll(
  stage: Stage,
  client: pg.Client,
  context: Context,
  { draftFor, ...sides }: Who & { draftFor?: (table: string) => Draft | undefined },
): Promise<Tried[]> {
  const tried: Tried[] = [];
  for (const table of stage.tables) {
    const who = { ...sides, draft: draftFor?.(table.name) };
    const [foreign, absent] = [aimAt(table, who.me, who.them), aimAtNobody(table, who.me, who.them)];
    for (const [kind, statement] of Object.entries(STATEMENTS)) {
      const what = `${table.name}: ${kind}`;
      tried.push({
        what,
        foreign: await run(client, context, who, foreign, statement(foreign)),
        absent: await run(client, context, who, absent, statement(absent)),
      });
    }
    const [existing, missing] = [foreignKeys(foreign), foreignKeys(absent)];
    for (const [i, { column }] of table.references.entries()) {
      const what = `${table.name}: foreign key ${column}`;
      tried.push({
        what,
        foreign: await run(client, context, who, foreign, existing[i] ?? ''),
        absent: await run(client, context, who, absent, missing[i] ?? ''),
      });
    }
  }
  return tried;
}

function aimAt(table: Table, me: Clinic, them: Clinic): Aim {
  const theirs = them.rows[table.name] ?? {};
  return {
    table,
    key: Object.fromEntries(table.key.map((column) => [column, theirs[column]])),
    tenant_id: them.tenant_id,
    own: me.rows[table.name] ?? {},
    at: (to, column) => String(them.rows[to]?.[column]),
  };
}

/** The same aim at ids that exist nowhere, of the same form. */
function aimAtNobody(table: Table, me: Clinic, them: Clinic): Aim {
  const aim = aimAt(table, me, them);
  const unlike = (value: unknown) =>
    /^[0-9a-f-]{36}$/.test(String(value)) ? randomUUID() : String(value).replace(/canary-[0-9a-f]+/, 'canary-0000000000000000');
  return {
    ...aim,
    key: Object.fromEntries(Object.entries(aim.key).map(([column, value]) => [column, unlike(value)])),
    tenant_id: randomUUID(),
    at: (to, column) => unlike(aim.at(to, column)),
  };
}

async function run(client: pg.Client, context: Context, who: Who & { draft: Draft | undefined }, aim: Aim, sql: string): Promise<Seen> {
  const { connection } = client as unknown as { connection: EventEmitter };
  const copied: string[] = [];
  const note = ({ chunk }: { chunk: Buffer }) => copied.push(chunk.toString());
  connection.on('copyData', note);
  try {
    await context.open(client, who);
    const answered = await answer(client, sql);
    const raw = JSON.stringify({ ...answered, copied });
    const told = 'code' in answered || sql.startsWith('explain') ? '' : raw; // an error, or a plan, may quote the clinic it was asked for
    return { text: unaimed(raw, aim, sql), leaks: unaimed(raw, aim, sql).includes(who.them.canary) || told.includes(who.them.tenant_id) };
  } finally {
    connection.off('copyData', note);
    await client.query('rollback; close all; deallocate all; reset all');
  }
}

async function answer(client: pg.Client, sql: string): Promise<Record<string, unknown>> {
  try {
    const results = [await client.query(sql)].flat();
    return { results: results.map(({ command, rowCount, rows }) => ({ command, rowCount, rows })) };
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    const { code, message, detail, hint, where, schema, table, column, constraint } = error;
    return { code, message, detail, hint, where, schema, table, column, constraint };
  }
}

/** What was aimed at is in the answer where it repeats the question (an insert's own row, a quoted filter): that tells nothing. Places and times of rows differ. */
function unaimed(answered: string, aim: Aim, sql: string): string {
  const aimed = [
    ...Object.values(aim.key),
    aim.tenant_id,
    ...aim.table.references.map(({ to, column, its }) => (column ? aim.at(to, its) : '')),
  ];
  return aimed
    .map(String)
    .filter((value) => value.length > 16 && sql.includes(value))
    .reduce((text, value) => text.replaceAll(value, '<aim>'), answered);
}
