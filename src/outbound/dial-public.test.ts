// The policy `public` against an Internet that is this machine: every socket that anybody asks to connect is watched, and none leaves loopback.
import dgram from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import net from 'node:net';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Authority, anAuthority } from '../../test/builders/certificate.ts';
import { answer, answers, type Listening, listening } from '../../test/builders/https.ts';
import { anInternet, listed, type Played } from '../../test/builders/internet.ts';
import { PUBLIC, SPELLINGS } from '../../test/builders/spellings.ts';
import { FOLDERS } from '../../test/house.ts';
import { verifies } from '../../test/promises.ts';
import { scan } from '../../test/scan.ts';
import { codeOf, isTest, readTree } from '../../test/tree.ts';
import { systemClock } from '../base/clock.ts';
import { openAccount } from './account.ts';
import { bare, dial, isLoopback, OutsideError, type Where } from './dial.ts';
import { bothFamilies, publicDial } from './dial-public.ts';
import { hostsOf } from './hosts.ts';

const VENDOR = 'vendor.example.com';
const HERE = '93.184.215.14';
const there = { port: 443, tls: true };
const mayWrite = async () => ({ good_until_ms: Number.POSITIVE_INFINITY });

let authority: Authority;
const closing: (() => unknown)[] = [];
beforeAll(() => {
  authority = anAuthority();
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});
const serve = async (behave: Parameters<typeof listening>[0], name = VENDOR): Promise<Listening> => {
  const server = await listening(behave, authority.certify(name));
  closing.push(() => server.close());
  return server;
};
/** Everything that asks a socket to connect, kept from connecting. */
const watched = () => {
  const connect = vi.spyOn(net.Socket.prototype, 'connect').mockImplementation(function (this: net.Socket) {
    setImmediate(() => this.destroy(new Error('no packet leaves a test')));
    return this;
  });
  return connect;
};
/** What a connector in life would be. */
const really = ({ address, port }: { address: string; port: number }) => net.connect({ host: address, port });

