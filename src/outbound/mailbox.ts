// The mailbox of a vendor account: a Maildir on this machine that a mail server delivers codes and links into. It is read and never changed. Source: cr.yp.to/proto/maildir.html.
import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { type Mail, mailIn } from './mime.ts';

export interface Wanted {
  folder: string;
  /** What was delivered before or then is left alone. */
  since: Date;
  /** Exact addresses, in small letters. */
  senders: readonly string[];
  /** The mail server whose word is taken that a mail is from whom it says (its name in Authentication-Results, dmarc=pass). Null where whatever is delivered there is believed. */
  vouched_by: string | null;
  most_bytes?: number;
}

export interface Received extends Mail {
  received_at: Date;
}

const MOST_BYTES = 262_144;

/** The mails from one of `senders` that came after `since`, newest first. What is longer than `most_bytes` is not read. Rejects where the folder is no Maildir. */
export async function mailsSince({ folder, since, senders, vouched_by, most_bytes = MOST_BYTES }: Wanted): Promise<Received[]> {
  const files = (
    await Promise.all(['new', 'cur'].map(async (part) => (await readdir(path.join(folder, part))).map((file) => ({ part, file }))))
  ).flat();
  // A mail that is moved from new to cur meanwhile is listed twice; what stands before the colon is its name.
  const mails = new Map<string, Received>();
  for (const { part, file } of files) {
    if (file.startsWith('.')) continue;
    const read = await readAfter(path.join(folder, part, file), since, most_bytes);
    if (!read) continue;
    const mail = mailIn(read.bytes);
    if (mail.from === null || !senders.includes(mail.from)) continue;
    if (vouched_by !== null && !isVouched(mail.authenticated, vouched_by)) continue;
    mails.set(file.split(':')[0] ?? '', { ...mail, received_at: read.received_at });
  }
  return [...mails.values()].sort((a, b) => b.received_at.getTime() - a.received_at.getTime());
}

/** The time of a file is when it was delivered: a server writes it once and only renames it after. */
async function readAfter(file: string, since: Date, most_bytes: number): Promise<{ bytes: Buffer; received_at: Date } | null> {
  // No link is followed: a mailbox leads nowhere else on this machine. Nor does a pipe hold us up.
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null);
  if (!handle) return null;
  try {
    const stat = await handle.stat();
    const { mtime, size } = stat;
    if (!stat.isFile() || mtime <= since || size > most_bytes) return null;
    const bytes = Buffer.alloc(size);
    const { bytesRead } = await handle.read(bytes, 0, size, 0);
    return { bytes: bytes.subarray(0, bytesRead), received_at: mtime };
  } finally {
    await handle.close();
  }
}

function isVouched(authenticated: string, by: string): boolean {
  const [server, ...results] = authenticated.split(';').map((each) => each.trim());
  return server?.split(/\s/)[0] === by && results.some((result) => /^dmarc=pass\b/.test(result));
}
