// Hosts as an attacker writes them: every way that is known to say an address that is not public. Made here from ranges and ways; written out in spellings.txt, to be read.

/** First, a middle and the last address of every special range of IPv4; by hand from the registry, not from what is tested. */
const INSIDE_V4 = [
  '0.0.0.0 0.1.2.3 0.255.255.255', '10.0.0.0 10.20.30.40 10.255.255.255', '100.64.0.0 100.100.100.200 100.127.255.255', '127.0.0.0 127.0.0.53 127.255.255.255',
  '169.254.0.0 169.254.170.2 169.254.255.255', '172.16.0.0 172.17.0.1 172.31.255.255', '192.0.0.0 192.0.0.170 192.0.0.255', '192.0.2.0 192.0.2.77 192.0.2.255',
  '192.31.196.0 192.31.196.9 192.31.196.255', '192.52.193.0 192.52.193.9 192.52.193.255', '192.88.99.0 192.88.99.1 192.88.99.255', '192.168.0.0 192.168.178.1 192.168.255.255',
  '192.175.48.0 192.175.48.6 192.175.48.255', '198.18.0.0 198.18.5.5 198.19.255.255', '198.51.100.0 198.51.100.9 198.51.100.255', '203.0.113.0 203.0.113.7 203.0.113.255',
  '224.0.0.0 239.255.255.250 239.255.255.255', '240.0.0.0 250.1.2.3 255.255.255.255',
]; // biome-ignore format: a list
/** The same of IPv6, and what was never given out. */
const INSIDE_V6 = [
  ':: ::1 ::2', '64:ff9b:1:: 64:ff9b:1::808:808 64:ff9b:1:ffff:ffff:ffff:ffff:ffff', '100:: 100::7 100::ffff:ffff:ffff:ffff', '100:0:0:1:: 100:0:0:1::7 100:0:0:1:ffff:ffff:ffff:ffff',
  '2001:: 2001:1::1 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff', '2001:2:: 2001:3::1 2001:4:112::1', '2001:10:: 2001:20::1 2001:30::1', '2001:db8:: 2001:db8:1::1 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
  '2002:: 2002:808:808::1 2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '2620:4f:8000:: 2620:4f:8000::1 2620:4f:8000:ffff:ffff:ffff:ffff:ffff',
  '3ffe:: 3ffe:1900::1 3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '3fff:: 3fff:123::1 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff', '5f00:: 5f00::1 5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  'fc00:: fd12:3456:789a::1 fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'fe80:: fe80::a00:27ff:fe4e:66a1 febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  'fec0:: fec0:0:0:1::1 feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'ff00:: ff02::1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '::ffff:0:0 ::ffff:808:808 ::ffff:ffff:ffff',
  '200::1 400::1 4000::1', '1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 6000::1 fe00::1',
]; // biome-ignore format: a list
/** Those that attackers want. */
const WANTED = ['127.0.0.1', '169.254.169.254', '10.0.0.1', '192.168.1.1', '172.16.0.1', '100.64.0.1', '0.0.0.0', '198.18.0.1'];
/** As such a host stands in a URL. Names are what a hostile name server or a hosts file points inside. */
const NAMES = [
  'localhost', 'LOCALHOST', 'localhost.', 'a.localhost', 'ｌｏｃａｌｈｏｓｔ', 'l%6fcalhost', 'ip6-localhost', 'localhost.localdomain', 'broadcasthost', 'metadata', 'metadata.google.internal',
  'instance-data.ec2.internal', 'kubernetes.default.svc', 'host.docker.internal', 'printer.local', 'router.home.arpa', '127.0.0.1.nip.io', '7f000001.nip.io', 'localtest.me', 'xn--', '*', '_', '',
]; // biome-ignore format: a list

