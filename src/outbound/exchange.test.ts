// One request on real sockets, against servers that do what servers do: what is told of it is what the other end saw, and where the right to write is gone it saw nothing.
import net from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { anAuthority, type Certified } from '../../test/builders/certificate.ts';
import { answer, answers, type Behaviour, type Listening, listening } from '../../test/builders/https.ts';
import { anInternet } from '../../test/builders/internet.ts';
import { verifies } from '../../test/promises.ts';
import { chanceOf } from '../../test/simulator/world.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import { type Dial, dial } from './dial.ts';
import { publicDial } from './dial-public.ts';
import { type Asked, exchange, LIMITS, type Limits, type MayWrite } from './exchange.ts';

const NAME = 'vendor.example.com';
const ADDRESS = '93.184.215.14';
const always: MayWrite = async () => ({ good_until_ms: systemClock.elapsed() + 60_000 });

let authority: ReturnType<typeof anAuthority>;
let certified: Certified;
const open: Listening[] = [];
beforeAll(() => {
  authority = anAuthority();
  certified = authority.certify(NAME);
});
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});
const serve = async (behave: Behaviour, as?: Certified) => {
  const server = await listening(behave, as);
  open.push(server);
  return server;
};
const post = (url: string, body = 'a note of a visit'): Asked => ({ method: 'POST', url: new URL(url), body });
/** Both ways to a server: this machine, and a listed host by TLS. */
const ways: Record<string, (behave: Behaviour) => Promise<{ server: Listening; url: string; dial: Dial }>> = {
  async loopback(behave) {
    const server = await serve(behave);
    return { server, url: `http://127.0.0.1:${server.port}/notes`, dial };
  },
  async public(behave) {
    const server = await serve(behave, certified);
    const internet = anInternet({ hosts: [NAME], names: { [NAME]: [ADDRESS] }, listeners: { [ADDRESS]: server.port }, ca: authority.ca });
    return { server, url: `https://${NAME}/notes`, dial: publicDial(internet) };
  },
};
const short = (more: Partial<Limits>): Limits => ({ ...LIMITS, ...more });

describe.each(Object.entries(ways))('the fence, %s', (_, way) => {
  it('is asked for once the connection stands, before anything is written', async () => {
    const { server, url, dial } = await way(answers(200));
    const seen: [number, string][] = [];
    const told = await exchange(post(url), {
      ...{ dial, clock: systemClock },
      mayWrite: async () => {
        await systemClock.within(50, server.quiet(), () => new Error()).catch(() => {});
        seen.push([server.taken(), server.heard.join('')]);
        return always();
      },
    });
    expect(seen).toEqual([[1, '']]);
    expect(told).toMatchObject({ sent: true, cut: null, status: 200 });
  });

  const never = () => new Promise<null>(() => {});
  const lost: Record<string, [MayWrite, string]> = {
    'is gone': [async () => null, 'fence_lost'],
    'cannot be shown': [async () => Promise.reject(new Error('the database is away')), 'fence_lost'],
    'fails at once': [
      () => {
        throw new Error('a bug');
      },
      'fence_lost',
    ],
    'is not answered for': [never, 'fence_lost'],
    'ended already': [async () => ({ good_until_ms: systemClock.elapsed() - 1 }), 'no_time'],
    'ends too soon for an answer to be stored': [async () => ({ good_until_ms: systemClock.elapsed() + 5_000 }), 'no_time'],
    'is not given as the first byte is about to go': [
      async () => ({ good_until_ms: systemClock.elapsed() + 60_000, mayLeave: () => false }),
      'no_time',
    ],
    'is no number': [async () => ({ good_until_ms: Number.NaN }), 'no_time'],
  };
  it.each(Object.entries(lost))('where it %s nothing is written', async (_why, [mayWrite, why]) => {
    const { server, url, dial } = await way(answers(200));
    expect(await exchange(post(url), { dial, clock: systemClock, mayWrite, limits: short({ total_ms: 1_000 }) })).toEqual({
      sent: false,
      why,
    });
    await server.quiet();
    expect([server.taken(), server.heard.join('')]).toEqual([1, '']);
  });

  it('gives an answer until five seconds before the lease ends', async () => {
    const { url, dial } = await way(() => {});
    const began = systemClock.elapsed();
    const mayWrite = async () => ({ good_until_ms: systemClock.elapsed() + 5_300 });
    expect(await exchange(post(url), { dial, clock: systemClock, mayWrite })).toMatchObject({ sent: true, cut: 'too_slow', status: null });
    const took = systemClock.elapsed() - began;
    expect(took).toBeGreaterThan(250);
    expect(took).toBeLessThan(4_000);
  });
});

