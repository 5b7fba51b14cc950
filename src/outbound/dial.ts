// The one place that opens a connection to the outside. Until a clinic has a live addendum nothing but this machine is dialled (mission.md D10): no setting says otherwise.
import dns from 'node:dns/promises';
import net from 'node:net';
import tls from 'node:tls';
import { systemClock } from '../base/clock.ts';

/** A host that is not to be dialled: nothing was sent, and nothing will be by trying again. */
export class OutsideError extends Error {
  override readonly name = 'OutsideError';
}

export interface Where {
  host: string;
  port: number;
  tls: boolean;
}

/** A policy of dialling: a socket that is connected (and, where asked, has its TLS handshake behind it) to a place the policy allows. Throws OutsideError for any other place
 *  before a packet leaves; any other error means that nobody was reached. Nothing of ours has been written when it answers or throws, but for a greeting of TLS. */
export type Dial = (where: Where, timeout_ms: number) => Promise<net.Socket>;

/** The policy `loopback`: this machine, by name or address. */
export const dial: Dial = async ({ host, port, tls: secure }, timeout_ms) => {
  const name = bare(host);
  // No other name is even looked up: the question would leave the house.
  if (!net.isIP(name) && name !== 'localhost') throw outside();
  const address = net.isIP(name) ? name : (await dns.lookup(name)).address;
  if (!isLoopback(address)) throw outside();
  const line = { socket: net.connect({ host: address, port }), name, secure, isThere: isLoopback };
  return await established(line, timeout_ms);
};

const LOOPBACK = new net.BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

export function isLoopback(address: string): boolean {
  const family = net.isIP(address);
  return family !== 0 && LOOPBACK.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** A host as the socket knows it: an IPv6 address stands in brackets in a URL. */
export function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

function outside(): OutsideError {
  return new OutsideError(
    'No clinic here has a signed addendum that covers a carrier outside, so nothing but this machine is dialled: the message was not sent.',
  );
}

interface Line {
  /** Connecting. */
  socket: net.Socket;
  /** Whom the certificate has to name. */
  name: string;
  secure: boolean;
  /** Whether the address at the other end is one that was meant. Asked before a byte is written, the greeting of TLS included. */
  isThere(address: string): boolean;
  /** Trusted beside what Node trusts. */
  ca?: string | undefined;
}

/** Waits until `socket` is connected to whom it should be, and says the greetings of TLS where asked. Destroys it where that fails. */
export async function established({ socket: plain, name, secure, isThere, ca }: Line, timeout_ms: number): Promise<net.Socket> {
  const began = systemClock.elapsed();
  let socket = plain;
  // What goes wrong later is told by whoever uses the socket.
  plain.on('error', () => {});
  try {
    await connected(plain, 'connect', timeout_ms);
    if (!isThere(plain.remoteAddress ?? ''))
      throw new OutsideError('The connection went to another address than the one that was meant: nothing was sent.');
    if (!secure) return plain;
    socket = tls.connect({
      socket: plain,
      servername: net.isIP(name) ? '' : name,
      // Said here, so that no environment can say otherwise (NODE_TLS_REJECT_UNAUTHORIZED).
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      ...(ca !== undefined && { ca: [...tls.rootCertificates, ca] }),
    });
    socket.on('error', () => {});
    await connected(socket, 'secureConnect', timeout_ms - (systemClock.elapsed() - began));
    return socket;
  } catch (error) {
    socket.destroy();
    plain.destroy();
    throw error;
  }
}

function connected(socket: net.Socket, event: 'connect' | 'secureConnect', timeout_ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('nobody answered in time')), timeout_ms);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed')));
    socket.once(event, resolve);
    const done = () => {
      clearTimeout(timer);
      socket.removeListener('error', reject);
    };
    socket.once(event, done).once('error', done).once('close', done);
  });
}