describe('no socket is opened', () => {
  verifies('outbound:no-private-socket', async () => {
    const connect = watched();
    const asked: string[] = [];
    // The worst of name servers: whatever it is asked, it answers this machine.
    const resolve = async (name: string) => {
      asked.push(name);
      return ['127.0.0.1'];
    };
    const openings: Record<string, (host: string) => Promise<unknown>> = {
      'as the host of a URL': async (host) => {
        if (!URL.canParse(`https://${host}/`)) throw new OutsideError('no URL');
        const { hostname } = new URL(`https://${host}/`);
        // As listed as it can be: what refuses it is its address alone.
        await publicDial({ hosts: [hostname, bare(hostname), host].map(listed), resolve, open: really })({ ...there, host: hostname }, 500);
      },
      'as it is written': async (host) => {
        await publicDial({ hosts: [host, bare(host)].map(listed), resolve, open: really })({ ...there, host }, 500);
      },
      'as what a name server answers': async (host) => {
        await publicDial({ hosts: [listed(VENDOR)], resolve: async () => [bare(host)], open: really })({ ...there, host: VENDOR }, 500);
      },
      'beside a public address': async (host) => {
        const internet = { hosts: [listed(VENDOR)], resolve: async () => [HERE, '2606:4700:4700::1111', bare(host)], open: really };
        await publicDial(internet)({ ...there, host: VENDOR }, 500);
      },
      'where this machine alone is dialled': async (host) => {
        if (isLoopback(bare(host)) || host === 'localhost') throw new OutsideError('this machine');
        await dial({ ...there, host }, 500);
      },
    };
    for (const { host, way } of SPELLINGS)
      for (const [how, open] of Object.entries(openings))
        await expect(open(host), `${host} (${way}), ${how}`).rejects.toThrow(OutsideError);
    expect(connect).not.toHaveBeenCalled();
    // No number was ever taken for a name: all that was asked for are names.
    expect(asked.filter((name) => /^[\d.]+$|^0x|[^a-z0-9.-]/i.test(name))).toEqual([]);

    // The watch sees what is opened: each public address, once, and that very address.
    for (const address of PUBLIC)
      await expect(
        publicDial({ hosts: [listed(VENDOR)], resolve: async () => [address], open: really })({ ...there, host: VENDOR }, 500),
      ).rejects.toThrow('no packet');
    expect(connect.mock.calls.map(([to]) => (Array.isArray(to) ? to[0] : to).host)).toEqual(PUBLIC);
  });

  it('by a redirect to any of them', async () => {
    let to = '';
    const server = await listening((socket) => void socket.end(answer(302, { location: to })));
    closing.push(() => server.close());
    // Each host is listed, and each name points inside.
    const hosts = SPELLINGS.flatMap(({ host }) => (URL.canParse(`https://${host}/`) ? [bare(new URL(`https://${host}/`).hostname)] : []));
    const internet = anInternet({ hosts, names: Object.fromEntries(hosts.map((host) => [host, ['127.0.0.1']])) });
    const outside = publicDial(internet);
    // The first step is no part of this: it spares a thousand greetings.
    const from = (where: Where, ms: number) =>
      where.host === VENDOR ? dial({ host: '127.0.0.1', port: server.port, tls: false }, ms) : outside(where, ms);
    const account = openAccount({ clock: systemClock, user_agent: 'a test', dial: from });
    const connect = vi.spyOn(net.Socket.prototype, 'connect');
    let ways = 0;
    for (const { host, way } of SPELLINGS) {
      // As it can stand in a header: in ASCII.
      to = `https://${host.replaceAll(/[^\x20-\x7e]/gu, encodeURIComponent)}/`;
      const told = await account.ask({ method: 'GET', url: new URL(`https://${VENDOR}/`) }, { mayWrite, redirects: 2 });
      const isWay = URL.canParse(to);
      expect(told, `${to} (${way})`).toMatchObject({ sent: true, status: 302, ...(isWay && { not_followed: 'not_allowed' }) });
      ways += Number(isWay);
    }
    expect(ways).toBeGreaterThan(400);
    expect(internet.opened).toEqual([]);
    expect(connect).toHaveBeenCalledTimes(SPELLINGS.length);
  });

  it.each([
    ['http', { port: 443, tls: false }],
    ['another port', { port: 22, tls: true }],
    ['port 80', { port: 80, tls: true }],
  ])('to %s', async (_, where) => {
    const internet = anInternet({ hosts: [VENDOR], names: { [VENDOR]: [HERE] } });
    await expect(publicDial(internet)({ host: VENDOR, ...where }, 500)).rejects.toThrow(OutsideError);
    expect([internet.asked, internet.opened]).toEqual([[], []]);
  });

  it.each([
    'other.example.com',
    'Vendor.example.com',
    'vendor.example.com.',
    'a.vendor.example.com',
    'vendor.example.com:443',
    ' vendor.example.com',
    '8.8.8.8',
  ])('to %s, which is not listed, nor is its name asked for', async (host) => {
    const internet = anInternet({ hosts: [VENDOR], names: { [host]: [HERE] } });
    await expect(publicDial(internet)({ ...there, host }, 500)).rejects.toThrow(/list of hosts/);
    expect([internet.asked, internet.opened]).toEqual([[], []]);
  });

  it('where a name has no address, or it cannot be known', async () => {
    for (const resolve of [async () => [], async () => Promise.reject(new Error('SERVFAIL')), () => new Promise<string[]>(() => {})]) {
      const internet: Played = { ...anInternet({ hosts: [VENDOR] }), resolve };
      await expect(publicDial(internet)({ ...there, host: VENDOR }, 100)).rejects.toThrow(/address|SERVFAIL|in time/);
      expect(internet.opened).toEqual([]);
    }
  });
});

