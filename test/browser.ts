// The browser of the tests: a Chromium of this machine, driven headless. Where there is none, one line says so and the tests are left out; in CI they fail.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const ELSEWHERE = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'];
const MISSING = 'No Chromium was found (Debian: apt-get install chromium; or set CHROMIUM to its path)';

/** The file to run: what CHROMIUM names, else the first of the known names on PATH. */
export function findChromium({ CHROMIUM, PATH = '' }: NodeJS.ProcessEnv = process.env): string | undefined {
  if (CHROMIUM) return CHROMIUM;
  const folders = PATH.split(path.delimiter).filter((folder) => folder !== '');
  return [...NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))), ...ELSEWHERE].find((file) => existsSync(file));
}

/** A `describe` whose tests have a browser, opened once and closed after them. */
export function describeInBrowser(what: string, tests: (browser: () => Browser) => void): void {
  const file = findChromium();
  if (file === undefined && process.env.CI) {
    describe(what, () => it('has a browser', () => Promise.reject(new Error(MISSING))));
    return;
  }
  if (file === undefined) console.log(`${MISSING}: left out is "${what}".`);
  describe.skipIf(file === undefined)(what, () => {
    let browser: Browser | undefined;
    beforeAll(async () => {
      // As root there is no sandbox to be had, and the only pages are ours.
      const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
      browser = await chromium.launch({ executablePath: file ?? '', args });
    });
    afterAll(() => browser?.close());
    tests(() => {
      if (!browser) throw new Error('the browser is opened before the tests');
      return browser;
    });
  });
}

/** What has the focus, as it is called. */
export function focused(page: Page): Promise<string> {
  return page.evaluate<string>(
    "(({ labels, ariaLabel, textContent }) => (labels?.[0]?.textContent || ariaLabel || textContent || '').trim())(document.activeElement)",
  );
}

/** Goes to it as a keyboard does. Throws an Error where Tab never comes there. */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let n = 0; n < 80; n += 1) {
    if ((await focused(page)) === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never comes to "${name}"`);
}
