import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aDatabase, type TestDatabase } from '../../test/pg.ts';
import { openListener } from './listener.ts';
import { type Admin, openAdmin } from './pool.ts';

let database: TestDatabase;
let admin: Admin;
beforeAll(async () => {
  database = await aDatabase();
  admin = await openAdmin(database.admin);
});
afterAll(async () => {
  await admin.end();
  await database.drop();
});

/** What comes of it, one after the other. */
function aListener(connection = database.keeper) {
  const heard: string[] = [];
  let more = Promise.withResolvers<void>();
  const note = (word: string) => {
    heard.push(word);
    more.resolve();
    more = Promise.withResolvers();
  };
  const listener = openListener(connection, {
    channel: 'Some channel"; drop',
    ...{ heard: note, connected: () => note('connected'), failed: () => note('failed') },
  });
  const hears = async (last: string) => {
    while (heard.at(-1) !== last) await more.promise;
  };
  return { heard, hears, close: listener.close };
}
const tell = (word: string) => admin.query('select pg_notify($1, $2)', ['Some channel"; drop', word]);

describe('a listener', () => {
  it('hears what is told on its channel, and goes on where its connection breaks', async () => {
    const { heard, hears, close } = aListener();
    await hears('connected');
    await tell('first');
    await hears('first');
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'attending listener' and datname = current_database()",
    );
    await hears('failed');
    await tell('lost');
    await hears('connected');
    await tell('second');
    await hears('second');
    expect(heard).toEqual(['connected', 'first', 'failed', 'connected', 'second']);
    await close();
  });

  it('is closed for good, also while it connects, or where nobody answers', async () => {
    const connecting = aListener();
    await connecting.close();
    const { hears, close } = aListener({ ...database.keeper, host: '127.0.0.1', port: 1 });
    await hears('failed');
    await close();
    const listeners = async () =>
      (await admin.query("select from pg_stat_activity where application_name = 'attending listener' and datname = current_database()"))
        .rows;
    while ((await listeners()).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(connecting.heard).toEqual([]);
  });
});
