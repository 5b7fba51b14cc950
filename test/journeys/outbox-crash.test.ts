// Fifty signed texts, and the process that sends them is killed again and again: the carrier counts.
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Carriers, startCarriers } from '../builders/carriers.ts';
import { killed } from '../builders/double.ts';
import { anOutbox, NOON, type Outbox } from '../builders/outbox.ts';
import { verifies } from '../promises.ts';

const MESSAGES = 50;
const KILLS = 12;

let outbox: Outbox;
let carriers: Carriers;
const children = new Set<ChildProcess>();
beforeAll(async () => {
  [outbox, carriers] = [await anOutbox(), await startCarriers()];
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  carriers.close();
  await outbox.close();
});

function start(): ChildProcess {
  const args = JSON.stringify({ database: outbox.database.sender, ports: carriers.ports, now: NOON });
  const child = fork(path.join(import.meta.dirname, '../builders/postman.ts'), [args], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  children.add(child);
  return child;
}
const counts = async () =>
  Object.fromEntries(
    (await outbox.admin.query<{ status: string; n: number }>('select status, count(*)::int as n from data.deliveries group by 1')).rows.map(
      ({ status, n }) => [status, n],
    ),
  ) as Partial<Record<string, number>>;
const until = async (isSo: () => Promise<boolean>) => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 2));
};

verifies(
  'outbox:at-most-once-through-crashes',
  async () => {
    const ids: string[] = [];
    for (let n = 0; n < MESSAGES; n += 1) {
      const patient = await outbox.patient();
      // Some carriers take their time, or break off: what is killed then had been sent.
      if (n % 10 === 3) await carriers.behave(String(patient.phone), 'drop_after');
      if (n % 10 === 7) await carriers.behave(String(patient.phone), 'hang_after');
      ids.push(await outbox.signed(patient));
    }
    let two = [start(), start()];
    for (let kill = 0; kill < KILLS; kill += 1) {
      // In the middle of it: something is being sent at this moment.
      const { waiting = 0 } = await counts();
      await until(async () => {
        const now = await counts();
        return (now.sending ?? 0) > 0 && (now.waiting ?? 0) < waiting;
      });
      await Promise.all(two.map(killed));
      two = [start(), start()];
      if (((await counts()).waiting ?? 0) < 6) break;
    }
    await until(async () => {
      const { waiting = 0, sending = 0 } = await counts();
      return waiting + sending === 0;
    });
    await Promise.all(two.map(killed));

    const taken = await carriers.taken();
    const times = (id: string) => taken.filter(({ key }) => key === id).length;
    const { rows } = await outbox.admin.query<{ id: string; status: string; attempts: number }>(
      'select id, status, attempts from data.deliveries',
    );
    const wrong = rows.filter(({ id, status, attempts }) => {
      const came = times(id);
      const isSent = status === 'sent' && came === 1;
      const isUnknown = status === 'unknown' && came <= 1;
      return attempts !== 1 || !(isSent || isUnknown);
    });
    expect(wrong).toEqual([]);
    expect(rows.map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(taken.every(({ key = '' }) => ids.includes(key))).toBe(true);
    // The kills met something, and most went.
    const { sent = 0, unknown = 0 } = await counts();
    expect([sent + unknown, sent > 20, unknown > 10]).toEqual([MESSAGES, true, true]);
  },
  180_000,
);
