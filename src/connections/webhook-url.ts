import { Fault } from '../base/fault.ts';

/** Where a webhook may be sent by its spelling alone; what the name leads to is asked when it is dialled (outbound/). https at a public name, on port 443 or 8443. This machine is
 *  allowed, with http too, while every clinic is a sandbox (tenants.tier). Throws Fault invalid_input. */
export function webhookUrl(text: string): URL {
  const refuse = (why: string) => new Fault('invalid_input', `url: ${why}`);
  if (!URL.canParse(text)) throw refuse('not a URL. Give the whole address, such as https://example.com/attending .');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse('must begin with https:// .');
  if (url.username !== '' || url.password !== '')
    throw refuse('must hold no user name or password. The signature of each message says who sends it.');
  if (text.includes('#')) throw refuse('must hold no fragment (#): it is never sent.');
  // new URL has spelt any number for an address as four decimals by now.
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (['localhost', '::1'].includes(host) || /^127(\.\d+){3}$/.test(host)) return url;
  if (url.protocol !== 'https:') throw refuse('must begin with https:// ; without TLS others could read and answer it.');
  if (/^[\d.]+$/.test(host) || host.includes(':')) throw refuse('must hold a public host name, and no address.');
  if (
    !/^[a-z0-9_-]+(\.[a-z0-9_-]+)*\.[a-z][a-z0-9-]+$/.test(host) ||
    /\.(local|localhost|internal|intranet|lan|home|corp|arpa|onion)$/.test(host)
  )
    throw refuse('must hold a public host name, such as hooks.example.com .');
  if (!['', '8443'].includes(url.port)) throw refuse('must be on port 443 or 8443.');
  return url;
}
