// A mailbox as mail servers fill it: the mails are composed by nodemailer, or by whoever means harm.
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import MailComposer from 'nodemailer/lib/mail-composer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mailsSince, type Wanted } from './mailbox.ts';
import { mailIn } from './mime.ts';

const SENDER = 'noreply@vendor.example.com';
const SINCE = new Date('2026-11-20T14:00:00Z');
const later = (s: number) => new Date(SINCE.getTime() + s * 1000);
type Composed = ConstructorParameters<typeof MailComposer>[0];
const composed = (mail: Composed) =>
  new MailComposer({ from: `"Vendor" <${SENDER}>`, to: 'clinic@example.org', subject: 'Your code', ...mail }).compile().build();

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'attending-mail-'));
  for (const part of ['new', 'cur', 'tmp']) await mkdir(path.join(folder, part));
});
afterEach(() => rm(folder, { recursive: true }));

let delivered = 0;
async function deliver(mail: Buffer | string, { part = 'new', at = later(1), name = `${++delivered}.M1.host` } = {}): Promise<string> {
  const file = path.join(folder, part, name);
  await writeFile(file, mail);
  await utimes(file, at, at);
  return file;
}
const found = async (more: Partial<Wanted> = {}) => {
  const mails = await mailsSince({ folder, since: SINCE, senders: [SENDER], vouched_by: null, ...more });
  return mails.map(({ text }) => text.trim());
};

describe('the mailbox', () => {
  it('gives what came since, newest first, wherever it lies by now', async () => {
    await deliver(await composed({ text: 'the first: 111111' }), { at: later(1), part: 'cur', name: 'moved.M1.host:2,S' });
    await deliver(await composed({ text: 'the second: 222222' }), { at: later(2) });
    await deliver(await composed({ text: 'too early: 333333' }), { at: later(0) });
    await deliver(await composed({ text: 'long ago: 444444' }), { at: later(-3600) });
    await deliver(await composed({ text: 'not there yet: 555555' }), { part: 'tmp' });
    expect(await found()).toEqual(['the second: 222222', 'the first: 111111']);
    const [newest] = await mailsSince({ folder, since: SINCE, senders: [SENDER], vouched_by: null });
    expect(newest).toMatchObject({ from: SENDER, subject: 'Your code', received_at: later(2) });
  });
  it('gives a mail that is being moved from new to cur once', async () => {
    const mail = await composed({ text: '111111' });
    await deliver(mail, { name: 'both.M1.host' });
    await deliver(mail, { part: 'cur', name: 'both.M1.host:2,S' });
    expect(await found()).toEqual(['111111']);
  });
  it('does not go by the date that a mail claims', async () => {
    await deliver(await composed({ text: '111111', date: later(3600) }), { at: later(-60) });
    await deliver(await composed({ text: '222222', date: later(-3600) }), { at: later(60) });
    expect(await found()).toEqual(['222222']);
  });
  it('leaves what is too long, a link, a pipe, a folder and a hidden file', async () => {
    const mail = await composed({ text: '111111' });
    const elsewhere = await deliver(mail, { part: 'tmp' });
    await symlink(elsewhere, path.join(folder, 'new', 'link.M1.host'));
    execFileSync('/usr/bin/mkfifo', [path.join(folder, 'new', 'pipe.M1.host')]);
    await mkdir(path.join(folder, 'new', 'folder.M1.host'));
    await deliver(mail, { name: '.hidden' });
    await deliver(await composed({ text: 'x'.repeat(5_000) }));
    expect(await found({ most_bytes: 4_000 })).toEqual([]);
    expect(await found({ most_bytes: mail.length })).toEqual([]);
    await deliver(mail);
    expect(await found({ most_bytes: mail.length })).toEqual(['111111']);
  });
  it('is not there: that is said', async () => {
    await expect(mailsSince({ folder: path.join(folder, 'gone'), since: SINCE, senders: [SENDER], vouched_by: null })).rejects.toThrow(
      /ENOENT/,
    );
  });
});

describe('the sender', () => {
  it.each([
    [`From: ${SENDER}`],
    [`From: <${SENDER}>`],
    [`From: Vendor <${SENDER}>`],
    [`FROM : "Vendor, Inc." <${SENDER}>`],
    [`From: =?utf-8?q?Vend=C3=B6r?=\r\n <${SENDER.toUpperCase()}>`],
    [`From: ${SENDER} (the vendor)`],
  ])('is known by %j', async (from) => {
    await deliver(`${from}\r\n\r\n111111`);
    expect(await found()).toEqual(['111111']);
  });
  it.each([
    ['From: somebody@example.net'],
    [`From: "${SENDER}" <somebody@example.net>`],
    [`From: ${SENDER} <somebody@example.net>`],
    [`From: (${SENDER}) somebody@example.net`],
    [`From: somebody@example.net, ${SENDER}`],
    [`From: ${SENDER}, somebody@example.net`],
    [`From: <${SENDER}> <somebody@example.net>`],
    [`From: somebody@example.net\r\nFrom: ${SENDER}`],
    [`From: ${SENDER}\r\nFrom: ${SENDER}`],
    [`Sender: ${SENDER}`],
    [`Reply-To: ${SENDER}`],
    [`From: ${SENDER}.example.net`],
    [`From: x${SENDER}`],
    [`From: "a" <"${SENDER}"@example.net>`],
    [`Subject: x\r\n\r\nFrom: ${SENDER}`],
    [`From: ${' '.repeat(3_000)}${SENDER}`],
    ['From:'],
    [''],
  ])('is nobody whom we know by %j', async (from) => {
    await deliver(`${from}\r\n\r\n111111`);
    expect(await found()).toEqual([]);
  });
  it('is believed, where a mail server is named, by that server’s word alone', async () => {
    const vouched = (results: string) => deliver(`${results}From: ${SENDER}\r\n\r\n${results}`);
    await vouched('Authentication-Results: mx.clinic.example; spf=pass; dmarc=pass (p=reject) header.from=vendor.example.com\r\n');
    for (const not of [
      '',
      'Authentication-Results: mx.clinic.example; dmarc=fail\r\n',
      'Authentication-Results: mx.clinic.example; spf=pass reason="dmarc=pass"\r\n',
      'Authentication-Results: mx.evil.example; dmarc=pass\r\n',
      'Authentication-Results: mx.clinic.example; dmarc=fail\r\nAuthentication-Results: mx.clinic.example; dmarc=pass\r\n',
    ])
      await vouched(not);
    expect(await found({ vouched_by: 'mx.clinic.example' })).toHaveLength(1);
    expect(await found()).toHaveLength(6);
  });
});

