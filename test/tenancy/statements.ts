// What SQL can do to one table, aimed at a key: the key is one of another clinic, or of nobody, and the answer has to be the same.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Table } from './stage.ts';

type Json = Record<string, unknown>;

export interface Aim {
  table: Table;
  /** The row's key (without tenant_id, but for `tenants`), as aimed at. */
  key: Json;
  /** The clinic the aim belongs to: another one, or one that is not. */
  tenant_id: string;
  /** A row of one's own in this table. */
  own: Json;
  /** The key of the aimed-at clinic's row in a table that a foreign key names. */
  at(table: string, column: string): string;
}

const text = (value: unknown) => pg.escapeLiteral(String(value));
const key = ({ table, key }: Aim, as = 't') => table.key.map((column) => `${as}.${column} = ${text(key[column])}`).join(' and ');
export const row = (table: string, values: Json) =>
  `select * from jsonb_populate_record(null::data.${table}, ${text(JSON.stringify(values))})`;
/** A row of one's own under the aimed-at key; in `tenants` the key is the clinic. */
const mine = (aim: Aim) => row(aim.table.name, { ...aim.own, ...aim.key });
const theirs = (aim: Aim) => row(aim.table.name, { ...aim.own, ...aim.key, tenant_id: aim.tenant_id });
const all = ({ table }: Aim) => `data.${table.name} t`;
const one = (aim: Aim) => `${all(aim)} where ${key(aim)}`;
const same = ({ table }: Aim) => table.columns.map((column) => `${column} = excluded.${column}`).join(', ');
const nested = (sql: string) => text(sql);

