// The policy `public`: the listed hosts of a clinic with a live addendum, at addresses of the public Internet. Nothing in the house selects it yet, and there is no `Internet` here but the
// tests' own: what opens a socket to another machine is absent until there is an addendum. Source: security.md §7, SSRF.
import type { Resolver } from 'node:dns/promises';
import net from 'node:net';
import { systemClock } from '../base/clock.ts';
import { isSameAddress, notPublic } from './address.ts';
import { bare, type Dial, established, OutsideError } from './dial.ts';
import type { Host } from './hosts.ts';

export interface Internet {
  /** Who may be dialled (hosts.ts), each by exactly this spelling. */
  hosts: readonly Host[];
  /** All addresses of a name. Rejects where it cannot tell them all. */
  resolve(name: string): Promise<readonly string[]>;
  /** A socket that connects to this address. */
  open(to: { address: string; port: number }): net.Socket;
  /** Trusted beside what Node trusts. */
  ca?: string;
}

const PORTS = [443, 8443];

/** Dials a listed host by TLS. The name is asked for once, every address it has must be public, and one of those that were looked at is dialled: what a resolver answers later
 *  changes nothing. */
export function publicDial({ hosts, resolve, open, ca }: Internet): Dial {
  return async ({ host, port, tls: secure }, timeout_ms) => {
    const began = systemClock.elapsed();
    const name = bare(host);
    if (!secure || !PORTS.includes(port)) throw new OutsideError('Only https is spoken outside, at port 443 or 8443: nothing was sent.');
    if (!hosts.some((listed) => listed.host === name)) throw new OutsideError('This host is not on the list of hosts: nothing was sent.');
    if (!net.isIP(name) && !isName(name)) throw new OutsideError('This is no name of a host outside: nothing was sent.');
    const late = () => new Error('the name was not found in time');
    const addresses = net.isIP(name) ? [name] : await systemClock.within(timeout_ms, resolve(name), late);
    const [address] = addresses;
    if (address === undefined) throw new Error('the name has no address');
    for (const each of addresses) {
      const why = notPublic(each);
      if (why) throw new OutsideError(`This host has an address that is not public (${why}): nothing was sent.`);
    }
    const isThere = (reached: string) => isSameAddress(reached, address) && notPublic(reached) === null;
    const left_ms = timeout_ms - (systemClock.elapsed() - began);
    return await established({ socket: open({ address, port }), name, secure, isThere, ca }, left_ms);
  };
}

/** A name as `new URL` leaves one, with two labels at least. Not what getaddrinfo takes for a number (0x7f.1, 127.1, 2130706433): there the last label is one. */
function isName(name: string): boolean {
  const labels = name.split('.');
  return (
    name.length <= 253 &&
    labels.length > 1 &&
    labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label)) &&
    !/^(\d+|0x[\da-f]*)$/.test(labels.at(-1) ?? '')
  );
}

/** Asks for A and AAAA at once. That a name has none of one kind is an answer; that it cannot be known is an error, since what is not known cannot be looked at. */
export function bothFamilies(resolver: Pick<Resolver, 'resolve4' | 'resolve6'>): Internet['resolve'] {
  return async (name) => {
    const none = (error: unknown): string[] => {
      const { code } = error as { code?: string };
      if (code === 'ENODATA' || code === 'ENOTFOUND') return [];
      throw error;
    };
    const [four, six] = await Promise.all([resolver.resolve4(name).catch(none), resolver.resolve6(name).catch(none)]);
    return [...four, ...six];
  };
}
