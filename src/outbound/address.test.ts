// Which addresses are public: by the registry, at the edge of every range, and by a second hand.
import net from 'node:net';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PUBLIC, SPELLINGS } from '../../test/builders/spellings.ts';
import { isSameAddress, notPublic } from './address.ts';

describe('an address is public', () => {
  it.each(PUBLIC)('%s', (address) => expect(notPublic(address)).toBeNull());
});

describe('an address is not public', () => {
  const plain = SPELLINGS.filter(({ way }) => way === 'plain').map(({ host }) => host.replace(/^\[(.*)\]$/, '$1'));
  it.each(plain)('%s', (address) => expect(notPublic(address)).not.toBeNull());
  it('in any spelling that the list has', async () => {
    expect(SPELLINGS.filter(({ host }) => notPublic(host.replace(/^\[(.*)\]$/, '$1')) === null)).toEqual([]);
    expect(new Set(SPELLINGS.map(({ host }) => host)).size).toBeGreaterThanOrEqual(400);
    const written = SPELLINGS.map(({ way, host }) => `${JSON.stringify(host)}  ${way}`).join('\n');
    await expect(`${written}\n`).toMatchFileSnapshot(path.join(import.meta.dirname, '../../test/builders/spellings.txt'));
  });
  it('and why is said in words', () => {
    expect(notPublic('10.1.2.3')).toBe('private use');
    expect(notPublic('64:ff9b::a00:1')).toBe('private use');
    expect(notPublic('2001:0:53aa:64c::1')).toMatch(/Teredo/);
    expect(notPublic('fe80::1%eth0')).toBe('no address');
  });
});

describe('by a second hand', () => {
  // Node's own list of blocks, filled with RFC 6890's table.
  const blocks = new net.BlockList();
  for (const range of '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3'.split(
    ' ',
  )) {
    const [first = '', length] = range.split('/');
    blocks.addSubnet(first, Number(length), 'ipv4');
  }
  const v4 = fc.tuple(
    ...([1, 2, 3, 4].map(() => fc.oneof(fc.nat(255), fc.constantFrom(0, 10, 100, 127, 169, 172, 192, 198, 203, 224, 254, 255))) as never[]),
  );

  it('every address of IPv4 is judged the same, bare or behind NAT64, and never as what a tunnel wraps', () => {
    fc.assert(
      fc.property(v4, (octets) => {
        const address = (octets as number[]).join('.');
        const isInside = blocks.check(address, 'ipv4');
        expect(notPublic(address) !== null).toBe(isInside);
        expect(notPublic(`64:ff9b::${address}`) !== null).toBe(isInside);
        for (const wrapped of [`::ffff:${address}`, `::${address}`, `64:ff9b:1::${address}`, `2a00::5efe:${address}`])
          expect(notPublic(wrapped)).not.toBeNull();
      }),
      { seed: 5, numRuns: 20_000 },
    );
  });
  it('an address is itself however it is written, and no other', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.ipV6(), (a, b) => {
        const plain = (text: string) => new URL(`http://[${text}]`).hostname;
        expect(isSameAddress(a, plain(a).slice(1, -1))).toBe(true);
        expect(isSameAddress(a, b)).toBe(plain(a) === plain(b));
      }),
      { seed: 5, numRuns: 5_000 },
    );
    expect(isSameAddress('8.8.8.8', '::ffff:8.8.8.8')).toBe(false);
    expect(isSameAddress('', '')).toBe(false);
  });
});
