// Files of a partner, by SFTP: listed, read whole, and put under a name so that nobody ever finds half of one there. Each call has a line of its own, nothing here asks again, and nothing
// throws: what is known is told. This machine alone is dialled where no other policy is given, and `publicDial` (dial-public.ts) knows no SFTP yet: no partner outside can be reached.
import { createHash } from 'node:crypto';
import type { FileEntryWithStats, Stats } from 'ssh2';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { type Dial, dial as loopback } from './dial.ts';
import { MARGIN_MS, type MayWrite, type NotSent, shown } from './exchange.ts';
import { type FileAt, isFolder, isName, PART, pathOf } from './file-name.ts';
import { type Cut, CutError, type Line, type LineLimits, type NotOpened, openLine, type SftpServer } from './sftp-line.ts';

export interface SftpLimits extends LineLimits {
  /** For all of one call. */
  total_ms: number;
  /** Of a file. */
  most_bytes: number;
  /** In a folder. */
  most_names: number;
}

/** Source: security.md §7 (5 s to connect). A file of 32 MiB at 50 ms a round trip takes a minute: each piece is answered before the next is sent. */
export const SFTP_LIMITS: SftpLimits = {
  ...{ connect_ms: 5_000, sign_in_ms: 20_000, answer_ms: 30_000, total_ms: 180_000 },
  ...{ most_bytes: 33_554_432, most_names: 10_000 },
};

/** `part`: what a put has left behind that was cut, nobody's file. `modified_s` is by the server's clock, seconds since 1970. */
export interface Entry {
  name: string;
  kind: 'file' | 'folder' | 'part' | 'other';
  size: number;
  modified_s: number;
}

/** What the server answers besides. `not_there`: there is no such file or folder. `refused`: it may not, or would not. */
type Unable = NotOpened | 'not_there' | 'refused';
/** `unusable`: how many names there cannot be asked for by us. `too_many`: there are more than `most_names`. */
export type Listed = { outcome: 'listed'; entries: Entry[]; unusable: number } | { outcome: 'not_listed'; why: Unable | 'too_many' };
/** All of a file, as it stood from the first byte to the last. `changed`: it did not stand still by its size and time, so that nobody knows what the bytes are. */
export type Read =
  | { outcome: 'read'; bytes: Buffer; sha256: string; modified_s: number }
  | { outcome: 'not_read'; why: Unable | 'no_file' | 'too_big' | 'changed' };
/** `there`: all of it stands under its name. `not_sent`: nothing of it stands there, nor will. `unknown`: the line was cut after the server was asked to give it its name: it stands there
 *  whole or not at all, and a later `list` tells. `exists`: the name is taken, and what has it was not touched. `fence_lost` and `no_time` as in exchange.ts. `size_differs`: the server
 *  has taken all of it and kept another number of bytes. */
export type Put =
  | { outcome: 'there'; size: number; sha256: string }
  | { outcome: 'not_sent'; why: Unable | 'exists' | 'too_big' | 'size_differs' | Extract<NotSent['why'], 'fence_lost' | 'no_time'> }
  | { outcome: 'unknown'; why: Cut };

export interface Sftp {
  list(folder: string): Promise<Listed>;
  read(file: FileAt): Promise<Read>;
  /** `mayWrite` is asked before the first byte of it is written, and again right before the file gets its name. A file that is there is never replaced. */
  put(file: FileAt, bytes: Buffer, mayWrite: MayWrite): Promise<Put>;
}

