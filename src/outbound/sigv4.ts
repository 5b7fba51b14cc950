// Signature Version 4 of AWS, for a request without a query. Source: AWS General Reference, "Signature Version 4 signing process"; held to AWS's own test vectors.
import { createHash, createHmac } from 'node:crypto';

export interface AwsKeys {
  access_key_id: string;
  secret_access_key: string;
}

/** The headers that a request has to carry, those given with them, in lower case. `at` is the time of the request: AWS refuses one that is five minutes old.
 *  The path is taken as it stands in `url`. */
export function signed(
  { method, url, headers, body }: { method: string; url: URL; headers: Record<string, string>; body: string },
  { region, service, keys, at }: { region: string; service: string; keys: AwsKeys; at: Date },
): Record<string, string> {
  const time = at.toISOString().replaceAll(/[:-]|\.\d{3}/g, '');
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
  const carried: Record<string, string> = { ...lowerCase(headers), host: url.host, 'x-amz-date': time };
  const names = Object.keys(carried).sort();
  const canonical = [
    ...[method, url.pathname, ''],
    ...names.map((name) => `${name}:${carried[name]?.trim().replaceAll(/ +/g, ' ')}`),
    ...['', names.join(';'), sha256(body)],
  ].join('\n');
  const key = ['aws4_request', service, region, time.slice(0, 8)].reduceRight<string | Buffer>(hmac, `AWS4${keys.secret_access_key}`);
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${keys.access_key_id}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { ...carried, authorization };
}

const lowerCase = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
