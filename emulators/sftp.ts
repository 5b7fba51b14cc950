// A double of a partner's SFTP server, in a process of its own, by ssh2's server over files in memory. Run with fork(): it says its port, the fingerprints of its keys and a key by which
// the clinic may sign in; told by messages how to behave, it answers what it has seen since it was told last.
import { createHash } from 'node:crypto';
import net, { type AddressInfo } from 'node:net';
import ssh2, { type Algorithms, type Attributes, type Connection, type SFTPWrapper } from 'ssh2';

export const SFTP = { user: 'clinic', password: 'double' } as const;

export interface Behaviour {
  /** Cuts every line at the n-th request (1 is the first), before or after it is done, in either case unanswered; or after so many bytes have come from the other side. */
  cut?: { request: number; when: 'before' | 'after' } | { bytes: number };
  /** Never answers the n-th request, which is not done. */
  stuck_at?: number;
  /** Says nothing to whoever connects. */
  mute?: true;
  /** Shows another key than its own; or an RSA key and signs with SHA-1; or knows only such a key exchange, or cipher. */
  as?: 'stranger' | 'sha1_key' | 'sha1_kex' | 'cbc';
  /** Lists so many names. */
  names?: number;
  /** Lists these besides, whatever they say. */
  listed?: string[];
  /** What happens to a file whenever a piece of it is read: it is longer by one byte, or loses its end, or is written anew. */
  changes?: 'grows' | 'shrinks' | 'is_rewritten';
  /** Keeps one byte less of each piece that is written. */
  loses?: true;
  /** Refuses to rename. */
  keeps_names?: true;
  /** What stands there from now on, and nothing else. */
  files?: Record<string, string>;
}

export interface SeenFiles {
  files: Record<string, string>;
  /** Each as the standard calls it. */
  requests: string[];
  /** By which ways somebody has tried to sign in; bytes that came over all lines. */
  tried: string[];
  bytes: number;
}

type Ready = { port: number; host_keys: string[]; private_key: string; rsa_key: string };
const { STATUS_CODE, OPEN_MODE } = ssh2.utils.sftp;
const [FILE, FOLDER] = [0o100_644, 0o040_755];

const own = ssh2.utils.generateKeyPairSync('ed25519').private;
const stranger = ssh2.utils.generateKeyPairSync('ed25519').private;
const rsa = ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 }).private;
const clinic = ssh2.utils.generateKeyPairSync('ed25519');
const keyOf = (pem: string) => {
  const key = ssh2.utils.parseKey(pem);
  if (key instanceof Error) throw key;
  return key.getPublicSSH();
};
const fingerprint = (pem: string) => `SHA256:${createHash('sha256').update(keyOf(pem)).digest('base64').replace('=', '')}`;

let behaviour: Behaviour = {};
/** Grows with each behaviour: what a line of an earlier one still brings is not done. */
let era = 0;
let files = new Map<string, Buffer>();
let seen: Pick<SeenFiles, 'requests' | 'tried' | 'bytes'> = { requests: [], tried: [], bytes: 0 };
const lines = new Set<net.Socket>();
/** Those who wait for a request to be seen. */
let waiting: { requests: number; tell(): void }[] = [];

function cutAll(): void {
  for (const line of lines) line.destroy();
}

/** Does what is asked and answers it, unless it should not. */
function does(name: string, act: () => void): void {
  const n = seen.requests.push(name);
  const { cut, stuck_at } = behaviour;
  const isCut = cut !== undefined && 'request' in cut && cut.request === n;
  if (isCut && cut.when === 'before') cutAll();
  else if (stuck_at !== n) act();
  if (isCut) cutAll();
  for (const { requests, tell } of waiting) if (requests <= n) tell();
  waiting = waiting.filter(({ requests }) => requests > n);
}

/** Of every file. */
let modified_s = 1_790_000_000;
const attributes = (size: number, mode = FILE): Attributes => ({ mode, size, uid: 0, gid: 0, atime: modified_s, mtime: modified_s });
const entry = (filename: string, size = 0) => ({ filename, longname: filename, attrs: attributes(size) });