describe('a process that is held up between the database’s yes and the wire', () => {
  verifies('outbound:fence-before-first-byte', async () => {
    for (const way of Object.values(ways))
      for (const body of ['', 'a note', 'x'.repeat(3_000_000)]) {
        // As long as the lease and more goes by after the answer, before the next thing this process does.
        let paused_ms = 0;
        const clock: Clock = { ...systemClock, elapsed: () => systemClock.elapsed() + paused_ms };
        const { server, url, dial } = await way(answers(200));
        let stood = 0;
        const told = await exchange(post(url, body), {
          ...{ dial, clock },
          mayWrite: async () => {
            const held = { good_until_ms: clock.elapsed() + 60_000 };
            stood = 1;
            paused_ms = 60_000;
            return held;
          },
        });
        expect(told).toEqual({ sent: false, why: 'no_time' });
        await server.quiet();
        expect([stood, server.taken(), server.heard.join('').length]).toEqual([1, 1, 0]);

        // Held up for a little less, the same request is sent, whole.
        paused_ms = 0;
        const soon = await exchange(post(url, body), {
          ...{ dial, clock },
          mayWrite: async () => {
            const held = { good_until_ms: clock.elapsed() + 60_000 };
            paused_ms = 20_000;
            return held;
          },
        });
        expect(soon).toMatchObject({ sent: true });
      }
  });
});

const says =
  (text: string, then: (socket: net.Socket) => void = () => {}): Behaviour =>
  (socket) =>
    void socket.write(text, 'latin1', () => then(socket));
const goesOn =
  (first: string, more: string, ms = 5): Behaviour =>
  (socket) => {
    socket.write(first);
    const timer = setInterval(() => socket.write(more), ms);
    socket.on('close', () => clearInterval(timer));
  };