describe('what a mail says', () => {
  const LINK = 'https://vendor.example.com/confirm?a=1&token=xyz';
  it.each<[string, Composed, string, string[]]>([
    ['plain', { text: `Code 123456\n${LINK}` }, `Code 123456\n${LINK}`, [LINK]],
    ['in UTF-8', { text: 'Ihr Schlüssel: 123456 – gültig' }, 'Ihr Schlüssel: 123456 – gültig', []],
    ['in base64', { text: 'Ihr Schlüssel: 123456', textEncoding: 'base64' }, 'Ihr Schlüssel: 123456', []],
    ['in long lines', { text: `${'word '.repeat(100)}123456` }, `${'word '.repeat(100)}123456`, []],
    ['in HTML alone', { html: `<html><head><title>x</title></head><style>p{}</style><p>Code&nbsp;<b>123456</b></p><a class="b" href="${LINK.replace('&', '&amp;')}">Sign in</a><!-- 999999 -->` }, 'Code 123456 \n Sign in', [LINK]],
    ['in both', { text: 'Code 123456', html: `<a href='${LINK}'>x</a> 654321` }, 'Code 123456', [LINK]],
    ['beside a file', { text: 'Code 123456', attachments: [{ filename: 'a.txt', content: 'Code 999999' }] }, 'Code 123456', []],
    ['with a script for a link', { html: '<a href="javascript:alert(1)">123456</a><a href="data:text/html,x">x</a>' }, '123456 x', []],
  ])('%s', async (_, mail, text, links) => {
    const told = mailIn(await composed(mail));
    expect(told.text.trim().replaceAll(/[ ]+/g, ' ')).toBe(text.trim());
    expect(told.links).toEqual(links);
  }); // biome-ignore format: a table
  it('in another charset, and in a subject of encoded words', () => {
    const latin = Buffer.from(
      'From: a@b.c\r\nSubject: =?iso-8859-1?Q?Ihr_Schl=FCssel?= =?utf-8?B?IMO8?=\r\nContent-Type: text/plain; charset="iso-8859-1"\r\n\r\nSchl\u00fcssel 123456',
      'latin1',
    );
    expect(mailIn(latin)).toMatchObject({ subject: 'Ihr Schlüssel ü', text: 'Schlüssel 123456' });
    expect(mailIn(Buffer.from('Content-Type: text/plain; charset=nonsense\n\n123456')).text).toBe('123456');
  });
});

describe('a mail that means harm', () => {
  it.each<[string, string]>([
    ['<', '<'],
    ['openings of scripts', '<script '],
    ['comments', '<!--'],
    ['links', '<a href="'],
    ['spaces', ' '],
    ['spaces that look soft', '= '],
    ['quotes', '"\\"'],
    ['boundaries', '\n--x'],
    ['nested boundaries', '\n--x\nContent-Type: multipart/mixed; boundary=x\n\n'],
    ['entities', '&#'],
    ['encoded words', '=?utf-8?q?'],
    ['line breaks', '\r\n'],
    ['headers', 'x: y\r\n'],
  ])('of nothing but %s is read in no time', (_, piece) => {
    const much = piece.repeat(262_144 / piece.length);
    for (const head of [
      'Content-Type: text/html\n\n',
      'Content-Type: multipart/mixed; boundary=x\n\n',
      'Content-Transfer-Encoding: quoted-printable\n\n',
      'From: ',
      'Subject: ',
      '',
    ])
      expect(mailIn(Buffer.from(head + much)).from).toBeNull();
  }); // by the time-out of a test: what goes over the same text from each place in it takes minutes
  it('of any bytes is read', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 500 }),
      fc
        .array(
          fc.constantFrom(
            '\r\n',
            '--x',
            'Content-Type: ',
            'multipart/mixed; boundary=x',
            'text/html',
            '=',
            '<a href="',
            '&#x110000;',
            '&#',
            ';',
            '=?x?b?',
            '?=',
            'From: ',
            '<',
            '>',
            ' ',
          ),
        )
        .map((words) => Buffer.from(words.join(''))),
    );
    fc.assert(
      fc.property(bytes, (each) => typeof mailIn(Buffer.from(each)).text === 'string'),
      { seed: 5, numRuns: 3_000 },
    );
  });
});
