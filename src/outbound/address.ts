// Which addresses are the public Internet's. Everything else is somebody's inside: this machine, the clinic's network, a cloud's metadata, a tunnel to any of them.
// Source: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890), read 2026-11; RFC 4291, 5771, 6052, 5214.
import net from 'node:net';

interface Address {
  bits: 32 | 128;
  value: bigint;
}

/** All ranges of the registries, those that are called globally reachable too (anycast of relays, AS112): no record system lives there. */
const SPECIAL_V4 = ranges({
  '0.0.0.0/8': 'this network',
  '10.0.0.0/8': 'private use',
  '100.64.0.0/10': 'shared address space of a carrier',
  '127.0.0.0/8': 'loopback',
  '169.254.0.0/16': 'link local',
  '172.16.0.0/12': 'private use',
  '192.0.0.0/24': 'IETF protocol assignments',
  '192.0.2.0/24': 'documentation',
  '192.31.196.0/24': 'AS112',
  '192.52.193.0/24': 'AMT',
  '192.88.99.0/24': '6to4 relay',
  '192.168.0.0/16': 'private use',
  '192.175.48.0/24': 'AS112',
  '198.18.0.0/15': 'benchmarking',
  '198.51.100.0/24': 'documentation',
  '203.0.113.0/24': 'documentation',
  '224.0.0.0/4': 'multicast',
  '240.0.0.0/4': 'reserved, and the broadcast',
});

/** Only 2000::/3 is given out. What a tunnel wraps (6to4, Teredo, ISATAP) is refused whatever IPv4 address it holds: nobody is reached by one any more but by mistake. */
const GLOBAL_UNICAST = ranges({ '2000::/3': 'global unicast' });
const SPECIAL_V6 = ranges({
  '2001::/23': 'IETF protocol assignments, and Teredo',
  '2001:db8::/32': 'documentation',
  '2002::/16': '6to4',
  '2620:4f:8000::/48': 'AS112',
  '3ffe::/16': 'the 6bone, given back',
  '3fff::/20': 'documentation',
});
/** For those outside of 2000::/3 that have a name. */
const NAMED_V6 = ranges({
  '::/128': 'unspecified',
  '::1/128': 'loopback',
  '::/96': 'IPv4-compatible',
  '::ffff:0:0/96': 'IPv4-mapped',
  '64:ff9b:1::/48': 'NAT64 of a local network',
  '100::/64': 'discard only',
  '100:0:0:1::/64': 'dummy prefix',
  '5f00::/16': 'segment routing',
  'fc00::/7': 'unique local',
  'fe80::/10': 'link local',
  'fec0::/10': 'site local',
  'ff00::/8': 'multicast',
});
/** The one wrapping that real networks need: where a network has IPv6 only, an IPv4 address is reached as this prefix and its 32 bits (RFC 6052). As public as what is inside. */
const NAT64 = ranges({ '64:ff9b::/96': 'NAT64' });

/** Why an address is not to be dialled, in words without the address; null where it is public. A text that is no plain address (a name, a zone, brackets, another spelling of
 *  numbers) is not public. */
export function notPublic(text: string): string | null {
  const address = addressOf(text);
  if (!address) return 'no address';
  if (address.bits === 32) return nameIn(SPECIAL_V4, address);
  if (nameIn(NAT64, address)) return nameIn(SPECIAL_V4, { bits: 32, value: address.value & 0xffff_ffffn });
  if (!nameIn(GLOBAL_UNICAST, address)) return nameIn(NAMED_V6, address) ?? 'not given out';
  return nameIn(SPECIAL_V6, address) ?? (isIsatap(address) ? 'ISATAP' : null);
}

/** Whether two texts are one address, however it is written. */
export function isSameAddress(a: string, b: string): boolean {
  const [one, other] = [addressOf(a), addressOf(b)];
  return one !== null && other !== null && one.bits === other.bits && one.value === other.value;
}

/** RFC 5214: an interface id of 0000:5efe or 0200:5efe and an IPv4 address, below any prefix. */
function isIsatap({ value }: Address): boolean {
  const identifier = (value >> 32n) & 0xffff_ffffn;
  return identifier === 0x0000_5efen || identifier === 0x0200_5efen;
}

/** Null for what is no address in its plain form: four decimal numbers, or IPv6 without a zone. */
function addressOf(text: string): Address | null {
  const family = net.isIP(text);
  if (family === 4) return { bits: 32, value: numberOf(text.split('.'), 8n, 10) };
  // A zone names an interface of this machine.
  if (family !== 6 || text.includes('%')) return null;
  // A tail in dots is two groups.
  const hex = text.replace(/[\d.]+$/, (tail) => {
    if (!tail.includes('.')) return tail;
    const value = numberOf(tail.split('.'), 8n, 10);
    return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
  });
  const [head = [], tail = []] = hex.split('::').map((side) => side.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return { bits: 128, value: numberOf([...head, ...zeros, ...tail], 16n, 16) };
}

function numberOf(parts: readonly string[], width: bigint, radix: number): bigint {
  return parts.reduce((value, part) => (value << width) | BigInt(Number.parseInt(part, radix)), 0n);
}

interface Range {
  first: bigint;
  bits: 32 | 128;
  /** How many bits are free. */
  free: bigint;
  name: string;
}

function ranges(named: Record<string, string>): readonly Range[] {
  return Object.entries(named).map(([range, name]) => {
    const [first = '', length] = range.split('/');
    const address = addressOf(first);
    if (!address) throw new TypeError(`${range} is no range of addresses`);
    return { first: address.value, bits: address.bits, free: BigInt(address.bits - Number(length)), name };
  });
}

function nameIn(list: readonly Range[], { bits, value }: Address): string | null {
  return list.find((range) => range.bits === bits && value >> range.free === range.first >> range.free)?.name ?? null;
}
