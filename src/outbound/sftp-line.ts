// One connection to an SFTP server, signed in: to whom, by which algorithms and for how long. The conversation is that of ssh2-sftp-client, the socket our own.
// Source: RFC 4253 (transport), RFC 4252 (authentication), RFC 9142 (which key exchanges are still sound), draft-ietf-secsh-filexfer-02 (SFTP 3).
import { createHash } from 'node:crypto';
import type net from 'node:net';
import type { Algorithms, SFTPWrapper } from 'ssh2';
import SftpClient from 'ssh2-sftp-client';
import type { Clock } from '../base/clock.ts';
import type { Secret } from '../base/secret.ts';
import { type Dial, OutsideError } from './dial.ts';

export interface SftpServer {
  host: string;
  port: number;
  /** The keys by which the server is known, as `ssh-keygen -lf` prints them: `SHA256:` and 43 letters. No other is ever accepted; where there is none, nobody is dialled. */
  host_keys: readonly string[];
  user: string;
  /** A private key is one of OpenSSH's format, Ed25519 or ECDSA. An RSA key is refused: where a server does not say what it takes, ssh2 would sign with SHA-1. */
  credential: { password: Secret } | { private_key: Secret; passphrase?: Secret };
}

export interface LineLimits {
  /** To find the name and connect. */
  connect_ms: number;
  /** From there until signed in. */
  sign_in_ms: number;
  /** For the answer to one request. */
  answer_ms: number;
}

/** Why there was no line. `not_allowed`: the policy of dialling forbids the place. `malformed`: what it should be opened with is of no use: nothing was sent. `wrong_host`: the
 *  server showed another key than those it is known by; it was told no name and no credential. `too_weak`: it knows no algorithm that is still sound. `not_let_in`: it took
 *  neither this user nor this credential, which was shown once. The others are those of a `CutError`. */
export type NotOpened = 'not_allowed' | 'malformed' | 'not_reached' | 'wrong_host' | 'too_weak' | 'not_let_in' | Cut;
/** `no_answer`: the line was cut, or what came is no SFTP. `too_slow`: a limit of time was reached. */
export type Cut = 'no_answer' | 'too_slow';

/** The line is gone: what was asked last may have been done or not. */
export class CutError extends Error {
  override readonly name = 'CutError';
  readonly why: Cut;
  constructor(why: Cut) {
    super('the line to the server of files was cut');
    this.why = why;
  }
}

/** What the server said to one request: what was asked for, or a status that refuses it (SSH_FX_*). Its words are dropped: they may repeat a name. */
export type Said<T> = { value: T } | { status: number };

export interface Line {
  /** Asks one thing and waits for the answer. Throws CutError, and then always. */
  ask<T>(request: (sftp: SFTPWrapper, done: (error: Error | null | undefined, value: T) => void) => void): Promise<Said<T>>;
  /** Moves the reading of the clock from which on no byte leaves and nothing is waited for. */
  until(deadline: number): void;
  end(): void;
}

/** No SHA-1 anywhere, no CBC, no group that the server chooses, no compression. */
const ALGORITHMS = {
  kex: [
    ...(['curve25519-sha256', 'curve25519-sha256@libssh.org', 'ecdh-sha2-nistp256', 'ecdh-sha2-nistp384', 'ecdh-sha2-nistp521'] as const),
    ...(['diffie-hellman-group16-sha512', 'diffie-hellman-group18-sha512', 'diffie-hellman-group14-sha256'] as const),
  ],
  serverHostKey: ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'rsa-sha2-512', 'rsa-sha2-256'],
  cipher: ['aes256-gcm@openssh.com', 'aes128-gcm@openssh.com', 'aes256-ctr', 'aes192-ctr', 'aes128-ctr'],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
  compress: ['none'],
} satisfies Algorithms;

/** Never throws. `deadline` is a reading of the clock. The line ends by `end`, by a limit, or from the other side. */
export async function openLine(
  server: SftpServer,
  { dial, clock, limits, deadline }: { dial: Dial; clock: Clock; limits: LineLimits; deadline: number },
): Promise<Line | { why: NotOpened }> {
  const { host, port, host_keys } = server;
  const shown = credentialOf(server);
  if (shown === null || !host_keys.every((key) => /^SHA256:[A-Za-z0-9+/]{43}$/.test(key))) return { why: 'malformed' };
  if (host_keys.length === 0) return { why: 'wrong_host' };
  const within_ms = Math.min(limits.connect_ms, deadline - clock.elapsed());
  const reached = await dial({ host, port, tls: false }, within_ms).then(
    (socket) => ({ socket }),
    (error: unknown) => ({ why: error instanceof OutsideError ? ('not_allowed' as const) : ('not_reached' as const) }),
  );
  if ('why' in reached) return reached;

  // Questions are short and each waits for its answer: Nagle's algorithm would hold each back for 40 ms.
  reached.socket.setNoDelay(true);
  const wire = wireOver(reached.socket, { clock, deadline });
  let refused: NotOpened | undefined;
  // Without callbacks of ours it prints what goes wrong.
  const client = new SftpClient('', { error: () => {}, end: () => {}, close: () => {} });
  client.on('error', (error: { level?: string; message: string }) => {
    if (error.level === 'client-authentication') refused ??= 'not_let_in';
    if (error.level === 'handshake' && /no matching/.test(error.message)) refused ??= 'too_weak';
    wire.cut('no_answer');
  });
  for (const over of ['end', 'close']) client.on(over, () => wire.cut('no_answer'));
  client.on('change password', () => {
    refused ??= 'not_let_in';
    wire.cut('no_answer');
  });
  try {
    const signedIn = client.connect({
      ...{ sock: reached.socket, username: server.user, ...shown, algorithms: ALGORITHMS },
      // The time is kept here.
      ...{ readyTimeout: 0, keepaliveInterval: 0 },
      hostVerifier: (key: Buffer) => {
        const isKnown = host_keys.includes(`SHA256:${createHash('sha256').update(key).digest('base64').replace('=', '')}`);
        if (!isKnown) refused = 'wrong_host';
        return isKnown;
      },
    });
    // A private key that cannot be read, or not with this passphrase, is found before a byte is written.
    signedIn.catch((error: Error) => {
      if (reached.socket.bytesWritten === 0 && /privateKey/.test(error.message)) refused ??= 'malformed';
    });
    const sftp = await wire.waited(signedIn, limits.sign_in_ms);
    for (const over of ['error', 'end', 'close']) sftp.on(over, () => wire.cut('no_answer'));
    return {
      ask: (request) => wire.waited(saidBy(sftp, request), limits.answer_ms),
      until: wire.until,
      end: () => wire.cut('no_answer'),
    };
  } catch (error) {
    wire.cut('no_answer');
    return { why: refused ?? (error instanceof CutError ? error.why : 'no_answer') };
  }
}

