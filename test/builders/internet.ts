// An Internet that is this machine: names and addresses as a test says, and behind each address a listener on loopback. No packet leaves; what was asked for is kept.
import net from 'node:net';
import type { Internet } from '../../src/outbound/dial-public.ts';
import type { Host } from '../../src/outbound/hosts.ts';

export interface Played extends Internet {
  /** Every address that a socket was opened to, in order. */
  opened: string[];
  /** Every name that was asked for. */
  asked: string[];
}

export function anInternet({
  hosts,
  names = {},
  listeners = {},
  claims = {},
  ca,
}: {
  hosts: readonly string[];
  /** What each name has: always the same, or as often as it is asked. */
  names?: Record<string, readonly string[] | (() => readonly string[])>;
  /** The port on loopback that listens behind an address. */
  listeners?: Record<string, number>;
  /** The other end that a socket speaks of, where it is not the one that was dialled. */
  claims?: Record<string, string>;
  ca?: string;
}): Played {
  const [opened, asked]: [string[], string[]] = [[], []];
  return {
    ...{ hosts: hosts.map(listed), opened, asked },
    ...(ca !== undefined && { ca }),
    async resolve(name) {
      asked.push(name);
      const has = names[name] ?? [];
      return typeof has === 'function' ? has() : has;
    },
    open({ address }) {
      opened.push(address);
      const socket = new net.Socket();
      const port = listeners[address];
      if (port === undefined) setImmediate(() => socket.destroy(new Error('nobody listens there')));
      else socket.connect(port, '127.0.0.1');
      return Object.defineProperty(socket, 'remoteAddress', { get: () => claims[address] ?? address });
    },
  };
}

export const listed = (host: string): Host => ({ host, what: 'a host of a test', baa_reference: 'none: a test' });
