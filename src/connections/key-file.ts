// The default KMS: a file of keys in the data folder, readable by its owner alone. A new key is added and the old ones stay, since an older backup of the database needs them.
import { createHmac, type KeyObject } from 'node:crypto';
import { closeSync, fchmodSync, fstatSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Random } from '../base/random.ts';
import { box, type Context, type Kms, keyOf, unbox } from '../base/seal.ts';

interface Keys {
  current: string;
  /** By id, the current one last. */
  keys: ReadonlyMap<string, KeyObject>;
}

export interface KeyFile extends Kms {
  readonly file: string;
  /** Adds a key, which wraps from then on. Throws where another process does the same. */
  rotate(): void;
}

/** Opens the key file, and makes it where there is none and nothing was ever wrapped by one. `in_use`: the keys without which something could not be opened.
 *  Throws an Error of one plain line that says what to do: the file is lost, lacks a key, may be read by others, is not ours or is not a key file. */
export function openKeyFile({ file, random, in_use }: { file: string; random: Random; in_use: readonly string[] }): KeyFile {
  let opened = read(file) ?? first(file, random, in_use);
  const lacking = in_use.filter((key_id) => !opened.keys.has(key_id));
  if (lacking.length > 0)
    throw new Error(
      `${file} is not the key file of this database: it lacks the key ${lacking.join(', ')}. Put the right one back from its backup, or copy it from the machine that has it (docs/vault.md).`,
    );
  /** Another process may have added a key. */
  const again = () => {
    opened = read(file) ?? refuse(`${file} is gone. Put it back from its backup (docs/vault.md).`);
    return opened;
  };
  const aadOf = (key_id: string, context: Context) => ({ ...context, kms_key_id: key_id });
  return {
    file,
    keys: () => ({ current: again().current, all: [...opened.keys.keys()] }),
    async wrap(key, context) {
      const { current: key_id, keys } = again();
      return { key_id, wrapped: box(keys.get(key_id) as KeyObject, key, aadOf(key_id, context), random) };
    },
    async unwrap(wrapped, { key_id, context }) {
      const key = opened.keys.get(key_id) ?? again().keys.get(key_id);
      if (!key) throw new Error(`${file} lacks the key ${key_id}. Put the right file back from its backup (docs/vault.md).`);
      return unbox(key, wrapped, aadOf(key_id, context));
    },
    rotate: () => {
      opened = addKey(file, random);
    },
  };
}

function first(file: string, random: Random, in_use: readonly string[]): Keys {
  if (in_use.length > 0)
    throw new Error(
      `${file} is lost, and secrets of the vault can only be read with it. Put it back from its backup. Where there is none, or on a second machine: docs/vault.md.`,
    );
  const made = `${file}.${random.uuid()}`;
  try {
    write(made, [random.bytes(32)]);
    // Unlike a rename, a link never takes the place of the file that another process made meanwhile.
    linkSync(made, file);
    syncFolder(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(made, { force: true });
  }
  return read(file) ?? refuse(`${file} was made and is gone again. Look at what removes files there, then start again.`);
}

function addKey(file: string, random: Random): Keys {
  const next = `${file}.next`;
  let fd: number;
  try {
    fd = openSync(next, 'wx', 0o600); // who has made it is alone until it is renamed, and has read what was there before
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new Error(`${next} is there: another process adds a key, or one died while it did. Where none does, remove it and try again.`);
  }
  try {
    const { keys } = read(file) ?? refuse(`${file} is gone. Put it back from its backup (docs/vault.md).`);
    fill(fd, [...Array.from(keys.values(), (key) => key.export()), random.bytes(32)]);
    renameSync(next, file);
    syncFolder(file);
  } catch (error) {
    rmSync(next, { force: true });
    throw error;
  }
  return read(file) as Keys;
}

/** One key a line, the current one last, each with its id; undefined where there is no file. */
function read(file: string): Keys | undefined {
  const fd = openIfThere(file);
  if (fd === undefined) return undefined;
  try {
    const { mode, uid } = fstatSync(fd);
    if (uid !== process.getuid?.())
      refuse(`${file} belongs to another user (${uid}). Start Attending as that user: nobody else may read the keys.`);
    if ((mode & 0o077) !== 0) refuse(`${file} may be read by other users of this machine. Take that right away: chmod 600 ${file}`);
    const lines = readFileSync(fd, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    const keys = new Map(lines.map((line) => parse(line) ?? refuse(`${file} is damaged. Put it back from its backup (docs/vault.md).`)));
    return { keys, current: [...keys.keys()].at(-1) ?? refuse(`${file} is empty. Put it back from its backup (docs/vault.md).`) };
  } finally {
    closeSync(fd);
  }
}

function openIfThere(file: string): number | undefined {
  try {
    return openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if ((error as NodeJS.ErrnoException).code === 'EACCES')
      refuse(`${file} cannot be read by this user. Start Attending as the user who owns it.`);
    throw error;
  }
}

function parse(line: string): [string, KeyObject] | undefined {
  const [id = '', text = '', ...more] = line.split(' ');
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== 32 || bytes.toString('base64url') !== text || id !== idOf(bytes) || more.length > 0) return undefined;
  return [id, keyOf(bytes)];
}

/** The key's own fingerprint, so that a key under a wrong name, or a damaged one, is seen. */
function idOf(key: Buffer): string {
  return `file:${createHmac('sha256', key).update('attending key id').digest('hex').slice(0, 16)}`;
}

function write(file: string, keys: readonly Buffer[]): void {
  fill(openSync(file, 'wx', 0o600), keys);
}

/** Writes and closes it; what is written is on the disk. */
function fill(fd: number, keys: readonly Buffer[]): void {
  try {
    fchmodSync(fd, 0o600); // whatever the umask
    writeSync(fd, keys.map((key) => `${idOf(key)} ${key.toString('base64url')}\n`).join(''));
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function syncFolder(file: string): void {
  const fd = openSync(path.dirname(file), 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function refuse(sentence: string): never {
  throw new Error(sentence);
}