/** No I/O. `dial` is the policy of dialling. */
export function openSftp(server: SftpServer, ports: { clock: Clock; random: Random; dial?: Dial; limits?: Partial<SftpLimits> }): Sftp {
  const { clock, random, dial = loopback } = ports;
  const limits = { ...SFTP_LIMITS, ...ports.limits };

  async function over<T>(work: (line: Line, deadline: number) => Promise<T>): Promise<T | { why: NotOpened }> {
    const deadline = clock.elapsed() + limits.total_ms;
    const line = await openLine(server, { dial, clock, limits, deadline });
    if ('why' in line) return line;
    try {
      return await work(line, deadline);
    } catch (error) {
      if (error instanceof CutError) return { why: error.why };
      throw error;
    } finally {
      line.end();
    }
  }

  return {
    async list(folder) {
      if (!isFolder(folder)) return { outcome: 'not_listed', why: 'malformed' };
      const listed = await over((line) => listOver(line, folder, limits));
      return 'why' in listed ? { outcome: 'not_listed', why: listed.why } : { outcome: 'listed', ...listed };
    },
    async read(file) {
      const path = pathOf(file);
      if (path === null) return { outcome: 'not_read', why: 'malformed' };
      const read = await over((line) => readOver(line, path, limits));
      return 'why' in read ? { outcome: 'not_read', why: read.why } : { outcome: 'read', ...read };
    },
    async put({ folder, name }, bytes, mayWrite) {
      const [path, part] = [pathOf({ folder, name }), pathOf({ folder, name: `${PART}${random.uuid()}` })];
      if (path === null || part === null || name.startsWith(PART)) return { outcome: 'not_sent', why: 'malformed' };
      if (bytes.length > limits.most_bytes) return { outcome: 'not_sent', why: 'too_big' };
      // Where the line is cut, this tells what may have come of it.
      const so_far = { isNamed: false };
      const put = await over((line, deadline) => putOver(line, { path, part, bytes, so_far }, { mayWrite, clock, deadline }));
      if (!('why' in put)) return put;
      if (so_far.isNamed && (put.why === 'no_answer' || put.why === 'too_slow')) return { outcome: 'unknown', why: put.why };
      return { outcome: 'not_sent', why: put.why };
    },
  };
}

/** ssh2 asks twice for more than 31,952, also where a server would take it. */
const PIECE_BYTES = 30_000;
/** SSH_FX_EOF and SSH_FX_NO_SUCH_FILE. */
const [EOF, NO_SUCH_FILE] = [1, 2];

const unable = (status: number) => ({ why: status === NO_SUCH_FILE ? ('not_there' as const) : ('refused' as const) });

async function listOver(
  line: Line,
  folder: string,
  { most_names }: SftpLimits,
): Promise<{ entries: Entry[]; unusable: number } | { why: Unable | 'too_many' }> {
  const opened = await line.ask<Buffer>((sftp, done) => sftp.opendir(folder, done));
  if ('status' in opened) return unable(opened.status);
  const entries: Entry[] = [];
  let unusable = 0;
  for (;;) {
    const page = await line.ask<FileEntryWithStats[]>((sftp, done) => sftp.readdir(opened.value, done));
    if ('status' in page && page.status !== EOF) return unable(page.status);
    if ('status' in page) break;
    // Nothing of a page is kept but what is bounded: a name may be as long as a packet.
    const usable = page.value.filter(({ filename }) => isName(filename));
    entries.push(...usable.map(entryOf));
    unusable += page.value.length - usable.length;
    if (entries.length + unusable > most_names) return { why: 'too_many' };
  }
  return { entries, unusable };
}

function entryOf({ filename: name, attrs }: FileEntryWithStats): Entry {
  const [size, modified_s] = [attrs.size ?? 0, attrs.mtime ?? 0];
  if (attrs.isDirectory()) return { name, kind: 'folder', size, modified_s };
  if (!attrs.isFile()) return { name, kind: 'other', size, modified_s };
  return { name, kind: name.startsWith(PART) ? 'part' : 'file', size, modified_s };
}

async function readOver(
  line: Line,
  path: string,
  { most_bytes }: SftpLimits,
): Promise<{ bytes: Buffer; sha256: string; modified_s: number } | { why: Unable | 'no_file' | 'too_big' | 'changed' }> {
  const opened = await line.ask<Buffer>((sftp, done) => sftp.open(path, 'r', done));
  if ('status' in opened) return unable(opened.status);
  const look = () => line.ask<Stats>((sftp, done) => sftp.fstat(opened.value, done));
  const before = await look();
  if ('status' in before) return unable(before.status);
  const { size, mtime } = before.value;
  if (!before.value.isFile()) return { why: 'no_file' };
  // Also where the server does not tell the size.
  if (!(size <= most_bytes)) return { why: 'too_big' };
  const pieces: Buffer[] = [];
  let had = 0;
  for (;;) {
    const piece = await line.ask<Buffer>((sftp, done) => {
      const into = Buffer.alloc(PIECE_BYTES);
      sftp.read(opened.value, into, 0, PIECE_BYTES, had, (error, count) => done(error, into.subarray(0, count)));
    });
    if ('status' in piece) return unable(piece.status);
    if (piece.value.length === 0) break;
    pieces.push(piece.value);
    had += piece.value.length;
    if (had > size) return { why: 'changed' };
  }
  const after = await look();
  if ('status' in after) return unable(after.status);
  if (had !== size || after.value.size !== size || after.value.mtime !== mtime) return { why: 'changed' };
  const bytes = Buffer.concat(pieces, had);
  return { bytes, sha256: sha256Of(bytes), modified_s: mtime };
}