describe('a listed host', () => {
  it('is greeted by its name, at the address that was looked at', async () => {
    const server = await serve(answers(200, {}, 'hello'));
    const internet = anInternet({ hosts: [VENDOR], names: { [VENDOR]: [HERE] }, listeners: { [HERE]: server.port }, ca: authority.ca });
    const account = openAccount({ clock: systemClock, user_agent: 'a test', dial: publicDial(internet) });
    const told = await account.ask({ method: 'GET', url: new URL(`https://${VENDOR}:8443/x?y=1`) }, { mayWrite });
    expect(told).toMatchObject({ sent: true, cut: null, status: 200, body: Buffer.from('hello') });
    expect(server.heard[0]).toMatch(/^GET \/x\?y=1 HTTP\/1.1\r\nhost: vendor.example.com:8443\r\n/);
    expect(internet.opened).toEqual([HERE]);
  });

  it('with a certificate of another name, or of nobody, gets no byte, whatever the environment says', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    // Node says that it is set.
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const [other, nobody] = [await serve(answers(200), 'other.example.com'), await serve(answers(200))];
    for (const { port, ca } of [
      { port: other.port, ca: authority.ca },
      { port: nobody.port, ca: anAuthority().ca },
    ]) {
      const internet = anInternet({ hosts: [VENDOR], names: { [VENDOR]: [HERE] }, listeners: { [HERE]: port }, ca });
      const account = openAccount({ clock: systemClock, user_agent: 'a test', dial: publicDial(internet) });
      expect(await account.ask({ method: 'POST', url: new URL(`https://${VENDOR}/`), body: 'x' }, { mayWrite })).toMatchObject({
        sent: false,
        why: 'not_reached',
      });
    }
    expect([other.heard.join(''), nobody.heard.join('')]).toEqual(['', '']);
  });

  it.each([['127.0.0.1'], ['10.0.0.1'], ['1.1.1.1'], [''], ['::ffff:93.184.215.14']])(
    'whose socket turns out to be at %s gets no byte, not even a greeting',
    async (reached) => {
      let greeted = 0;
      const server = net.createServer((socket) => void socket.on('data', () => (greeted += 1)).on('error', () => {}));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      closing.push(() => server.close());
      const { port } = server.address() as net.AddressInfo;
      const internet = anInternet({
        hosts: [VENDOR],
        names: { [VENDOR]: [HERE] },
        listeners: { [HERE]: port },
        claims: { [HERE]: reached },
      });
      await expect(publicDial(internet)({ ...there, host: VENDOR }, 500)).rejects.toThrow(/another address/);
      await systemClock.within(50, new Promise(() => {}), () => new Error()).catch(() => {});
      expect(greeted).toBe(0);
    },
  );

  it('asks no proxy, whatever the environment says', async () => {
    const proxy = await listening(answers(502));
    closing.push(() => proxy.close());
    for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'])
      vi.stubEnv(name, `http://127.0.0.1:${proxy.port}`);
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    const server = await serve(answers(204));
    const internet = anInternet({ hosts: [VENDOR], names: { [VENDOR]: [HERE] }, listeners: { [HERE]: server.port }, ca: authority.ca });
    const account = openAccount({ clock: systemClock, user_agent: 'a test', dial: publicDial(internet) });
    expect(await account.ask({ method: 'GET', url: new URL(`https://${VENDOR}/`) }, { mayWrite })).toMatchObject({ status: 204 });
    expect(proxy.taken()).toBe(0);
  });
});

describe('a name server that changes its answer', () => {
  verifies('outbound:name-looked-up-once', async () => {
    const server = await serve(answers(200));
    // First the vendor, then this machine, turn about: asked twice for one request, it would have won.
    let asked = 0;
    const names = { [VENDOR]: () => [asked++ % 2 === 0 ? HERE : '127.0.0.1'] };
    const internet = anInternet({ hosts: [VENDOR], names, listeners: { [HERE]: server.port }, ca: authority.ca });
    const account = openAccount({ clock: systemClock, user_agent: 'a test', dial: publicDial(internet) });
    const url = new URL(`https://${VENDOR}/`);
    const told = [];
    for (let n = 0; n < 6; n += 1) told.push(await account.ask({ method: 'GET', url }, { mayWrite }));
    expect(told.map((each) => (each.sent ? each.status : each.why))).toEqual([200, 'not_allowed', 200, 'not_allowed', 200, 'not_allowed']);
    expect(internet.asked).toHaveLength(6);
    expect(internet.opened).toEqual([HERE, HERE, HERE]);
  });

  it('over the wire of DNS, with A and AAAA of its own, neither', async () => {
    const answersOf: Record<string, Zone> = {
      'both.example.com': { a: [HERE], aaaa: ['2606:4700:4700::1111'] },
      'four.example.com': { a: [HERE] },
      'inside.example.com': { a: [HERE], aaaa: ['fd00::1'] },
      'mapped.example.com': { a: [HERE], aaaa: ['::ffff:127.0.0.1'] },
      'second.example.com': { a: [HERE, '10.0.0.1'] },
      'broken.example.com': { code: 2 },
      'half.example.com': { a: [HERE], only_a: true },
      'nobody.example.com': { code: 3 },
    };
    const server = await nameServer(answersOf);
    closing.push(() => server.close());
    const resolver = new Resolver({ timeout: 300, tries: 1 });
    resolver.setServers([`127.0.0.1:${server.address().port}`]);
    const resolve = bothFamilies(resolver);
    expect(await resolve('both.example.com')).toEqual([HERE, '2606:4700:4700::1111']);
    const outcomes: Record<string, string> = {};
    for (const host of Object.keys(answersOf)) {
      const internet: Played = { ...anInternet({ hosts: [host] }), resolve };
      const failed = await publicDial(internet)({ ...there, host }, 2_000).catch((error: Error) => error);
      outcomes[host] = `${(failed as Error).name}, ${internet.opened.length}`;
    }
    expect(outcomes).toEqual({
      'both.example.com': 'Error, 1',
      'four.example.com': 'Error, 1',
      'inside.example.com': 'OutsideError, 0',
      'mapped.example.com': 'OutsideError, 0',
      'second.example.com': 'OutsideError, 0',
      'broken.example.com': 'Error, 0',
      'half.example.com': 'Error, 0',
      'nobody.example.com': 'Error, 0',
    });
  });
});