const octets = (address: string) => address.split('.').map(Number) as [number, number, number, number];
const groups = (address: string) => {
  const [a, b, c, d] = octets(address);
  return [(a << 8) | b, (c << 8) | d] as const;
};
const hex = (n: number, width = 0) => n.toString(16).padStart(width, '0');
const octal = (n: number, width = 0) => n.toString(8).padStart(width, '0');
const whole = (address: string) => octets(address).reduce((sum, each) => sum * 256 + each, 0);
const digits = (text: string, zero: number, one = zero + 1) =>
  text.replaceAll(/\d/g, (digit) => String.fromCodePoint(digit === '0' ? zero : one + Number(digit) - 1));
const percent = (text: string) => [...text].map((each) => `%${hex(each.charCodeAt(0), 2)}`).join('');

/** One address of IPv4 in every way that a parser somewhere takes for it. */
const WAYS_V4: Record<string, (address: string) => string> = {
  'one number': (v4) => String(whole(v4)),
  'one number, hex': (v4) => `0x${hex(whole(v4))}`,
  'one number, hex, capitals': (v4) => `0X${hex(whole(v4), 8).toUpperCase()}`,
  'one number, hex, many zeros': (v4) => `0x${hex(whole(v4), 16)}`,
  'one number, octal': (v4) => `0${octal(whole(v4))}`,
  'one number and a dot': (v4) => `${whole(v4)}.`,
  'four, hex': (v4) => octets(v4).map((n) => `0x${hex(n)}`).join('.'),
  'four, octal': (v4) => octets(v4).map((n) => `0${octal(n)}`).join('.'),
  'four, octal, many zeros': (v4) => octets(v4).map((n) => octal(n, 7)).join('.'),
  'four, one hex': (v4) => v4.replace(/^\d+/, (n) => `0x${hex(Number(n))}`),
  'four, one octal': (v4) => v4.replace(/\d+$/, (n) => `0${octal(Number(n))}`),
  'three': (v4) => `${octets(v4)[0]}.${octets(v4)[1]}.${groups(v4)[1]}`,
  'two': (v4) => `${octets(v4)[0]}.${whole(v4) % 2 ** 24}`,
  'two, hex': (v4) => `0x${hex(octets(v4)[0])}.0x${hex(whole(v4) % 2 ** 24)}`,
  'a dot behind': (v4) => `${v4}.`,
  'two dots behind': (v4) => `${v4}..`,
  'full-width digits': (v4) => digits(v4, 0xff10),
  'digits in circles': (v4) => digits(v4, 0x24ea, 0x2460),
  'bold digits': (v4) => digits(v4, 0x1d7ce),
  'ideographic dots': (v4) => v4.replaceAll('.', '。'),
  'half-width dots': (v4) => v4.replaceAll('.', '｡'),
  'percent': percent,
  'percent twice': (v4) => percent(v4).replaceAll('%', '%25'),
  'percent, one dot': (v4) => v4.replace('.', '%2e'),
  'a soft hyphen': (v4) => v4.replace('.', '\u00ad.'),
  'a tab': (v4) => v4.replace('.', '.\t'),
  'in brackets': (v4) => `[${v4}]`,
  'a name before it': (v4) => `vendor.example.com@${v4}`,
  'a name and a password before it': (v4) => `vendor.example.com:443@${v4}`,
  'a backslash behind': (v4) => `${v4}\\@vendor.example.com`,
  'a fragment behind': (v4) => `${v4}#@vendor.example.com`,
  'a NUL behind': (v4) => `${v4}%00.vendor.example.com`,
  'mapped': (v4) => `[::ffff:${v4}]`,
  'mapped, hex': (v4) => `[::ffff:${groups(v4).map((n) => hex(n)).join(':')}]`,
  'mapped, in full': (v4) => `[0000:0000:0000:0000:0000:ffff:${groups(v4).map((n) => hex(n, 4)).join(':')}]`,
  'mapped, capitals': (v4) => `[::FFFF:${groups(v4).map((n) => hex(n).toUpperCase()).join(':')}]`,
  'mapped, with zeros between': (v4) => `[0:0::ffff:${v4}]`,
  'mapped, a zone': (v4) => `[::ffff:${v4}%25eth0]`,
  'translated (RFC 2765)': (v4) => `[::ffff:0:${v4}]`,
  'compatible': (v4) => `[::${v4}]`,
  'compatible, hex': (v4) => `[::${groups(v4).map((n) => hex(n)).join(':')}]`,
  'NAT64': (v4) => `[64:ff9b::${v4}]`,
  'NAT64, hex': (v4) => `[64:ff9b::${groups(v4).map((n) => hex(n)).join(':')}]`,
  'NAT64, in full': (v4) => `[0064:ff9b:0000:0000:0000:0000:${groups(v4).map((n) => hex(n, 4)).join(':')}]`,
  'NAT64 of a local network': (v4) => `[64:ff9b:1::${v4}]`,
  '6to4': (v4) => `[2002:${groups(v4).map((n) => hex(n)).join(':')}::1]`,
  'Teredo, as client': (v4) => `[2001:0:4136:e378:8000:63bf:${groups(v4).map((n) => hex(n ^ 0xffff)).join(':')}]`,
  'Teredo, as server': (v4) => `[2001:0:${groups(v4).map((n) => hex(n)).join(':')}:8000:63bf:f7f7:f7f7]`,
  'ISATAP': (v4) => `[2a00:1450:4001:81b:0:5efe:${v4}]`,
  'ISATAP, global': (v4) => `[2a00:1450:4001:81b:200:5efe:${groups(v4).map((n) => hex(n)).join(':')}]`,
  'ISATAP, link local': (v4) => `[fe80::5efe:${v4}]`,
}; // biome-ignore format: a table
const WAYS_V6: Record<string, (address: string) => string> = {
  'a zone': (v6) => `[${v6}%25eth0]`,
  'a zone, bare': (v6) => `[${v6}%1]`,
  'capitals': (v6) => `[${v6.toUpperCase()}]`,
  'no brackets': (v6) => v6,
  'a name before it': (v6) => `vendor.example.com@[${v6}]`,
}; // biome-ignore format: a table

