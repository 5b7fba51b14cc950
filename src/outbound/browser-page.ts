// What may be done with a page, as a person would: look, fill in, press. Never by a selector, never anything that ends the session, and nothing is written but by `submit`.
import type { Locator, Page } from 'playwright-core';
import type { Clock } from '../base/clock.ts';
import type { Secret } from '../base/secret.ts';
import { type Announced, NotAWriteError, type Refused, type Rule, type Traffic, type Unanswered } from './browser-traffic.ts';
import { type Exchanged, LIMITS, type Limits, type MayWrite } from './exchange.ts';
import { isNeverClicked } from './never-clicked.ts';

/** What a person would press or look for: its role and the whole of its name, as a screen reader says them (WAI-ARIA 1.2). */
export interface Named {
  role: Parameters<Page['getByRole']>[0];
  name: string;
}
/** A field to fill in, by its whole label. */
export interface Labelled {
  label: string;
}

/** Why a step was not done. `never_clicked`: it would end the session or lock a record. `no_page`: there came something else (a download, nothing to show). The others as in
 *  browser-traffic.ts. */
export type NotDone = Unanswered | 'not_found' | 'ambiguous' | 'never_clicked' | 'no_page' | 'browser_gone';
export type Step = { done: true } | { done: false; why: NotDone };

export interface Shown {
  url: string;
  /** With which the page was answered. */
  status: number | null;
  html: string;
}

export interface Submission {
  press: Named;
  /** The one request that may come of it. */
  write: Rule;
  /** Asked when its connection stands, before its first byte. */
  mayWrite: MayWrite;
  limits?: Limits;
}

/** What came of a submission: as `exchange` tells it. Beside its reasons for not having sent: the press was not to be done, or led to no such request in time (`no_request`), or what
 *  was named is let through as a reading (`not_a_write`): nothing was pressed. */
export type Submitted = Exchanged | { sent: false; why: NotDone | 'no_request' | 'not_a_write' };

export interface Steps {
  /** Shows a page. Answers once its document is there. */
  go(url: URL): Promise<Step>;
  /** Waits until somebody could see it. */
  see(what: Named | Labelled): Promise<Step>;
  fill(field: Labelled, value: string | Secret): Promise<Step>;
  /** Presses what leads to reading alone: a request that writes is refused. */
  click(what: Named): Promise<Step>;
  /** Presses a button, and lets the one request through that writes. Never throws: what it says of the request is proven, whatever becomes of the browser.
   *  What the page shows of it is waited for by `see`. */
  submit(submission: Submission): Promise<Submitted>;
  /** The page as it stands. */
  read(): Promise<Shown | { done: false; why: NotDone }>;
  /** What the page tried that was refused, since this was last asked. */
  refused(): Refused[];
}

export interface Ground {
  page: Page;
  traffic: Traffic;
  clock: Clock;
  step_ms: number;
  isGone(): boolean;
  /** Rejects when the browser, or this page, is gone: a step does not wait for it any longer. */
  gone: Promise<never>;
  /** Called after each step. */
  afterwards(): Promise<void>;
}

class NotDoneError extends Error {
  readonly why: NotDone;
  constructor(why: NotDone) {
    super(why);
    this.why = why;
  }
}

