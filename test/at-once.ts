// Two sessions that write at the same time.

import type { Admin } from '../src/db/pool.ts';
import { openAdmin } from '../src/db/pool.ts';
import type { TestRecord } from './builders/record.ts';

type Change = (client: Admin) => Promise<unknown>;

/** Each makes its change in a transaction of its own, the second waiting for what the first holds; they commit in this order. */
export async function atOnce([one, other]: readonly [Admin, Admin], first: Change, second: Change): Promise<void> {
  await one.query('begin');
  await other.query('begin');
  await first(one);
  const waits = second(other);
  await one.query('select pg_sleep(0.002)');
  await one.query('commit');
  await waits;
  await other.query('commit');
}

/** One more session of the superuser on a record's database. */
export function anotherSession({ admin }: TestRecord): Promise<Admin> {
  const { host, port, user, password, database } = admin as unknown as Record<string, never>;
  return openAdmin({ host, port, user, password, database });
}