interface Wire {
  /** Throws CutError when the wire is cut before `work` ends, or `work` takes more than `ms`, or fails. */
  waited<T>(work: Promise<T>, ms: number): Promise<T>;
  until(deadline: number): void;
  cut(why: Cut): void;
}

/** A socket that ends at a deadline. It is asked for each write besides: a process that was stopped for a minute wakes up with packets in hand, before its timers. */
function wireOver(socket: net.Socket, { clock, deadline: first }: { clock: Clock; deadline: number }): Wire {
  let [deadline, timer, why] = [first, undefined as NodeJS.Timeout | undefined, undefined as Cut | undefined];
  let told: (error: CutError) => void = () => {};
  const gone = new Promise<never>((_, reject) => {
    told = reject;
  });
  gone.catch(() => {});
  const cut = (by: Cut) => {
    why ??= by;
    clearTimeout(timer);
    socket.destroy();
    told(new CutError(why));
  };
  const until = (next: number) => {
    deadline = next;
    clearTimeout(timer);
    if (why === undefined) timer = setTimeout(() => cut('too_slow'), Math.max(0, deadline - clock.elapsed()) || 0);
  };
  const mayPass = () => why === undefined && clock.elapsed() < deadline;
  const late = () => new Error('it is too late: nothing was written');
  const write = socket._write.bind(socket);
  socket._write = (piece, encoding, done) => (mayPass() ? write(piece, encoding, done) : done(late()));
  const writev = socket._writev?.bind(socket);
  if (writev) socket._writev = (pieces, done) => (mayPass() ? writev(pieces, done) : done(late()));
  until(first);
  return {
    until,
    cut,
    async waited(work, ms) {
      try {
        return await clock.within(ms, Promise.race([work, gone]), () => new CutError('too_slow'));
      } catch (error) {
        // What fails without having been refused leaves a line of which nothing is known.
        cut(error instanceof CutError ? error.why : 'no_answer');
        throw new CutError(why ?? 'no_answer');
      }
    },
  };
}

function saidBy<T>(sftp: SFTPWrapper, request: Parameters<Line['ask']>[0]): Promise<Said<T>> {
  return new Promise((resolve, reject) => {
    request(sftp, (error, value) => {
      if (!error) return resolve({ value: value as T });
      const { code } = error as { code?: unknown };
      // A status is a number, and the only error that the server itself has sent.
      return typeof code === 'number' ? resolve({ status: code }) : reject(error);
    });
  });
}

/** Null where it is none that may be shown. */
function credentialOf({ credential }: SftpServer): { password: string } | { privateKey: Buffer; passphrase?: Buffer } | null {
  if ('password' in credential) return { password: credential.password.reveal().toString(), ...by('password') };
  const privateKey = credential.private_key.reveal();
  if (!/^(ssh-ed25519|ecdsa-sha2-nistp(256|384|521))$/.test(kindOf(privateKey))) return null;
  return { privateKey, ...(credential.passphrase && { passphrase: credential.passphrase.reveal() }), ...by('publickey') };
}

/** One way to sign in, tried once: ssh2 would ask without a credential first, and then by each that it has. */
const by = (way: 'password' | 'publickey') => ({ authHandler: [way] });

/** The kind of a private key of OpenSSH's format, which stands in clear also where the key is encrypted. Empty where it is none. Source: openssh/PROTOCOL.key. */
function kindOf(pem: Buffer): string {
  const text = /^-----BEGIN OPENSSH PRIVATE KEY-----([\sA-Za-z0-9+/=]+)-----END OPENSSH PRIVATE KEY-----\s*$/.exec(pem.toString('latin1'));
  const bytes = Buffer.from(text?.[1] ?? '', 'base64');
  const magic = 'openssh-key-v1\0';
  if (bytes.subarray(0, magic.length).toString('latin1') !== magic) return '';
  let at = magic.length;
  const next = () => {
    if (at + 4 > bytes.length) return Buffer.alloc(0);
    const length = bytes.readUInt32BE(at);
    const piece = bytes.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    return piece;
  };
  // The cipher, how its key is derived, and with what.
  for (let n = 0; n < 3; n += 1) next();
  at += 4; // how many keys: one
  const key = next();
  return key.length < 4 ? '' : key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1');
}
