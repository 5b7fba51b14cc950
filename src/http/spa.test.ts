import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemRandom } from '../base/random.ts';
import { spaDoor } from './spa.ts';

const SCRIPT = 'console.log("here");';
const folder = mkdtempSync(path.join(tmpdir(), 'att-spa-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The door where server.ts mounts it: behind the API, for GET alone. */
function serving(dist: string) {
  const app = new Hono();
  const door = spaDoor({ folder: dist, random: systemRandom });
  app.get('/admin', door);
  app.get('/admin/*', door);
  return (url: string, headers: Record<string, string> = {}) => app.request(url, { headers });
}

beforeAll(() => {
  mkdirSync(path.join(folder, 'dist/assets'), { recursive: true });
  writeFileSync(path.join(folder, 'secret.js'), 'not for you');
  writeFileSync(
    path.join(folder, 'dist/index.html'),
    '<meta property="csp-nonce" nonce="__NONCE__"><script type="module" nonce="__NONCE__" src="/admin/assets/main-1a2b.js"></script>',
  );
  const script = path.join(folder, 'dist/assets/main-1a2b.js');
  writeFileSync(script, SCRIPT);
  writeFileSync(`${script}.br`, brotliCompressSync(SCRIPT));
  writeFileSync(`${script}.gz`, gzipSync(SCRIPT));
  writeFileSync(path.join(folder, 'dist/icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
});
const ask = serving(path.join(folder, 'dist'));

describe('the admin application', () => {
  it('is one page for every address of its own, with a policy that allows no inline script and no style without this answer’s nonce', async () => {
    const nonces = new Set<string>();
    for (const address of [
      '/admin/',
      '/admin/ai-drafts/',
      '/admin/ai-drafts/01999999-0000-7000-8000-000000000001',
      '/admin/sign-in?next=%2Fpeople%2F',
    ]) {
      const answer = await ask(address);
      const { status, headers } = answer;
      const html = await answer.text();
      const policy = headers.get('content-security-policy') ?? '';
      const nonce = /style-src 'self' 'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
      nonces.add(nonce);
      expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
      expect(policy).not.toMatch(/unsafe|\*|data:/);
      expect(policy).toMatch(/^default-src 'none'; script-src 'self';.*frame-ancestors 'none'/);
      expect(html).toBe(
        `<meta property="csp-nonce" nonce="${nonce}"><script type="module" nonce="${nonce}" src="/admin/assets/main-1a2b.js"></script>`,
      );
    }
    expect(nonces.size).toBe(4);
  });

  it('begins at /admin/', async () => {
    const { status, headers } = await ask('/admin');
    expect([status, headers.get('location')]).toEqual([308, '/admin/']);
  });

  it.each([
    ['br, gzip', 'br'],
    ['gzip, deflate', 'gzip'],
    ['identity', null],
  ])('sends a file as the browser takes it: %s', async (accepted, encoding) => {
    const { status, headers } = await ask('/admin/assets/main-1a2b.js', { 'accept-encoding': accepted });
    expect([status, headers.get('content-encoding'), headers.get('content-type')]).toEqual([
      200,
      encoding,
      'text/javascript; charset=utf-8',
    ]);
    expect([headers.get('cache-control'), headers.get('vary')]).toEqual(['public, max-age=31536000, immutable', 'Accept-Encoding']);
  });

  it('lets nobody keep for long what has no hash in its name', async () => {
    expect((await ask('/admin/icon.svg')).headers.get('cache-control')).toBe('public, max-age=3600');
  });

  it.each([
    '/admin/assets/gone-3c4d.js',
    '/admin/assets/',
    '/admin/assets/..%2f..%2fsecret.js',
    '/admin/%2e%2e/secret.js',
    '/admin/.hidden.js',
    '/admin/assets/main-1a2b.js.br',
    '/admin/v1/nothing',
  ])('has nothing at %s', async (address) => {
    expect((await ask(address)).status).toBe(404);
  });

  it('says in one line what is missing where it was never built, and serves once it is', async () => {
    const later = path.join(folder, 'later');
    const asked = serving(later);
    const before = await asked('/admin/');
    expect([before.status, await before.text()]).toEqual([503, 'The admin application is not built: run npm run build\n']);
    mkdirSync(later);
    writeFileSync(path.join(later, 'index.html'), 'here');
    expect(await (await asked('/admin/')).text()).toBe('here');
  });
});