function serve(sftp: SFTPWrapper, begun: number): void {
  const asked = (name: string, act: () => void) => begun === era && does(name, act);
  const handles = new Map<number, { path: string; pages: ReturnType<typeof entry>[][] }>();
  let last = 0;
  const open = (path: string, pages: ReturnType<typeof entry>[][] = []) => {
    last += 1;
    handles.set(last, { path, pages });
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(last);
    return handle;
  };
  const of = (handle: Buffer) => handles.get(handle.readUInt32BE());
  const looked = (id: number, path: string) => {
    const file = files.get(path);
    const isFolder = [...files.keys()].some((each) => each.startsWith(`${path}/`));
    if (!file && !isFolder) return sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
    return sftp.attrs(id, file ? attributes(file.length) : attributes(0, FOLDER));
  };
  sftp.on('OPEN', (id, path, flags) =>
    asked('OPEN', () => {
      const file = files.get(path);
      if (flags & OPEN_MODE.CREAT) {
        if (file) return sftp.status(id, STATUS_CODE.FAILURE);
        files.set(path, Buffer.alloc(0));
      } else if (!file) return sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
      return sftp.handle(id, open(path));
    }),
  );
  sftp.on('WRITE', (id, handle, offset, data) =>
    asked('WRITE', () => {
      const path = of(handle)?.path ?? '';
      const kept = behaviour.loses ? data.subarray(1) : data;
      files.set(path, Buffer.concat([(files.get(path) ?? Buffer.alloc(0)).subarray(0, offset), kept]));
      sftp.status(id, STATUS_CODE.OK);
    }),
  );
  sftp.on('READ', (id, handle, offset, length) =>
    asked('READ', () => {
      const path = of(handle)?.path ?? '';
      const file = files.get(path) ?? Buffer.alloc(0);
      if (behaviour.changes === 'grows') files.set(path, Buffer.concat([file, Buffer.from('.')]));
      if (behaviour.changes === 'shrinks') files.set(path, file.subarray(0, length + 1));
      if (behaviour.changes === 'is_rewritten') modified_s += 1;
      const piece = file.subarray(offset, offset + length);
      return piece.length === 0 ? sftp.status(id, STATUS_CODE.EOF) : sftp.data(id, piece);
    }),
  );
  sftp.on('CLOSE', (id, handle) =>
    asked('CLOSE', () => {
      handles.delete(handle.readUInt32BE());
      sftp.status(id, STATUS_CODE.OK);
    }),
  );
  sftp.on('LSTAT', (id, path) => asked('LSTAT', () => looked(id, path)));
  sftp.on('FSTAT', (id, handle) => asked('FSTAT', () => looked(id, of(handle)?.path ?? '')));
  sftp.on('OPENDIR', (id, folder) =>
    asked('OPENDIR', () => {
      const here = [...files].filter(([path]) => path.startsWith(`${folder}/`));
      const names = here.map(([path, file]) => entry(path.slice(folder.length + 1), file.length));
      names.push(...(behaviour.listed ?? []).map((name) => entry(name)));
      for (let n = 0; n < (behaviour.names ?? 0); n += 1) names.push(entry(`era-${n}.835`));
      const pages: (typeof names)[] = [];
      for (let at = 0; at < names.length; at += 100) pages.push(names.slice(at, at + 100));
      sftp.handle(id, open(folder, pages));
    }),
  );
  sftp.on('READDIR', (id, handle) =>
    asked('READDIR', () => {
      const page = of(handle)?.pages.shift();
      return page ? sftp.name(id, page) : sftp.status(id, STATUS_CODE.EOF);
    }),
  );
  sftp.on('REMOVE', (id, path) => asked('REMOVE', () => sftp.status(id, files.delete(path) ? STATUS_CODE.OK : STATUS_CODE.NO_SUCH_FILE)));
  sftp.on('RENAME', (id, from, to) =>
    asked('RENAME', () => {
      const file = files.get(from);
      if (!file) return sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
      // Source: draft-ietf-secsh-filexfer-02 §6.5, "It is an error if there already exists a file with the name specified by newpath".
      if (files.has(to) || behaviour.keeps_names) return sftp.status(id, STATUS_CODE.FAILURE);
      files.delete(from);
      files.set(to, file);
      return sftp.status(id, STATUS_CODE.OK);
    }),
  );
}

