// What a signed-in browser knows: cookies, localStorage and IndexedDB as Playwright gives them, and sessionStorage, which it never does (its issues 8874, 31108, 38682).
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { type Secret, secretOf } from '../base/secret.ts';

type Storage = Exclude<BrowserContextOptions['storageState'], string | undefined>;
/** By origin. */
export type Tabs = Map<string, [key: string, value: string][]>;

export interface State {
  storage: Storage;
  session: Tabs;
}

/** Reads what `sealable` wrote. Null where it is something else. */
export function stateIn(text: Secret): State | null {
  try {
    const { version, storage, session } = JSON.parse(text.reveal().toString('utf8'));
    return version === 1 && Array.isArray(storage.cookies) ? { storage, session: new Map(session) } : null;
  } catch {
    return null;
  }
}

/** All of it as text, to be sealed. */
export async function sealable(context: BrowserContext, session: Tabs): Promise<Secret> {
  const storage = await context.storageState({ indexedDB: true });
  return secretOf(JSON.stringify({ version: 1, storage, session: [...session] }));
}

/** Takes into `session` what the tab holds for each origin that it shows now. What an origin held that is shown no more cannot have changed since. */
export async function collect(page: Page, session: Tabs): Promise<void> {
  for (const frame of page.frames()) {
    const held = await frame
      .evaluate<{ origin: string; items: [string, string][] }>('({ origin: location.origin, items: Object.entries(sessionStorage) })')
      // A page of no origin, or one that goes away meanwhile, holds nothing.
      .catch(() => null);
    if (held === null || !/^https?:/.test(held.origin)) continue;
    if (held.items.length > 0) session.set(held.origin, held.items);
    else session.delete(held.origin);
  }
}

/** Lays into the tab what it held, before it asks the vendor for anything: each origin is shown as an empty page of ours, so that its own scripts find their things and no later
 *  document is given them again (a page that signs itself out stays signed out). */
export async function restore(page: Page, session: Tabs): Promise<void> {
  if (session.size === 0) return;
  const everything = '**/*';
  await page.route(everything, (route) => route.fulfill({ contentType: 'text/html', body: '' }));
  for (const [origin, items] of session) {
    await page.goto(origin);
    await page.evaluate(`for (const [key, value] of ${JSON.stringify(items)}) sessionStorage.setItem(key, value)`);
  }
  await page.goto('about:blank');
  await page.unroute(everything);
}