export interface Spelling {
  way: string;
  /** What stands between `https://` and the path. */
  host: string;
}

export const SPELLINGS: readonly Spelling[] = [
  ...INSIDE_V4.flatMap((line) => line.split(' ')).map((host) => ({ way: 'plain', host })),
  ...INSIDE_V6.flatMap((line) => line.split(' ')).map((host) => ({ way: 'plain', host: `[${host}]` })),
  ...WANTED.flatMap((v4) => Object.entries(WAYS_V4).map(([way, write]) => ({ way, host: write(v4) }))),
  ...['::1', 'fe80::1', 'fd00:ec2::254'].flatMap((v6) => Object.entries(WAYS_V6).map(([way, write]) => ({ way, host: write(v6) }))),
  ...NAMES.map((host) => ({ way: 'a name', host })),
];

/** Addresses of the public Internet, many of them next to a range that is not. */
export const PUBLIC = [
  '1.0.0.0', '8.8.8.8', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.0', '169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0',
  '191.255.255.255', '192.0.1.0', '192.0.1.255', '192.0.3.0', '192.31.195.255', '192.31.197.0', '192.52.192.255', '192.52.194.0', '192.88.98.255', '192.88.100.0', '192.167.255.255', '192.169.0.0',
  '192.175.47.255', '192.175.49.0', '198.17.255.255', '198.20.0.0', '198.51.99.255', '198.51.101.0', '203.0.112.255', '203.0.114.0', '223.255.255.255',
  '2000::1', '2001:200::1', '2001:4860:4860::8888', '2001:db7:ffff::1', '2001:db9::1', '2003::1', '2606:4700:4700::1111', '2620:4f:7fff::1', '2620:4f:8001::1', '2a00:1450:4001:81b::200e',
  '3ffd:ffff::1', '3fef::1', '64:ff9b::8.8.8.8', '64:ff9b::808:808', '2a00:1450:4001:81b:0:5eff:a00:1', '2a00:1450:4001:81b:100:5efe:a00:1',
]; // biome-ignore format: a list
