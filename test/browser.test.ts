// The admin application as it was built, in a browser, before anybody has signed in: served by src/http/spa.ts under its own policy.
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemRandom } from '../src/base/random.ts';
import { spaDoor } from '../src/http/spa.ts';
import { describeInBrowser, findChromium } from './browser.ts';

const DIST = path.join(import.meta.dirname, '../admin/dist');
/** What a first visit may cost, compressed. */
const MOST_BYTES = 300 * 1024;

describe('a browser for the tests', () => {
  it('is what CHROMIUM names, else found on PATH', () => {
    expect(findChromium({ CHROMIUM: '/opt/chromium' })).toBe('/opt/chromium');
    expect(existsSync(findChromium({ PATH: process.env.PATH }) ?? import.meta.filename)).toBe(true);
  });
});

describeInBrowser('the built admin application', (browser) => {
  const app = new Hono();
  const door = spaDoor({ folder: DIST, random: systemRandom });
  app.get('/admin/session', (c) =>
    c.json({ type: '/api/v1/problems/unauthenticated', title: 'Sign in', status: 401, detail: 'Sign in.' }, 401),
  );
  app.get('/admin/*', door);
  const server = createServer(getRequestListener(app.fetch));
  let url = '';
  beforeAll(async () => {
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/admin`;
  });
  afterAll(() => void server.close());

  it.each(['light', 'dark'] as const)(
    'asks who one is, keeps where one was going, and breaks none of its own policy (%s)',
    async (colorScheme) => {
      const page = await browser()
        .newContext({ colorScheme, viewport: { width: 390, height: 844 } })
        .then((context) => context.newPage());
      const said: string[] = [];
      page.on('console', (message) => message.type() === 'error' && !message.text().includes('401') && said.push(message.text()));
      page.on('pageerror', (error) => said.push(String(error)));
      expect((await page.goto(`${url}/ai-drafts/`))?.status()).toBe(200);
      await page.getByLabel('E-mail').waitFor();
      expect(new URL(page.url()).searchParams.get('next')).toBe('/ai-drafts/');
      expect(said).toEqual([]);
      expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
      await page.context().close();
    },
  );

  it('weighs at most 300 KB on the first visit', async () => {
    const page = await browser().newPage();
    const sizes: number[] = [];
    page.on('requestfinished', async (request) => sizes.push((await request.sizes()).responseBodySize));
    await page.goto(`${url}/`, { waitUntil: 'networkidle' });
    await page.getByLabel('E-mail').waitFor();
    expect(sizes.length).toBeGreaterThan(4);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES);
    await page.close();
  });
});
