// The one place that opens a connection to the outside. Until a clinic has a live addendum nothing but this machine is dialled (mission.md D10): no setting says otherwise.
import dns from 'node:dns/promises';
import net from 'node:net';
import tls from 'node:tls';

/** A host that is not this machine: nothing was sent, and nothing will be by trying again. */
export class OutsideError extends Error {
  override readonly name = 'OutsideError';
}

export interface Where {
  host: string;
  port: number;
  tls: boolean;
}

/** A socket that is connected (and, where asked, has its TLS handshake behind it) to this machine. Throws OutsideError for any other host, by name or address,
 *  before a packet leaves; any other error means that nobody was reached. Nothing of ours has been written when it answers or throws. */
export async function dial({ host, port, tls: secure }: Where, timeout_ms: number): Promise<net.Socket> {
  const name = host.replace(/^\[|\]$/g, '');
  // No other name is even looked up: the question would leave the house.
  if (!net.isIP(name) && name !== 'localhost') throw outside();
  const address = net.isIP(name) ? name : (await dns.lookup(name)).address;
  if (!isLoopback(address)) throw outside();
  const plain = net.connect({ host: address, port });
  // What goes wrong later is told by whoever uses the socket.
  plain.on('error', () => {});
  const socket = secure ? tls.connect({ socket: plain, servername: net.isIP(name) ? '' : name }) : plain;
  try {
    await connected(socket, secure ? 'secureConnect' : 'connect', timeout_ms);
    if (!isLoopback(plain.remoteAddress ?? '')) throw outside();
    socket.on('error', () => {});
    return socket;
  } catch (error) {
    socket.destroy();
    plain.destroy();
    throw error;
  }
}

const LOOPBACK = new net.BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

export function isLoopback(address: string): boolean {
  const family = net.isIP(address);
  return family !== 0 && LOOPBACK.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

function outside(): OutsideError {
  return new OutsideError(
    'No clinic here has a signed addendum that covers a carrier outside, so nothing but this machine is dialled: the message was not sent.',
  );
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
