// Servers of https for a test, on loopback, that behave as it says; each keeps the bytes that came through its TLS.
import net from 'node:net';
import tls from 'node:tls';
import type { Certified } from './certificate.ts';

export interface Listening {
  port: number;
  /** What came on each connection, after the greeting. */
  heard: string[];
  /** How many connections were taken. */
  taken(): number;
  /** When so many connections have been taken, the other sides have hung up, and all that they wrote has come. */
  quiet(connections?: number): Promise<void>;
  close(): Promise<void>;
}

/** `reset` ends the connection as a crash does: without a word, not even of TLS. */
export type Behaviour = (socket: net.Socket, reset: () => void) => void;

/** Behaves once the whole head of a request is there (`body` bytes after it are not waited for). Without a certificate it speaks plain HTTP. */
export async function listening(behave: Behaviour, certified?: Certified): Promise<Listening> {
  const heard: string[] = [];
  const open = new Map<number | undefined, net.Socket>();
  let taken = 0;
  const converse = (socket: net.Socket) => {
    const at = heard.push('') - 1;
    const port = socket.remotePort;
    let told = false;
    socket.on('error', () => {});
    socket.on('data', (piece) => {
      heard[at] += piece.toString('latin1');
      if (told || !heard[at]?.includes('\r\n\r\n')) return;
      told = true;
      behave(socket, () => open.get(port)?.resetAndDestroy());
    });
  };
  const server = certified ? tls.createServer(certified, converse) : net.createServer(converse);
  server.on('tlsClientError', () => {});
  server.on('connection', (socket: net.Socket) => {
    taken += 1;
    const from = socket.remotePort;
    open.set(from, socket);
    socket.on('error', () => {}).on('close', () => open.delete(from));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    heard,
    taken: () => taken,
    async quiet(connections = 1) {
      while (taken < connections) await new Promise((resolve) => server.once('connection', resolve));
      while (open.size > 0) await Promise.all([...open.values()].map((socket) => new Promise((resolve) => socket.once('close', resolve))));
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of open.values()) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** An answer as it stands on the line. */
export function answer(status: number, headers: Record<string, string> = {}, body = ''): string {
  const head = Object.entries({ 'content-length': String(Buffer.byteLength(body)), ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return `HTTP/1.1 ${status} X\r\n${head.join('')}\r\n${body}`;
}

export const answers =
  (...of: Parameters<typeof answer>): Behaviour =>
  (socket) =>
    void socket.end(answer(...of));
