// The file of keys: made once, never over secrets that need another, and refused with what to do where it is not as it must be.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { verifies } from '../../test/promises.ts';
import { aSweptFolder } from '../../test/sweep.ts';
import { systemRandom as random } from '../base/random.ts';
import { SealBroken } from '../base/seal.ts';
import { openKeyFile } from './key-file.ts';

const { folder, sweep } = aSweptFolder();
afterAll(sweep);
let count = 0;
const aFile = () => {
  mkdirSync(path.join(folder, String(++count)));
  return path.join(folder, String(count), 'vault-keys');
};
const open = (file: string, in_use: readonly string[] = []) => openKeyFile({ file, random, in_use });
const context = { tenant: 'a', kek_version: 1 };
const key = random.bytes(32);

describe('the key file', () => {
  it('is made at the first opening, for its owner alone whatever the umask, and is the same at the next', async () => {
    for (const umask of [0o000, 0o022, 0o377]) {
      const file = aFile();
      const before = process.umask(umask);
      try {
        open(file);
      } finally {
        process.umask(before);
      }
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(readdirSync(path.dirname(file))).toEqual(['vault-keys']);
      const text = readFileSync(file, 'utf8');
      const { key_id, wrapped } = await open(file).wrap(key, context);
      expect((await open(file, [key_id]).unwrap(wrapped, { key_id, context })).equals(key)).toBe(true);
      expect(readFileSync(file, 'utf8')).toBe(text);
    }
  });

  it('is one, however many processes make it at the same moment', async () => {
    const file = aFile();
    const code = path.join(folder, 'opener.mjs');
    const [source, chance] = ['./key-file.ts', '../base/random.ts'].map((name) => JSON.stringify(path.join(import.meta.dirname, name)));
    writeFileSync(
      code,
      `import { openKeyFile } from ${source}; import { systemRandom as random } from ${chance};
       process.once('message', () => { process.send(openKeyFile({ file: ${JSON.stringify(file)}, random, in_use: [] }).keys().current); process.disconnect(); }); process.send('ready');`,
    );
    const openers = Array.from({ length: 4 }, () => fork(code));
    await Promise.all(openers.map((opener) => once(opener, 'message')));
    const told = openers.map((opener) => once(opener, 'message'));
    for (const opener of openers) opener.send('go');
    const ids = new Set((await Promise.all(told)).map(([id]) => id));
    expect([...ids]).toEqual([open(file).keys().current]);
  });

  it('opens nothing under another context or key, nor a bit turned, and says nothing of it', async () => {
    const kms = open(aFile());
    const { key_id, wrapped } = await kms.wrap(key, context);
    for (const other of [{ ...context, tenant: 'b' }, { ...context, kek_version: 2 }, { ...context, kek_version: '1' }, { tenant: 'a' }])
      await expect(kms.unwrap(wrapped, { key_id, context: other })).rejects.toThrow(SealBroken);
    for (let bit = 0; bit < wrapped.length * 8; bit += 1) {
      const turned = Buffer.from(wrapped);
      turned.writeUInt8(turned.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      await expect(kms.unwrap(turned, { key_id, context })).rejects.toThrow(SealBroken);
    }
    kms.rotate();
    await expect(kms.unwrap(wrapped, { key_id: kms.keys().current, context })).rejects.toThrow(SealBroken);
  });

  it('takes another key and keeps the old one, which a process that has it open learns by itself', async () => {
    const file = aFile();
    const [mine, theirs] = [open(file), open(file)];
    const before = await mine.wrap(key, context);
    theirs.rotate();
    const after = await theirs.wrap(key, context);
    expect(after.key_id).not.toBe(before.key_id);
    expect((await mine.unwrap(after.wrapped, { key_id: after.key_id, context })).equals(key)).toBe(true);
    expect((await mine.wrap(key, context)).key_id).toBe(after.key_id);
    expect((await theirs.unwrap(before.wrapped, { key_id: before.key_id, context })).equals(key)).toBe(true);
    expect(open(file).keys()).toEqual({ current: after.key_id, all: [before.key_id, after.key_id] });
    expect([statSync(file).mode & 0o777, readdirSync(path.dirname(file))]).toEqual([0o600, ['vault-keys']]);
  });

  it('does not take a key while another process adds one, nor where one died while it did', () => {
    const file = aFile();
    const kms = open(file);
    const before = readFileSync(file, 'utf8');
    writeFileSync(`${file}.next`, '');
    expect(() => kms.rotate()).toThrow(
      `${file}.next is there: another process adds a key, or one died while it did. Where none does, remove it and try again.`,
    );
    expect(readFileSync(file, 'utf8')).toBe(before);
    rmSync(`${file}.next`);
    kms.rotate();
    expect(open(file).keys().all).toHaveLength(2);
  });

  it('is not printed with what was opened of it', () => {
    const file = aFile();
    const kms = open(file);
    const secret = readFileSync(file, 'utf8').trim().split(' ')[1] as string;
    const bytes = Buffer.from(secret, 'base64url');
    for (const printed of [inspect(kms, { depth: null, showHidden: true }), JSON.stringify(kms), inspect(kms.keys())])
      for (const form of [secret, bytes.toString('hex'), bytes.toString('base64')]) expect(printed).not.toContain(form);
  });

  verifies('vault:key-file-guarded', async () => {
    const file = aFile();
    const kms = open(file);
    const { key_id, wrapped } = await kms.wrap(key, context);
    const text = readFileSync(file, 'utf8');
    const again = () => open(file, [key_id]);
    const whole = (changed: string) => writeFileSync(file, changed);

    for (const mode of [0o640, 0o604, 0o660, 0o644, 0o610, 0o601]) {
      chmodSync(file, mode);
      expect(again, mode.toString(8)).toThrow(
        `${file} may be read by other users of this machine. Take that right away: chmod 600 ${file}`,
      );
    }
    chmodSync(file, 0o600);
    if (process.getuid?.() === 0) {
      chownSync(file, 65534, 65534);
      expect(again).toThrow(/belongs to another user \(65534\)\. Start Attending as that user/);
      chownSync(file, 0, 0);
    }
    // Any one character of it is changed, or it ends anywhere in the middle.
    for (let at = 0; at < text.length - 1; at += 1) {
      whole(`${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`);
      expect(again, `character ${at}`).toThrow(/damaged|is not the key file/);
      whole(text.slice(0, at));
      expect(again, `cut at ${at}`).toThrow(/damaged|empty/);
    }
    whole(`${text}${text.trim()} more\n`);
    expect(again).toThrow(`${file} is damaged. Put it back from its backup (docs/vault.md).`);

    // Of another database, or an older backup: it lacks the key, and stays as it is.
    const other = aFile();
    open(other);
    expect(() => open(other, [key_id])).toThrow(`${other} is not the key file of this database: it lacks the key ${key_id}.`);
    expect(readFileSync(other, 'utf8')).not.toContain(key_id);

    // Lost, before the start and while it runs: nothing is made in its place.
    rmSync(file);
    expect(again).toThrow(`${file} is lost, and secrets of the vault can only be read with it. Put it back from its backup.`);
    await expect(kms.wrap(key, context)).rejects.toThrow(`${file} is gone. Put it back from its backup`);
    expect(() => kms.rotate()).toThrow(`${file} is gone.`);
    expect(readdirSync(path.dirname(file))).toEqual([]);
    writeFileSync(file, text, { mode: 0o600 });
    appendFileSync(file, '\n');
    expect((await again().unwrap(wrapped, { key_id, context })).equals(key)).toBe(true);
  });
});