function letIn(connection: Connection): void {
  const begun = era;
  // Its types do not know it. Without it each answer waits for 40 ms.
  (connection as Connection & { setNoDelay(on: boolean): void }).setNoDelay(true);
  connection.on('error', () => {});
  connection.on('authentication', (by) => {
    if (begun === era) seen.tried.push(by.method);
    if (by.username !== SFTP.user) return by.reject();
    if (by.method === 'password' && by.password === SFTP.password) return by.accept();
    if (by.method !== 'publickey' || !by.key.data.equals(keyOf(clinic.private))) return by.reject();
    if (by.signature === undefined || by.blob === undefined) return by.accept();
    const key = ssh2.utils.parseKey(clinic.public);
    return !(key instanceof Error) && key.verify(by.blob, by.signature, by.hashAlgo) === true ? by.accept() : by.reject();
  });
  connection.on('session', (accept) => {
    accept().on('sftp', (begin) => serve(begin(), begun));
  });
}

const served = (key: string, algorithms?: Algorithms) => {
  const server = new ssh2.Server({ hostKeys: [key], ...(algorithms && { algorithms }) }, letIn);
  return new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
};
const doors = {
  own: await served(own),
  stranger: await served(stranger),
  sha1_key: await served(rsa, { serverHostKey: ['ssh-rsa'] }),
  sha1_kex: await served(own, { kex: ['diffie-hellman-group14-sha1', 'diffie-hellman-group1-sha1'] }),
  cbc: await served(own, { cipher: ['aes256-cbc', 'aes128-cbc'] }),
};

/** The line from outside: what comes is handed on up to where it is cut. */
const outer = net.createServer({ noDelay: true }, (line) => {
  lines.add(line);
  line.on('close', () => lines.delete(line)).on('error', () => {});
  if (behaviour.mute) return;
  const inner = net.connect({ port: doors[behaviour.as ?? 'own'], host: '127.0.0.1', noDelay: true });
  inner.on('error', () => line.destroy()).on('close', () => line.destroy());
  line.on('close', () => inner.destroy());
  inner.pipe(line);
  let came = 0;
  line.on('data', (piece: Buffer) => {
    const { cut } = behaviour;
    const most = cut !== undefined && 'bytes' in cut ? cut.bytes : Number.POSITIVE_INFINITY;
    const passed = piece.subarray(0, most - came);
    came += passed.length;
    seen.bytes += passed.length;
    inner.write(passed);
    // What was let through is served; nothing comes back any more.
    if (came >= most) line.destroy();
  });
});

process.on('message', ({ n, behave, wait_for }: { n: number; behave?: Behaviour; wait_for?: number }) => {
  if (behave) {
    cutAll();
    era += 1;
    behaviour = behave;
    seen = { requests: [], tried: [], bytes: 0 };
    if (behave.files) files = new Map(Object.entries(behave.files).map(([path, text]) => [path, Buffer.from(text, 'latin1')]));
  }
  const tell = () =>
    process.send?.({ n, seen: { ...seen, files: Object.fromEntries([...files].map(([path, file]) => [path, file.toString('latin1')])) } });
  if (wait_for === undefined || seen.requests.length >= wait_for) tell();
  else waiting.push({ requests: wait_for, tell });
});
outer.listen(0, '127.0.0.1', () =>
  process.send?.({
    ...{ port: (outer.address() as AddressInfo).port, host_keys: [fingerprint(own), fingerprint(rsa)] },
    ...{ private_key: clinic.private, rsa_key: rsa },
  } satisfies Ready),
);
process.once('disconnect', () => process.exit());
