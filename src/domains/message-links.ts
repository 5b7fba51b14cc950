// The links of a message, and where they really lead.

/** Hosts that hide where a link leads; carriers also block them. Refused whatever a clinic allows. */
const SHORTENERS = new Set(
  'bit.ly bitly.com tinyurl.com t.co goo.gl ow.ly is.gd v.gd buff.ly rebrand.ly cutt.ly shorturl.at shorturl.com rb.gy tiny.cc t.ly bl.ink lnkd.in fb.me s.id short.io soo.gd clck.ru qr.ae adf.ly trib.al dlvr.it surl.li smarturl.it linktr.ee g.co aka.ms wa.me'.split(
    ' ',
  ),
);
/** Ends of names that telephones make a link of without http. Those that are English words (to, is, me …) only before a slash, or in a shortener. */
const ENDS =
  'com|net|org|edu|gov|mil|info|biz|health|care|clinic|doctor|app|dev|io|co|ly|gl|gd|gy|us|uk|ca|de|eu|ru|cn|site|online|website|page|link|click|live|xyz|top|shop|store|tech|cloud|test|example';
const ENDS_IN_WORDS = 'to|is|at|me|in|it|be|my|am|so|id|ee|ae|li|cc|tv|ws';
const LINK = new RegExp(
  `\\b(?:https?|ftp|sms|tel|mailto|javascript|data):\\S+|\\bwww\\.\\S+|(?<![@\\p{L}\\p{N}._-])(?:[\\p{L}\\p{N}][\\p{L}\\p{N}-]*\\.)+(?:(?:${ENDS})(?![\\p{L}\\p{N}-]|\\.[\\p{L}\\p{N}])(?:[/?#:]\\S*)?|(?:${ENDS_IN_WORDS})/\\S+)`,
  'giu',
);

export interface Link {
  start: number;
  end: number;
  /** Where its host ends and its path begins. */
  host_end: number;
  /** Absent where the link is good. */
  wrong?: 'shortener' | 'host' | 'unreadable';
}

/** The links in `text`, UTF-16 offsets, and what is wrong with each. Good is an https address (or one without a scheme) of exactly one of `allowed_hosts`
 *  (lower case, without port), with no name, password or port in it. */
export function linksIn(text: string, allowed_hosts: readonly string[]): Link[] {
  return [...text.matchAll(LINK)].map((found) => {
    const written = found[0].replace(/[.,;:!?)\]}'"]+$/, '');
    const wrong = wrongOf(written, allowed_hosts);
    const host = /^(?:[a-z]+:\/\/)?[^/?#]*/i.exec(written)?.[0] ?? written;
    const start = found.index;
    return { start, end: start + written.length, host_end: start + host.length, ...(wrong && { wrong }) };
  });
}

function wrongOf(written: string, allowed_hosts: readonly string[]): Link['wrong'] {
  const address = /^[a-z]+:/i.test(written) && !/^[^/]*:\d/.test(written) ? written : `https://${written}`;
  if (!URL.canParse(address)) return 'unreadable';
  const { protocol, hostname, username, password, port } = new URL(address);
  if (SHORTENERS.has(hostname.replace(/^www\./, ''))) return 'shortener';
  const isPlain = protocol === 'https:' && username === '' && password === '' && port === '';
  return isPlain && allowed_hosts.includes(hostname) ? undefined : 'host';
}
