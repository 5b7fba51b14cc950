// The admin application as `npm run build` left it in admin/dist: one page for every address under /admin, and the files it names.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Context } from 'hono';
import type { Random } from '../base/random.ts';

export interface SpaOptions {
  /** admin/dist. It may be built again, or for the first time, while this serves. */
  folder: string;
  random: Random;
}

/** Written by the build wherever a nonce belongs (vite.config.ts). */
const NONCE = '__NONCE__';
const NOT_BUILT = 'The admin application is not built: run npm run build\n';
const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
/** What the build laid beside a file, best first. */
const ENCODINGS = [
  { name: 'br', ending: '.br' },
  { name: 'gzip', ending: '.gz' },
] as const;
/** A name under assets/ holds the hash of its content. */
const FOREVER = 'public, max-age=31536000, immutable';
const AN_HOUR = 'public, max-age=3600';
/** Segments of plain names: nothing hidden, nothing that climbs, nothing encoded. */
const PLAIN = /^\w[\w.-]*(\/\w[\w.-]*)*$/;
const SAFE = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  'x-frame-options': 'DENY',
};

/** Answers GET at /admin and below, whatever the API before it did not: files by their name, else the page, which finds its own way. */
export function spaDoor({ folder, random }: SpaOptions): (c: Context) => Promise<Response> {
  return async (c) => {
    if (c.req.path === '/admin') return c.redirect('/admin/', 308);
    const name = c.req.path.replace(/^\/admin\//, '');
    if (/^v1(\/|$)/.test(name)) return c.notFound();
    if (path.extname(name) in TYPES || name.startsWith('assets/')) return fileOf(c, folder, name);
    const page = await readIfThere(path.join(folder, 'index.html'));
    if (!page) return c.text(NOT_BUILT, 503);
    const nonce = random.bytes(16).toString('base64');
    return c.html(page.toString('utf8').replaceAll(NONCE, nonce), 200, {
      ...SAFE,
      'cache-control': 'no-store',
      'content-security-policy': policyWith(nonce),
    });
  };
}

/** No script but our own files. Mantine writes its variables and a dialog its scroll lock as style elements at run time: they carry the nonce, so no style is
 *  allowed for being inline. (A style that a script sets on an element is none of a policy's business.) */
function policyWith(nonce: string): string {
  return `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

async function fileOf(c: Context, folder: string, name: string): Promise<Response> {
  const type = TYPES[path.extname(name)];
  if (!type || !PLAIN.test(name)) return c.notFound();
  const file = path.join(folder, name);
  const accepted = (c.req.header('accept-encoding') ?? '').split(',').map((each) => each.trim().split(';')[0]);
  const headers = {
    ...SAFE,
    'content-type': type,
    'cache-control': name.startsWith('assets/') ? FOREVER : AN_HOUR,
    vary: 'Accept-Encoding',
  };
  for (const encoding of ENCODINGS) {
    const packed = accepted.includes(encoding.name) ? await readIfThere(file + encoding.ending) : undefined;
    if (packed) return c.body(new Uint8Array(packed), 200, { ...headers, 'content-encoding': encoding.name });
  }
  const plain = await readIfThere(file);
  return plain ? c.body(new Uint8Array(plain), 200, headers) : c.notFound();
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(String(error.code))) return undefined;
    throw error;
  }
}