describe('until there is an addendum', () => {
  verifies('outbound:loopback-until-addendum', async () => {
    const connect = watched();
    vi.stubEnv('ATTENDING_DIAL', 'public');
    vi.stubEnv('HTTPS_PROXY', 'http://203.0.113.9:3128');
    const account = openAccount({ clock: systemClock, user_agent: 'a test' });
    for (const host of [VENDOR, 'fhir4.eclinicalworks.com', '8.8.8.8', '[2606:4700:4700::1111]', '10.0.0.1'])
      for (const protocol of ['http', 'https'])
        expect(await account.ask({ method: 'GET', url: new URL(`${protocol}://${host}/`) }, { mayWrite })).toMatchObject({
          sent: false,
          why: 'not_allowed',
        });
    expect(connect).not.toHaveBeenCalled();

    // Nobody can have selected otherwise: outside of tests no file names the other policy but its own, and one file opens sockets.
    const tree = readTree(`${import.meta.dirname}/../..`, FOLDERS);
    const naming = (word: RegExp) =>
      codeOf(tree, (file) => file.startsWith('src/') && !isTest(file)).filter((file) => {
        const { code, imports } = scan(tree.get(file) ?? '');
        return word.test(code) || imports.some(({ to }) => to !== null && word.test(to));
      });
    expect(naming(/\bpublicDial\b|dial-public/)).toEqual(['src/outbound/dial-public.ts']);
    expect(
      naming(/\bnet\s*\.\s*(?:connect|createConnection)\b|\bnew\s+net\s*\.\s*Socket\b/).filter((file) => file.startsWith('src/outbound/')),
    ).toEqual(['src/outbound/dial.ts']);
    expect(hostsOf(null, new Date())).toEqual([]);
  });

  it('the hosts are those it names, while it lives', () => {
    const now = new Date('2026-12-01T00:00:00Z');
    const baa_references = {
      'fhir4.eclinicalworks.com': 'contracts/2026-eclinicalworks-baa',
      'fhir4.healow.com': ' ',
      'evil.example.com': 'mine',
    };
    const addendum = { live_until: new Date('2027-01-01T00:00:00Z'), baa_references };
    expect(hostsOf(addendum, now)).toEqual([
      { host: 'fhir4.eclinicalworks.com', what: 'eClinicalWorks FHIR R4', baa_reference: 'contracts/2026-eclinicalworks-baa' },
    ]);
    expect(hostsOf(addendum, addendum.live_until)).toEqual([]);
  });
});

/** What a name has; `code` of RFC 1035 where it fails; `only_a`: asked for anything else, the server fails. */
interface Zone {
  a?: string[];
  aaaa?: string[];
  code?: number;
  only_a?: boolean;
}

/** A name server on loopback (RFC 1035): one question, its records, or a code. */
async function nameServer(of: Record<string, Zone>): Promise<dgram.Socket> {
  const server = dgram.createSocket('udp4');
  server.on('message', (question, from) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
      labels.push(question.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const type = question.readUInt16BE(at + 1);
    const { a = [], aaaa = [], only_a = false, ...zone } = of[labels.join('.').toLowerCase()] ?? { code: 3 };
    const code = zone.code ?? (only_a && type !== 1 ? 2 : 0);
    const data = type === 1 ? a.map((v4) => Buffer.from(v4.split('.').map(Number))) : aaaa.map(bytesOf);
    const head = Buffer.alloc(12);
    question.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x8180 | code, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(data.length, 6);
    const records = data.map((each) => {
      const record = Buffer.from([0xc0, 0x0c, 0, type, 0, 1, 0, 0, 0, 0, 0, each.length]);
      return Buffer.concat([record, each]);
    });
    server.send(Buffer.concat([head, question.subarray(12, at + 5), ...records]), from.port, from.address);
  });
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
  return server;
}

function bytesOf(v6: string): Buffer {
  const [head = '', tail = ''] = new URL(`http://[${v6}]`).hostname.slice(1, -1).split('::');
  const [before, after] = [head, tail].map((side) => side.split(':').filter(Boolean)) as [string[], string[]];
  const groups = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after];
  return Buffer.from(groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]));
}
