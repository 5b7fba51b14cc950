// What a browser's pages may send, on real sockets and without a browser: what was told as not sent never comes behind it.
import { afterEach, expect, it } from 'vitest';
import { always } from '../../test/builders/chromium.ts';
import { startWebApp } from '../../test/builders/web-app.ts';
import { systemClock } from '../base/clock.ts';
import { NotAWriteError, openTraffic, type Rule } from './browser-traffic.ts';
import { type Dial, dial } from './dial.ts';
import { LIMITS, type MayWrite } from './exchange.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
const aVendor = async () => {
  const app = await startWebApp({ 'GET /': 'read', 'POST /save': 'saved', 'POST /search': 'found' });
  closing.push(app.close);
  return { app, at: (path: string) => new URL(`http://127.0.0.1:${app.port}${path}`) };
};
const how = { mayWrite: always, limits: LIMITS };

it('nothing is announced that is let through as a reading: it could be asked for behind its withdrawal, or twice', async () => {
  const { app, at } = await aVendor();
  const traffic = openTraffic({ dial, clock: systemClock, maySpeak: always, reads: [{ method: 'POST', url: at('/search') }] });
  const readings = [
    { method: 'POST', url: at('/search?name=smith') },
    ...(['GET', 'HEAD', 'OPTIONS'] as const).map((method) => ({ method, url: at('/') })),
  ] as Rule[];
  for (const rule of readings) expect(() => traffic.announce(rule, how)).toThrow(NotAWriteError);
  const { withdraw } = traffic.announce({ method: 'POST', url: at('/save') }, how);
  expect(await withdraw()).toBeNull();
  expect(await traffic.carry({ method: 'POST', url: at('/save') })).toBeNull();
  expect(app.lines()).toEqual([]);
});

it('what is still being dialled for when it is shut does not leave, be it a reading or what was announced', async () => {
  const { app, at } = await aVendor();
  for (const moment of ['while it is dialled', 'while the right to write is asked for', 'as the first byte is about to go'] as const) {
    for (const asked of [
      { method: 'GET', url: at('/') },
      { method: 'POST', url: at('/save') },
    ] as const) {
      const dialled: Dial = async (where, timeout_ms) => {
        const socket = await dial(where, timeout_ms);
        if (moment === 'while it is dialled') traffic.shut();
        return socket;
      };
      const mayWrite: MayWrite = async () => {
        if (moment === 'while the right to write is asked for') traffic.shut();
        const held = await always();
        // The turn in which the line is ours comes after this one.
        if (moment === 'as the first byte is about to go') queueMicrotask(() => queueMicrotask(() => traffic.shut()));
        return held;
      };
      const traffic = openTraffic({ dial: dialled, clock: systemClock, maySpeak: mayWrite });
      if (asked.method === 'POST') traffic.announce({ ...asked }, { ...how, mayWrite });
      expect([moment, asked.method, await traffic.carry(asked)]).toEqual([moment, asked.method, null]);
    }
  }
  expect(app.lines()).toEqual([]);
});