/** Each answers SQL of one message; what it answers last is its result. */
export const STATEMENTS: Record<string, (aim: Aim) => string> = {
  select: (aim) => `select * from ${one(aim)}`,
  'select everything': (aim) => `select * from ${all(aim)}`,
  count: (aim) => `select count(*), bool_or(true) from ${one(aim)}`,
  'row as json': (aim) => `select to_jsonb(t) from ${one(aim)}`,
  'by place on the page': (aim) =>
    `select * from ${all(aim)} where ctid = any (array(select format('(0,%s)', i)::tid from generate_series(1, 60) i))`,
  tablesample: (aim) => `select * from ${all(aim)} tablesample system (100)`,
  'for update': (aim) => `select * from ${one(aim)} for update`,
  'where exists': (aim) =>
    `select exists (select from ${one(aim)}), (select count(*) from data.practitioners where exists (select from ${one(aim)}))`,
  'that throws on a hit': (aim) => `select * from ${all(aim)} where 1 / (case when ${key(aim)} then 0 else 1 end) > 0`,
  'that throws on any row': (aim) => `select * from ${all(aim)} where (t::text)::int = 0`,
  insert: (aim) => `insert into data.${aim.table.name} ${mine(aim)}`,
  'insert for the other clinic': (aim) => `insert into data.${aim.table.name} ${theirs(aim)}`,
  'insert returning': (aim) => `insert into data.${aim.table.name} ${mine(aim)} returning *`,
  'insert from select': (aim) => `insert into data.${aim.table.name} select * from ${one(aim)} returning *`,
  'upsert do nothing': (aim) => `insert into data.${aim.table.name} ${mine(aim)} on conflict do nothing returning *`,
  'upsert do update': (aim) =>
    `insert into data.${aim.table.name} ${mine(aim)} on conflict (${aim.table.primary.join(', ')}) do update set ${same(aim)} returning *`,
  'upsert for the other clinic': (aim) =>
    `insert into data.${aim.table.name} ${theirs(aim)} on conflict (${aim.table.primary.join(', ')}) do update set ${same(aim)} returning *`,
  'upsert for the other clinic, nothing': (aim) => `insert into data.${aim.table.name} ${theirs(aim)} on conflict do nothing returning *`,
  update: (aim) => `update ${all(aim)} set tenant_id = tenant_id where ${key(aim)}`,
  'update everything': (aim) => `update ${all(aim)} set tenant_id = tenant_id returning *`,
  'update into the other clinic': (aim) => `update ${all(aim)} set tenant_id = ${text(aim.tenant_id)} returning *`,
  'update from': (aim) => `update data.tenants x set name = t::text from ${one(aim)} returning x.*, t.*`,
  'subquery in set': (aim) =>
    `update data.tenants set name = coalesce((select string_agg(t::text, '') from ${one(aim)}), 'nobody') returning *`,
  delete: (aim) => `delete from ${one(aim)}`,
  'delete everything': (aim) => `delete from ${all(aim)} returning *`,
  'delete using': (aim) => `delete from data.text_refs x using ${one(aim)} returning x.*, t.*`,
  merge: (aim) => `merge into ${all(aim)} using (values (1)) v on ${key(aim)} when matched then delete when not matched then do nothing`,
  'merge that inserts': (aim) =>
    `merge into data.${aim.table.name} t using (${mine(aim)}) v on ${aim.table.key.map((column) => `t.${column} = v.${column}`).join(' and ')} when matched then update set tenant_id = t.tenant_id when not matched then insert values (${aim.table.columns.map((column) => `v.${column}`).join(', ')})`,
  'copy out': (aim) => `copy (select * from ${one(aim)}) to stdout`,
  'copy the table out': (aim) => `copy data.${aim.table.name} to stdout`,
  cursor: (aim) => `declare c cursor for select * from ${one(aim)}; fetch all from c`,
  'cursor with hold': (aim) =>
    `declare c cursor with hold for select * from ${all(aim)}; fetch all from c; move absolute 0 in c; fetch all from c`,
  prepared: (aim) => `prepare p as select * from ${one(aim)}; execute p`,
  'with select': (aim) => `with w as materialized (select * from ${one(aim)}) select * from w`,
  'with delete': (aim) => `with w as (delete from ${one(aim)} returning *) select * from w`,
  'with update': (aim) => `with w as (update ${all(aim)} set tenant_id = tenant_id where ${key(aim)} returning *) select count(*) from w`,
  'with insert': (aim) => `with w as (insert into data.${aim.table.name} ${mine(aim)} returning *) select * from w`,
  join: (aim) => `select t.*, u.* from data.practitioners u join ${all(aim)} on ${key(aim)}`,
  'self join': (aim) => `select * from data.${aim.table.name} x full join ${all(aim)} on x.ctid = t.ctid and ${key(aim)}`,
  lateral: (aim) => `select l.* from (values (1)) v, lateral (select * from ${one(aim)} offset 0) l`,
  explain: (aim) => `explain (format json) select * from ${one(aim)}`,
  'explain of an insert': (aim) => `explain (format json) insert into data.${aim.table.name} ${mine(aim)}`,
  query_to_xml: (aim) => `select query_to_xml(${nested(`select * from ${one(aim)}`)}, true, false, '')`,
  table_to_xml: (aim) => `select table_to_xml('data.${aim.table.name}', true, false, '')`,
  cursor_to_xml: (aim) => `declare c cursor for select * from ${one(aim)}; select cursor_to_xml('c', 10, true, false, '')`,
  ts_stat: (aim) => `select * from ts_stat(${nested(`select to_tsvector('simple', t::text) from ${one(aim)}`)})`,
  'create table as': (aim) => `create table public.loot as select * from ${one(aim)}`,
  'create temporary table as': (aim) => `create temporary table loot as select * from ${one(aim)}`,
  do: (aim) =>
    `do $do$ declare found text; begin select t::text into found from ${one(aim)}; if found is not null then raise exception '%', found; end if; end $do$`,
  truncate: (aim) => `truncate data.${aim.table.name} cascade`,
};

/** An insert of one's own for each foreign key of the table, naming the aimed-at clinic's row. */
export function foreignKeys({ table, own, at }: Aim): string[] {
  return table.references.map(({ column, to, its }) => {
    const fresh = Object.fromEntries(
      table.key.map((each) => [each, table.references.some((one) => one.column === each) ? own[each] : randomUUID()]),
    );
    return `insert into data.${table.name} ${row(table.name, { ...own, ...fresh, [column]: at(to, its) })}`;
  });
}