type PutOver = Extract<Put, { outcome: 'there' }> | { why: Extract<Put, { outcome: 'not_sent' }>['why'] };

async function putOver(
  line: Line,
  { path, part, bytes, so_far }: { path: string; part: string; bytes: Buffer; so_far: { isNamed: boolean } },
  { mayWrite, clock, deadline }: { mayWrite: MayWrite; clock: Clock; deadline: number },
): Promise<PutOver> {
  /** Asks for the right to write, and lets the line live no longer than that. */
  const held = async () => {
    const right = await shown(mayWrite, { clock, within_ms: deadline - clock.elapsed() });
    if (right === null) return { why: 'fence_lost' as const };
    const until = Math.min(deadline, right.good_until_ms - MARGIN_MS);
    if (!(clock.elapsed() < until)) return { why: 'no_time' as const };
    line.until(until);
    return right;
  };
  /** Undefined where the name is free. */
  const taken = async () => {
    const found = await line.ask<Stats>((sftp, done) => sftp.lstat(path, done));
    if ('value' in found) return { why: 'exists' as const };
    return found.status === NO_SUCH_FILE ? undefined : { why: 'refused' as const };
  };
  const before = await taken();
  if (before) return before;
  const begun = await held();
  if ('why' in begun) return begun;
  if (begun.mayLeave && !begun.mayLeave()) return { why: 'no_time' };
  const opened = await line.ask<Buffer>((sftp, done) => sftp.open(part, 'wx', done));
  if ('status' in opened) return unable(opened.status);
  /** What was written so far is taken away again where that can be done; what is told stands whether or not it could. */
  const without = async (why: PutOver & { why: unknown }): Promise<PutOver> => {
    await line.ask((sftp, done) => sftp.unlink(part, (error) => done(error, undefined))).catch(() => {});
    return why;
  };
  const wrong = await written(line, opened.value, { part, bytes });
  if (wrong) return await without(wrong);
  const since = await taken();
  if (since) return await without(since);
  const right = await held();
  if ('why' in right) return await without(right);
  if (right.mayLeave && !right.mayLeave()) return await without({ why: 'no_time' });
  // RENAME of SFTP 3 fails where the new name is taken. posix-rename@openssh.com would replace what is there: of two puts at once, one would be lost, and told to be there.
  so_far.isNamed = true;
  const named = await line.ask((sftp, done) => sftp.rename(part, path, (error) => done(error, undefined)));
  if ('value' in named) return { outcome: 'there', size: bytes.length, sha256: sha256Of(bytes) };
  // A refusal is believed where the part still stands under its own name.
  const still = await line.ask<Stats>((sftp, done) => sftp.lstat(part, done));
  if ('status' in still) throw new CutError('no_answer');
  so_far.isNamed = false;
  return await without((await taken()) ?? { why: 'refused' });
}

/** Writes all of a part and closes it. Undefined where the server then has as many bytes as were sent. */
async function written(
  line: Line,
  handle: Buffer,
  { part, bytes }: { part: string; bytes: Buffer },
): Promise<{ why: Unable | 'size_differs' } | undefined> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    const length = Math.min(PIECE_BYTES, bytes.length - at);
    const piece = await line.ask((sftp, done) => sftp.write(handle, bytes, at, length, at, (error) => done(error, undefined)));
    if ('status' in piece) return unable(piece.status);
  }
  // Where a disk is full, some tell it only here.
  const closed = await line.ask((sftp, done) => sftp.close(handle, (error) => done(error, undefined)));
  if ('status' in closed) return unable(closed.status);
  const kept = await line.ask<Stats>((sftp, done) => sftp.lstat(part, done));
  if ('status' in kept) return unable(kept.status);
  return kept.value.size === bytes.length ? undefined : { why: 'size_differs' };
}

const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