const head = 'HTTP/1.1 200 OK\r\n';
const CUT: Record<string, [behave: Behaviour, cut: string, status?: number | null, body?: string]> = {
  'says nothing': [() => {}, 'too_slow'],
  'hangs up without a word': [(socket) => void socket.end(), 'no_answer'],
  'resets': [(_socket, reset) => reset(), 'no_answer'],
  'speaks no HTTP': [says('\u0000\u0001 no HTTP\r\n\r\n'), 'no_answer'],
  'speaks HTTP/2': [says('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), 'no_answer'],
  'ends in the head': [says('HTTP/1.1 200 OK\r\nx-a: b', (socket) => socket.end()), 'no_answer'],
  'drips its head': [goesOn(`${head}x: `, 'y', 20), 'too_slow'],
  'has a head of a megabyte': [says(`${head}x: ${'y'.repeat(1_000_000)}\r\n\r\n`), 'no_answer'],
  'has ten thousand headers': [says(`${head}${'x: y\r\n'.repeat(10_000)}\r\n`), 'no_answer'],
  'upgrades': [says('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\nhello'), 'no_answer'],
  'says continue for ever': [goesOn('', 'HTTP/1.1 100 Continue\r\n\r\n'), 'no_answer'],
  'hints for ever': [goesOn('', 'HTTP/1.1 103 Early Hints\r\n\r\n', 20), 'too_slow'],
  'has two lengths': [says(`${head}content-length: 2\r\ncontent-length: 3\r\n\r\n{} `), 'no_answer'],
  'has a length and chunks': [says(`${head}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`), 'no_answer'],
  'ends in the body': [says(`${head}content-length: 100\r\n\r\n{"a":1}`, (socket) => socket.end()), 'no_answer', 200, '{"a":1}'],
  'resets in the body': [(socket, reset) => void socket.write(`${head}content-length: 100\r\n\r\n{"a":1}`, () => setTimeout(reset, 50)), 'no_answer', 200, '{"a":1}'],
  'has a broken chunk': [says(`${head}transfer-encoding: chunked\r\n\r\n2\r\n{}\r\nZZ\r\n`), 'no_answer', 200],
  'ends between chunks': [says(`${head}transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n`, (socket) => socket.end()), 'no_answer', 200, '{}'],
  'falls silent in the body': [says(`${head}content-length: 100\r\n\r\n{}`), 'too_slow', 200, '{}'],
  'drips its body': [goesOn(`${head}content-length: 100000\r\n\r\n`, 'y', 20), 'too_slow', 200],
  'drips chunks': [goesOn(`${head}transfer-encoding: chunked\r\n\r\n`, '1\r\ny\r\n', 20), 'too_slow', 200],
  'announces too much': [says(`${head}content-length: 2000\r\n\r\n${'y'.repeat(2_000)}`), 'too_big', 200],
  'goes on for ever': [goesOn(`${head}\r\n`, 'y'.repeat(500)), 'too_big', 200],
  'tells no end, and ends': [says(`${head}\r\n<html>`, (socket) => socket.end()), 'no_end', 200, '<html>'],
}; // biome-ignore format: a table

describe.each(Object.entries(ways))('a server, %s, that', (_, way) => {
  it.each(Object.entries(CUT))('%s: the request was sent, and what came is kept', async (_what, [behave, cut, status = null, body]) => {
    const { server, url, dial } = await way(behave);
    const limits = short({ total_ms: 1_500, head_ms: 400, idle_ms: 300, most_bytes: 1_000 });
    const began = systemClock.elapsed();
    const told = await exchange(post(url), { dial, clock: systemClock, mayWrite: always, limits });
    expect(told).toMatchObject({ sent: true, cut, status });
    expect(systemClock.elapsed() - began).toBeLessThan(4_000);
    if (body !== undefined && told.sent) expect(told.body.toString()).toBe(body);
    expect(server.taken()).toBe(1);
  });

  it.each<[string, Behaviour]>([
    ['its head', () => {}],
    ['its body', says(`${head}content-length: 100\r\n\r\n{}`)],
  ])('falls silent before %s: it is not waited for until the end of all time', async (_what, behave) => {
    const { url, dial } = await way(behave);
    const began = systemClock.elapsed();
    const limits = short({ total_ms: 20_000, head_ms: 300, idle_ms: 300 });
    expect(await exchange(post(url), { dial, clock: systemClock, mayWrite: always, limits })).toMatchObject({
      sent: true,
      cut: 'too_slow',
    });
    expect(systemClock.elapsed() - began).toBeLessThan(10_000);
  });

  it.each<[string, Asked['method'], string, number, string]>([
    ['answers', 'POST', answer(200, {}, 'hello'), 200, 'hello'],
    ['answers in chunks', 'GET', `${head}transfer-encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n`, 200, 'hello'],
    ['answers nothing', 'DELETE', 'HTTP/1.1 204 No Content\r\n\r\n', 204, ''],
    ['answers to HEAD', 'HEAD', `${head}content-length: 500\r\n\r\n`, 200, ''],
    ['hints, and answers', 'GET', `HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n${answer(200, {}, 'hello')}`, 200, 'hello'],
    ['is broken', 'PUT', answer(503, { 'retry-after': '5' }, 'later'), 503, 'later'],
    ['sends elsewhere', 'GET', answer(302, { location: 'http://127.0.0.1/' }), 302, ''],
    ['keeps the connection', 'GET', answer(200, { connection: 'keep-alive' }, 'hello'), 200, 'hello'],
  ])('%s: all of it came', async (_what, method, text, status, body) => {
    const { server, url, dial } = await way(says(text));
    const told = await exchange({ method, url: new URL(url) }, { dial, clock: systemClock, mayWrite: always });
    expect(told).toMatchObject({ sent: true, cut: null, status, body: Buffer.from(body) });
    await server.quiet();
    expect(server.heard[0]).toMatch(/\r\nconnection: close\r\n/);
  });
});

describe('not sent', () => {
  it('is a request to where nobody listens, or to somebody who does not greet', async () => {
    const { server, url, dial } = await (ways.loopback as (typeof ways)['loopback'] & {})(answers(200));
    await server.close();
    expect(await exchange(post(url), { dial, clock: systemClock, mayWrite: always })).toEqual({ sent: false, why: 'not_reached' });
    const mute = net.createServer((socket) => void socket.on('error', () => {}));
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as net.AddressInfo;
    const limits = short({ connect_ms: 200 });
    expect(await exchange(post(`https://127.0.0.1:${port}/`), { dial, clock: systemClock, mayWrite: always, limits })).toEqual({
      sent: false,
      why: 'not_reached',
    });
    mute.close();
  });

  it.each([
    'http://user@127.0.0.1/',
    'http://user:password@127.0.0.1/',
    'http://:password@127.0.0.1/',
    'ftp://127.0.0.1/',
    'file:///etc/passwd',
    'data:,x',
    'https://vendor.example.com/',
  ])('is a request to %s', async (url) => {
    expect(await exchange(post(url), { dial, clock: systemClock, mayWrite: always })).toEqual({ sent: false, why: 'not_allowed' });
  });

  it.each<Record<string, string>>([
    { 'x-a': 'b\r\nx-c: d' },
    { 'x a': 'b' },
    { host: 'other.example.com' },
    { 'Content-Length': '3' },
    { 'transfer-encoding': 'chunked' },
    { connection: 'upgrade' },
    { expect: '100-continue' },
  ])('is a request with %j', async (headers) => {
    const server = await serve(answers(200));
    const told = await exchange({ ...post(`http://127.0.0.1:${server.port}/`), headers }, { dial, clock: systemClock, mayWrite: always });
    expect(told).toEqual({ sent: false, why: 'malformed' });
    // Some of these are known for what they are before anybody is dialled.
    await new Promise((resolve) => setTimeout(resolve, 50));
    await server.quiet(0);
    expect(server.heard.join('')).toBe('');
  });
});

describe('whatever a server does, at whatever byte', () => {
  verifies('outbound:sent-or-not-is-exact', async () => {
    const body = 'b'.repeat(300);
    const text = answer(201, { 'x-id': '7' }, body);
    const counts = { not_sent: 0, whole: 0, cut: 0 };
    for (let seed = 0; seed < 300; seed += 1) {
      const chance = chanceOf(seed);
      const [hangsUpAfter, isAbrupt, fenceHolds] = [chance.between(0, text.length + 200), chance.happens(0.5), !chance.happens(0.2)];
      const goesBefore = chance.happens(0.2);
      let heard = '';
      const server = net.createServer((socket) => {
        socket.on('error', () => {});
        const leave = () => (isAbrupt ? socket.resetAndDestroy() : socket.end());
        if (goesBefore) leave();
        socket.on('data', (piece) => {
          const isFirst = heard === '';
          heard += piece.toString('latin1');
          if (!isFirst || goesBefore) return;
          socket.write(text.slice(0, hangsUpAfter));
          if (hangsUpAfter < text.length) setTimeout(leave, chance.between(0, 3));
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as net.AddressInfo;
      const mayWrite: MayWrite = async () => {
        await systemClock.within(chance.between(1, 4), new Promise<null>(() => {}), () => new Error()).catch(() => null);
        return fenceHolds ? always() : null;
      };
      const told = await exchange(post(`http://127.0.0.1:${port}/`), {
        dial,
        clock: systemClock,
        mayWrite,
        limits: short({ total_ms: 2_000 }),
      });
      await new Promise((resolve) => server.close(resolve));
      const replay = `seed ${seed}`;
      if (!told.sent) {
        expect(heard, replay).toBe('');
        counts.not_sent += 1;
      } else {
        expect(fenceHolds, replay).toBe(true);
        // Whole is what was whole.
        expect(told.cut === null, replay).toBe(!goesBefore && hangsUpAfter >= text.length);
        if (told.cut === null) expect(told.body.toString(), replay).toBe(body);
        counts[told.cut === null ? 'whole' : 'cut'] += 1;
      }
    }
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(20);
  });
});
