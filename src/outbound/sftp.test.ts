// Files to and from a partner's server, over real sockets and a real SSH server that is cut, stopped and lied by: what is told of a file is what stands there.
import { fork } from 'node:child_process';
import path from 'node:path';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Behaviour, SFTP } from '../../emulators/sftp.ts';
import { killed } from '../../test/builders/double.ts';
import { type PartnerFiles, startPartnerFiles } from '../../test/builders/sftp.ts';
import type { PutSettings } from '../../test/builders/sftp-process.ts';
import { verifies } from '../../test/promises.ts';
import { systemClock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import { secretOf } from '../base/secret.ts';
import type { MayWrite } from './exchange.ts';
import { openSftp, type Put, type SftpLimits } from './sftp.ts';
import type { SftpServer } from './sftp-line.ts';

const [clock, random] = [systemClock, systemRandom];
const always: MayWrite = async () => ({ good_until_ms: clock.elapsed() + 60_000 });
const FILE = { folder: '/in', name: 'claims-0412.837' };
const AT = '/in/claims-0412.837';
/** Three pieces, the last one short. */
const BYTES = Buffer.from('ISA*00*          *'.repeat(4_000));
const TEXT = BYTES.toString('latin1');

let partner: PartnerFiles;
beforeAll(async () => {
  partner = await startPartnerFiles();
});
afterAll(() => partner.close());
beforeEach(() => partner.behave({ files: {} }));
const client = (limits: Partial<SftpLimits> = {}, more: Partial<SftpServer> = {}) =>
  openSftp({ ...partner.server, ...more }, { clock, random, limits });

/** Puts the file to a server that is like this, and holds what is told against what stands there. */
async function putTo(behaviour: Behaviour): Promise<Put> {
  await partner.behave({ files: {}, ...behaviour });
  const put = await client({ answer_ms: 2_000 }).put(FILE, BYTES, always);
  const { files } = await partner.seen();
  const there = files[AT];
  expect(there === undefined || there === TEXT, JSON.stringify([behaviour, put])).toBe(true);
  if (put.outcome === 'there') expect(there).toBe(TEXT);
  if (put.outcome === 'not_sent') expect(there).toBeUndefined();
  return put;
}

describe('a file that is put', () => {
  it('is there under its name, and nothing beside it', async () => {
    const put = await client().put(FILE, BYTES, always);
    expect(put).toMatchObject({ outcome: 'there', size: BYTES.length, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const { files, requests } = await partner.seen();
    expect(files).toEqual({ [AT]: TEXT });
    expect(requests).toEqual(['LSTAT', 'OPEN', 'WRITE', 'WRITE', 'WRITE', 'CLOSE', 'LSTAT', 'LSTAT', 'RENAME']);
  });

  verifies('wires:sftp-never-half', async () => {
    await putTo({});
    const { requests, bytes } = await partner.seen();
    const told: Record<string, Put['outcome']> = {};
    for (const [n, name] of requests.entries())
      for (const when of ['before', 'after'] as const)
        told[`${when} ${n + 1} ${name}`] = (await putTo({ cut: { request: n + 1, when } })).outcome;
    const last = requests.length;
    for (const [at, outcome] of Object.entries(told))
      expect([at, outcome]).toEqual([at, at.includes(`${last} RENAME`) ? 'unknown' : 'not_sent']);

    // Anywhere on the line: in the greeting, in the sign-in, in the middle of a packet.
    const outcomes = new Set<string>();
    const points = (from: number, to: number, step: number) =>
      Array.from({ length: Math.ceil((to - from) / step) }, (_, n) => from + n * step);
    for (const at of [...points(1, 4_000, 67), ...points(4_000, bytes - 900, 9_001), ...points(bytes - 900, bytes, 23)])
      outcomes.add((await putTo({ cut: { bytes: at } })).outcome);
    expect([...outcomes].sort()).toEqual(['not_sent', 'unknown']);

    // Killed while the server has each of its requests in hand.
    const { credential: _, ...known } = partner.server;
    const settings: PutSettings = { server: { ...known, password: SFTP.password }, ...FILE, text: TEXT };
    const script = path.join(import.meta.dirname, '../../test/builders/sftp-process.ts');
    for (let stuck_at = 1; stuck_at <= last; stuck_at += 1) {
      await partner.behave({ files: {}, stuck_at });
      const child = fork(script, [JSON.stringify(settings)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
      await partner.whenAsked(stuck_at);
      await killed(child);
      expect((await partner.seen()).files[AT]).toBeUndefined();
    }
  });

  it('that was cut before its name is found in the list as what it is: nobody’s file', async () => {
    await putTo({ cut: { request: 4, when: 'before' } });
    await partner.behave({});
    const listed = await client().list('/in');
    expect(listed).toMatchObject({ outcome: 'listed', entries: [{ kind: 'part' }] });
  });

  it('is told as nobody knows where the server does not answer, and a later list tells', async () => {
    const put = await putTo({ cut: { request: 9, when: 'after' } });
    expect(put).toEqual({ outcome: 'unknown', why: 'no_answer' });
    await partner.behave({});
    const listed = await client().list('/in');
    expect(listed).toMatchObject({ outcome: 'listed', entries: [{ name: FILE.name, kind: 'file', size: BYTES.length }] });
    await partner.behave({ stuck_at: 9, files: {} });
    expect(await client({ answer_ms: 200 }).put(FILE, BYTES, always)).toEqual({ outcome: 'unknown', why: 'too_slow' });
  });

  it('is taken away again where the server kept less of it, or does not rename', async () => {
    expect(await putTo({ loses: true })).toEqual({ outcome: 'not_sent', why: 'size_differs' });
    expect((await partner.seen()).files).toEqual({});
    expect(await putTo({ keeps_names: true })).toEqual({ outcome: 'not_sent', why: 'refused' });
    expect((await partner.seen()).files).toEqual({});
  });

  verifies('wires:sftp-never-replaced', async () => {
    const others = { [AT]: 'theirs' };
    await partner.behave({ files: others });
    expect(await client().put(FILE, BYTES, always)).toEqual({ outcome: 'not_sent', why: 'exists' });
    expect((await partner.seen()).files).toEqual(others);

    // Both have found the name free and uploaded all of it before either asks for the name.
    await partner.behave({ files: {} });
    let waiting = 2;
    let go: () => void = () => {};
    const both = new Promise<void>((resolve) => {
      go = resolve;
    });
    const together = (): MayWrite => {
      let asked = 0;
      return async () => {
        asked += 1;
        if (asked === 2) {
          waiting -= 1;
          if (waiting === 0) go();
          await both;
        }
        return { good_until_ms: clock.elapsed() + 60_000 };
      };
    };
    const puts = await Promise.all([BYTES, Buffer.from('the other')].map((bytes) => client().put(FILE, bytes, together())));
    expect(puts.map((put) => put.outcome).sort()).toEqual(['not_sent', 'there']);
    expect(puts).toContainEqual({ outcome: 'not_sent', why: 'exists' });
    expect((await partner.seen()).files).toEqual({ [AT]: puts[0]?.outcome === 'there' ? TEXT : 'the other' });
  });

  it('is not begun, and not given its name, without the right to write', async () => {
    for (const [nth, why, right] of [
      [1, 'fence_lost', null],
      [2, 'fence_lost', null],
      [1, 'no_time', { good_until_ms: clock.elapsed() }],
      [2, 'no_time', { good_until_ms: clock.elapsed() }],
      [2, 'no_time', { good_until_ms: clock.elapsed() + 60_000, mayLeave: () => false }],
    ] as const) {
      await partner.behave({ files: {} });
      let asked = 0;
      const mayWrite: MayWrite = async () => {
        asked += 1;
        return asked === nth ? right : await always();
      };
      expect(await client().put(FILE, BYTES, mayWrite)).toEqual({ outcome: 'not_sent', why });
      const { files, requests } = await partner.seen();
      expect(files).toEqual({});
      expect(requests).not.toContain('RENAME');
      expect(requests.includes('OPEN')).toBe(nth === 2);
    }
  });

  it('has no name that a server could take for something else, and no more bytes than may be', async () => {
    const hostile = [
      '',
      '.',
      '..',
      '../in',
      'a/b',
      'a\\b',
      'a\0b',
      'a\nb',
      'a\rb',
      'a\u0085b',
      'a\u2028b',
      '\ud800',
      'x'.repeat(10_000),
      'é'.repeat(128),
    ];
    for (const name of [...hostile, '.attending-part-1'])
      expect([name, await client().put({ folder: '/in', name }, BYTES, always)]).toEqual([name, { outcome: 'not_sent', why: 'malformed' }]);
    for (const name of hostile) expect(await client().read({ folder: '/in', name })).toEqual({ outcome: 'not_read', why: 'malformed' });
    for (const folder of ['', '/in/', '//', '/in/../out', '..', 'a\nb', 'x'.repeat(10_000), '/a'.repeat(5_000)])
      expect([folder, await client().list(folder)]).toEqual([folder, { outcome: 'not_listed', why: 'malformed' }]);
    expect(await client({ most_bytes: BYTES.length - 1 }).put(FILE, BYTES, always)).toEqual({ outcome: 'not_sent', why: 'too_big' });
    expect(await partner.seen()).toMatchObject({ bytes: 0, requests: [] });
  });
});

describe('a file that is read', () => {
  const files = { [AT]: TEXT };

  verifies('wires:sftp-read-whole', async () => {
    await partner.behave({ files });
    const read = await client().read(FILE);
    expect(read).toMatchObject({ outcome: 'read', bytes: BYTES, modified_s: expect.any(Number) });
    const put = await client().put({ ...FILE, name: 'again' }, BYTES, always);
    expect(read).toHaveProperty('sha256', put.outcome === 'there' && put.sha256);

    await partner.behave({ files });
    await client().read(FILE);
    const { requests, bytes } = await partner.seen();
    expect(requests).toEqual(['OPEN', 'FSTAT', 'READ', 'READ', 'READ', 'READ', 'FSTAT']);
    for (const [n] of requests.entries())
      for (const when of ['before', 'after'] as const) {
        await partner.behave({ files, cut: { request: n + 1, when } });
        expect(await client().read(FILE)).toEqual({ outcome: 'not_read', why: 'no_answer' });
      }
    for (let at = 1; at < bytes; at += 149) {
      await partner.behave({ files, cut: { bytes: at } });
      expect(await client().read(FILE)).toEqual({ outcome: 'not_read', why: 'no_answer' });
    }
    for (const changes of ['grows', 'shrinks', 'is_rewritten'] as const) {
      await partner.behave({ files, changes });
      expect([changes, await client().read(FILE)]).toEqual([changes, { outcome: 'not_read', why: 'changed' }]);
    }
  });

  it('is no bigger than may be, and a file', async () => {
    await partner.behave({ files });
    expect(await client({ most_bytes: BYTES.length - 1 }).read(FILE)).toEqual({ outcome: 'not_read', why: 'too_big' });
    expect((await partner.seen()).requests).not.toContain('READ');
    expect(await client().read({ folder: '/in', name: 'absent' })).toEqual({ outcome: 'not_read', why: 'not_there' });
  });

  it('is found in a list that has an end, without names that nobody could ask for', async () => {
    await partner.behave({ files, listed: ['..', 'a\nb', '../../etc/passwd', 'era.835'] });
    expect(await client().list('/in')).toEqual({
      outcome: 'listed',
      entries: [
        { name: FILE.name, kind: 'file', size: BYTES.length, modified_s: expect.any(Number) },
        { name: 'era.835', kind: 'file', size: 0, modified_s: expect.any(Number) },
      ],
      unusable: 2,
    });
    await partner.behave({ files, names: 100_000 });
    expect(await client().list('/in')).toEqual({ outcome: 'not_listed', why: 'too_many' });
    expect((await partner.seen()).requests.length).toBeLessThan(110);
  });
});

describe('the server', () => {
  verifies('wires:sftp-pinned-host', async () => {
    for (const credential of [partner.server.credential, { private_key: secretOf(partner.private_key) }]) {
      await partner.behave({ as: 'stranger', files: {} });
      expect(await client({}, { credential }).put(FILE, BYTES, always)).toEqual({ outcome: 'not_sent', why: 'wrong_host' });
      expect(await partner.seen()).toMatchObject({ tried: [], requests: [] });
    }
    // One that nobody has written down is not even greeted.
    await partner.behave({});
    expect(await client({}, { host_keys: [] }).list('/in')).toEqual({ outcome: 'not_listed', why: 'wrong_host' });
    expect(await client({}, { host_keys: ['SHA256:*'] }).list('/in')).toEqual({ outcome: 'not_listed', why: 'malformed' });
    expect(await partner.seen()).toMatchObject({ bytes: 0 });
  });

  verifies('wires:sftp-modern-only', async () => {
    for (const as of ['sha1_key', 'sha1_kex', 'cbc'] as const) {
      await partner.behave({ as });
      expect([as, await client().list('/in')]).toEqual([as, { outcome: 'not_listed', why: 'too_weak' }]);
      expect((await partner.seen()).tried).toEqual([]);
    }
    await partner.behave({});
    expect(await client({}, { credential: { private_key: secretOf(partner.rsa_key) } }).list('/in')).toEqual({
      outcome: 'not_listed',
      why: 'malformed',
    });
    expect(await partner.seen()).toMatchObject({ bytes: 0 });
  });

  it('lets in by a password or by a private key, which is shown once', async () => {
    const private_key = secretOf(partner.private_key);
    expect(await client({}, { credential: { private_key } }).put(FILE, BYTES, always)).toMatchObject({ outcome: 'there' });
    for (const more of [{ credential: { password: secretOf('wrong') } }, { user: 'nobody', credential: { private_key } }]) {
      await partner.behave({});
      expect(await client({}, more).list('/in')).toEqual({ outcome: 'not_listed', why: 'not_let_in' });
      expect((await partner.seen()).tried).toHaveLength(1);
    }
  });

  it('is waited for so long and no longer, wherever it stops', async () => {
    await partner.behave({ mute: true });
    expect(await client({ sign_in_ms: 200 }).list('/in')).toEqual({ outcome: 'not_listed', why: 'too_slow' });
    expect(await client({ total_ms: 200 }).list('/in')).toEqual({ outcome: 'not_listed', why: 'too_slow' });
    for (const stuck_at of [1, 2, 5]) {
      await partner.behave({ stuck_at, files: {} });
      expect(await client({ answer_ms: 200 }).put(FILE, BYTES, always)).toEqual({ outcome: 'not_sent', why: 'too_slow' });
    }
  });

  it('is sent nothing by a process that stood still until its right to write was over', async () => {
    let stood_ms = 0;
    const standing = { ...clock, elapsed: () => clock.elapsed() + stood_ms };
    let asked = 0;
    const mayWrite: MayWrite = async () => {
      asked += 1;
      const stand = () => {
        stood_ms = asked === 2 ? 60_000 : 0;
        return true;
      };
      return { good_until_ms: standing.elapsed() + 60_000, mayLeave: stand };
    };
    await partner.behave({ files: {} });
    const put = await openSftp(partner.server, { clock: standing, random }).put(FILE, BYTES, mayWrite);
    expect(put).toEqual({ outcome: 'unknown', why: 'no_answer' });
    const { files, requests } = await partner.seen();
    expect(requests).not.toContain('RENAME');
    expect(Object.keys(files)).not.toContain(AT);
  });

  it('is not waited for past the right to write', async () => {
    // 5 s before a lease ends nothing is waited for any more: what came could not be stored under it.
    const short: MayWrite = async () => ({ good_until_ms: clock.elapsed() + 5_300 });
    for (const [stuck_at, outcome] of [
      [3, 'not_sent'],
      [9, 'unknown'],
    ] as const) {
      await partner.behave({ stuck_at, files: {} });
      expect(await client().put(FILE, BYTES, short)).toEqual({ outcome, why: 'too_slow' });
    }
  });

  it('hears nothing where the key cannot be read', async () => {
    const passphrase = 'juniper';
    const locked = secretOf(ssh2.utils.generateKeyPairSync('ed25519', { passphrase, cipher: 'aes256-ctr', rounds: 4 }).private);
    await partner.behave({});
    for (const credential of [
      { private_key: locked },
      { private_key: locked, passphrase: secretOf('wrong') },
      { private_key: secretOf('-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----\n') },
      { private_key: secretOf('none') },
    ])
      expect(await client({}, { credential }).list('/in')).toEqual({ outcome: 'not_listed', why: 'malformed' });
    expect(await partner.seen()).toMatchObject({ bytes: 0 });
    // With its passphrase it is read, and the server does not know it.
    const credential = { private_key: locked, passphrase: secretOf(passphrase) };
    expect(await client({}, { credential }).list('/in')).toEqual({ outcome: 'not_listed', why: 'not_let_in' });
  });

  it('is on this machine, or is not dialled', async () => {
    expect(await client({}, { host: 'sftp.example.com' }).list('/in')).toEqual({ outcome: 'not_listed', why: 'not_allowed' });
    expect(await client({}, { port: 1 }).list('/in')).toEqual({ outcome: 'not_listed', why: 'not_reached' });
  });
});
