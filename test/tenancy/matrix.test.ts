// No statement reads or changes a row of another clinic: every table, every kind of statement, every way to come by a clinic (security.md G3, 2).
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SIGNED, SIGNED_COLUMNS } from '../catalog/reviewed.ts';
import { verifies } from '../promises.ts';
import { CONTEXTS, type Context } from './contexts.ts';
import type { Draft } from './desk.ts';
import { type Tried, tryAll } from './matrix.ts';
import { opened } from './signing.ts';
import { aProbe, aStage, type Stage } from './stage.ts';

const MATRIX_MS = 120_000;
/** app_api as it is, and a role that may do everything row security lets it: the policies hold beyond the grants. */
const ROLES = ['app_api', 'a role with every DML'] as const;

const BOTH_WAYS = [
  ['a', 'b'],
  ['b', 'a'],
] as const;

let stage: Stage;
let probe: Awaited<ReturnType<typeof aProbe>>;
let before: string;
/** By clinic and table, a draft whose signature opens the table. */
const opening = {} as Record<'a' | 'b', Map<string, Draft | undefined>>;

beforeAll(async () => {
  stage = await aStage();
  probe = await aProbe(stage);
  const api = await stage.connect();
  for (const side of ['a', 'b'] as const)
    opening[side] = new Map([...(await opened(api, stage[side]))].map(([what, [draft]]) => [what.split(' ')[0] ?? '', draft]));
  before = await everything();
});
afterAll(async () => {
  await probe.drop();
  await stage.close();
});

/** What a person reads and no credential. */
const OF_PEOPLE = [
  ...['held_proposals', 'review_events', 'standing_approvals', 'approval_uses'],
  ...['outgoing_messages', 'deliveries', 'delivery_events'],
];

/** The published key of the audit row is its id alone (M39), so it is looked up before the clinic is: who may insert there learns from 23505 that an id is taken,
 *  who may read there and forges a seal learns from 42501. The serving role has neither right, and the ids are random. */
const REVIEWED = /^mcp_audit_(log|intent): /;

for (const role of ROLES) {
  describe(`as ${role}`, () => {
    const sessions = {} as Record<'client' | 'aside', pg.Client>;
    const config = () => (role === 'app_api' ? stage.database.api : probe.config);
    beforeAll(async () => {
      for (const name of ['client', 'aside'] as const) sessions[name] = await stage.connect(config());
    });

    for (const [name, context] of Object.entries(CONTEXTS)) {
      if (context.signs && role !== 'app_api') continue;
      for (const [mine, other] of name === 'entered' ? BOTH_WAYS : BOTH_WAYS.slice(0, 1)) {
        it(
          `${name}: clinic ${mine.toUpperCase()} sees no row of the other, and not whether it is there`,
          async () => {
            const draftFor = (table: string) => opening[mine].get(table);
            const who = { me: stage[mine], them: stage[other], aside: sessions.aside, draftFor };
            const tried = await tryAll(stage, sessions.client, context, who);
            expect(tried.length).toBeGreaterThan(stage.tables.length * 40);
            expect(tried.filter(({ foreign, absent }) => foreign.leaks || absent.leaks).map(({ what }) => what)).toEqual([]);
            expect(told(tried, role, context)).toEqual([]);
            const seen = tried.filter(({ what, foreign }) => what.endsWith(': select everything') && /"rowCount":[1-9]/.test(foreign.text));
            expect(seen.map(({ what }) => what.split(':')[0])).toEqual(await readable(config(), context));
          },
          MATRIX_MS,
        );
      }
    }
  });
}

/** The tables a role may read at all; of each, one's own rows have to be there, or the silence above proves nothing. */
async function readable({ user }: pg.ClientConfig, { sees, login }: Context): Promise<string[]> {
  if (sees === 'none') return [];
  const { rows } = await stage.admin.query<{ name: string }>(
    "select relname as name from pg_class where relnamespace = 'data'::regnamespace and relkind in ('r', 'p') and has_table_privilege($1, oid, 'SELECT') order by 1",
    [user],
  );
  return rows.map(({ name }) => name).filter((name) => login || !OF_PEOPLE.includes(name));
}

/** Where a foreign id was answered otherwise than one that exists nowhere. */
function told(tried: readonly Tried[], role: (typeof ROLES)[number], { signs = [] }: Context): string[] {
  return tried
    .filter(({ what }) => !signs.includes(what.split(':')[0] ?? ''))
    .filter(({ what, foreign, absent }) => foreign.text !== absent.text && !(role !== 'app_api' && REVIEWED.test(what)))
    .map(({ what, foreign, absent }) => `${what}\n  foreign ${foreign.text.slice(0, 2000)}\n  absent  ${absent.text.slice(0, 2000)}`);
}

verifies('tenancy:no-foreign-row', async () => {
  // After every statement above, in both directions, the record is as it was.
  expect(await everything()).toBe(before);
  // And what app_api may do at all is to read, and to write what a signature opens (signed.test.ts).
  const { rows } = await stage.admin.query<{ may: string }>(
    `select c.relname || ' ' || p as may from pg_class c, unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p
     where c.relnamespace = 'data'::regnamespace and c.relkind in ('r', 'p', 'v') and (has_table_privilege('app_api', c.oid, p)
       or (p in ('INSERT', 'UPDATE') and has_any_column_privilege('app_api', c.oid, p)))`,
  );
  const columns = Object.keys(SIGNED_COLUMNS).map((table) => `${table} UPDATE`);
  const signed = Object.entries(SIGNED).flatMap(([table, rights]) => rights.map((right) => `${table} ${right}`));
  expect(rows.map(({ may }) => may).sort()).toEqual([...signed, ...columns].sort());
});

async function everything(): Promise<string> {
  const sums = stage.tables.map(({ name }) => `(select md5(string_agg(t::text, '' order by t::text)) from data.${name} t)`);
  const { rows } = await stage.admin.query<{ sum: string }>(`select concat_ws(',', ${sums.join(', ')}) as sum`);
  return rows[0]?.sum ?? '';
}