export function stepsOn(ground: Ground): Steps {
  const { page, traffic, clock, step_ms, gone, isGone, afterwards } = ground;
  let last: Promise<unknown> = Promise.resolve();
  /** One after the other: two hands on one page would press what the other has moved. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
  const locate = (what: Named | Labelled): Locator =>
    'label' in what ? page.getByLabel(what.label, { exact: true }) : page.getByRole(what.role, { name: what.name, exact: true });

  /** No text of Playwright gets out: it holds what was filled in. */
  const why = (error: unknown, otherwise: NotDone): NotDone => {
    if (isGone()) return 'browser_gone';
    return error instanceof NotDoneError ? error.why : otherwise;
  };
  const step = (otherwise: NotDone, work: () => Promise<unknown>): Promise<Step> =>
    inTurn(async (): Promise<Step> => {
      try {
        await inTime(work());
        return { done: true };
      } catch (error) {
        return { done: false, why: why(error, otherwise) };
      } finally {
        await inTime(afterwards()).catch(() => {});
      }
    });
  const inTime = <T>(work: Promise<T>): Promise<T> =>
    // Playwright keeps the time of its own steps; this is for a page that answers nothing at all.
    clock.within(step_ms + 1_000, Promise.race([work, gone]), () => new NotDoneError('no_time'));

  async function theOne(what: Named | Labelled): Promise<Locator> {
    const found = locate(what);
    await found
      .first()
      .waitFor({ state: 'visible', timeout: step_ms })
      .catch(() => {
        throw new NotDoneError(traffic.page().why ?? 'not_found');
      });
    if ((await found.count()) !== 1) throw new NotDoneError('ambiguous');
    return found;
  }

  /** `ready` is called when nothing is left to do but the press itself. It never comes later than it was waited for: a page that was stuck is not pressed when it wakes up. */
  async function press(what: Named, ready = () => {}): Promise<void> {
    const until = clock.elapsed() + step_ms;
    if (isNeverClicked(what.name)) throw new NotDoneError('never_clicked');
    const found = await theOne(what);
    const names = await found.evaluate(namesAround as (element: unknown) => string[]);
    if (names.some(isNeverClicked)) throw new NotDoneError('never_clicked');
    const left_ms = until - clock.elapsed();
    if (left_ms <= 0) throw new NotDoneError('no_time');
    ready();
    await found.click({ timeout: left_ms });
  }

  return {
    go: (url) =>
      step('no_page', async () => {
        if (!['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '')
          throw new NotDoneError('not_allowed');
        traffic.turnPage();
        await page.goto(url.href, { waitUntil: 'domcontentloaded', timeout: step_ms }).catch((error: Error) => {
          throw new NotDoneError(traffic.page().why ?? (error.name === 'TimeoutError' ? 'no_time' : 'no_page'));
        });
      }),
    see: (what) => step('no_time', () => theOne(what)),
    fill: (field, value) =>
      step('no_time', async () => {
        const text = typeof value === 'string' ? value : value.reveal().toString('utf8');
        await (await theOne(field)).fill(text, { timeout: step_ms });
      }),
    click: (what) => step('no_time', () => press(what)),
    submit: ({ press: what, write, mayWrite, limits = LIMITS }) =>
      inTurn(async (): Promise<Submitted> => {
        let announced: Announced | undefined;
        let stopped: NotDone | 'no_request' | 'not_a_write' = 'no_request';
        try {
          await inTime(
            press(what, () => {
              announced = traffic.announce(write, { mayWrite, limits });
            }),
          );
          await clock.within(step_ms, Promise.race([announced?.taken, gone]), () => new Error('no request in time'));
        } catch (error) {
          if (error instanceof NotAWriteError) stopped = 'not_a_write';
          else if (error instanceof NotDoneError || isGone()) stopped = why(error, 'no_page');
        }
        // Whatever was seen of the browser: what is known of the request is known at our own gate. It ends within its limits.
        const outcome = (await announced?.withdraw()) ?? null;
        await inTime(afterwards()).catch(() => {});
        return outcome ?? { sent: false, why: stopped };
      }),
    read: () =>
      inTurn(async () => {
        try {
          return { url: page.url(), status: traffic.page().status, html: await inTime(page.content()) };
        } catch (error) {
          return { done: false, why: why(error, 'no_time') };
        }
      }),
    refused: () => traffic.refused(),
  };
}

/** As much of an element as is read of it, in the page. */
interface Pressable {
  type?: string;
  value?: string;
  textContent: string | null;
  parentElement: Pressable | null;
  ownerDocument: { getElementById(id: string): Pressable | null };
  getAttribute(name: string): string | null;
  matches(selector: string): boolean;
  querySelectorAll(selector: string): Iterable<Pressable>;
}

/** All that the element says of itself, and whatever else a press on it presses or shows. Runs in the page. */
function namesAround(element: Pressable): string[] {
  const pressed = 'a, button, summary, label, [role=button], [role=link], [role=menuitem], [role=tab], [role=option]';
  const around = [element, ...element.querySelectorAll('*')];
  for (let above = element.parentElement; above; above = above.parentElement) if (above.matches(pressed)) around.push(above);
  const said = (each: Pressable) => [
    ...['aria-label', 'title', 'alt'].map((name) => each.getAttribute(name)),
    ...(each.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => each.ownerDocument.getElementById(id)?.textContent),
    ...[each.textContent, ['submit', 'button', 'reset', 'image'].includes(each.type ?? '') && each.value],
  ];
  return around.flatMap(said).filter((text) => typeof text === 'string');
}
