import { describe, expect, it } from 'vitest';
import { LANES, type Lane } from './lanes.ts';
import { MINUTE_MS } from './minute-budget.ts';
import { freshPacer, pacer } from './pacer.ts';
import { ECLINICALWORKS_PACE, type PacerEffect, type PacerEvent, type PacerPolicy, type PacerState, type Said } from './pacer-state.ts';

const MINUTE = 29_900_000;
const START = MINUTE * MINUTE_MS;
const POLICY: PacerPolicy = ECLINICALWORKS_PACE;

type Of<Type extends PacerEffect['type']> = PacerEffect & { type: Type };

/** A pacer whose clock is the vendor's, or `most_ms` behind it at most, with a budget that gives whatever is asked, unless it is told to give nothing or is asked by hand. */
function paced(policy: Partial<PacerPolicy> = {}, { most_ms = 0 } = {}) {
  const step = pacer({ ...POLICY, ...policy });
  let state: PacerState = { ...freshPacer(POLICY, START), clock: { least_ms: 0, most_ms, as_of: START + 1e9 } };
  let now = START;
  let gives: 'all' | 'nothing' | 'by hand' = 'all';
  const told: PacerEffect[] = [];
  const tell = (event: PacerEvent): readonly PacerEffect[] => {
    const { state: next, effects } = step(state, event, now);
    state = next;
    told.push(...effects);
    const more = effects.flatMap((effect) => {
      if (effect.type !== 'budget' || effect.event.type !== 'take' || gives === 'by hand') return [];
      const { take_id, wanted } = effect.event;
      return tell(
        gives === 'all'
          ? { type: 'granted', take_id, count: wanted, again_in_ms: 0, roll: 0 }
          : { type: 'granted', take_id, count: 0, again_in_ms: 20_000, roll: 0 },
      );
    });
    return [...effects, ...more];
  };
  return {
    tell,
    told,
    at(ms: number) {
      now = START + ms;
    },
    give(what: typeof gives) {
      gives = what;
    },
    grant: (take_id: string, count: number, again_in_ms = 0) => tell({ type: 'granted', take_id, count, again_in_ms, roll: 0 }),
    ask: (call_id: string, lane: Lane = 'interactive', { account = 'a', deadline_ms = null as number | null } = {}) =>
      tell({ type: 'asked', call_id, account, lane, deadline_at: deadline_ms === null ? null : START + deadline_ms, roll: 0 }),
    end: (call_id: string, said: Said = 'answered', date_ms: number | null = null) =>
      tell({ type: 'ended', call_id, said, date_ms, roll: 0 }),
    state: () => state,
  };
}
const startsIn = (effects: readonly PacerEffect[]) =>
  effects.filter((effect): effect is Of<'start'> => effect.type === 'start').map(({ call_id }) => call_id);

describe('a session', () => {
  it('has one call under way; the next starts when it ended', () => {
    const { ask, end } = paced();
    expect(startsIn(ask('1'))).toEqual(['1']);
    expect(startsIn(ask('2'))).toEqual([]);
    expect(startsIn(end('1'))).toEqual(['2']);
  });

  it('that knows no session has as many as it may, and one of them is never batch', () => {
    const { ask } = paced({ concurrency: 3 });
    expect(['1', '2', '3'].flatMap((id) => startsIn(ask(id, 'batch')))).toEqual(['1', '2']);
    expect(startsIn(ask('4'))).toEqual(['4']);
  });

  it('lets a batch go on at the end of a page only where nothing else waits', () => {
    const { ask, end } = paced();
    for (const [id, lane] of [
      ['page 1', 'batch'],
      ['page 2', 'batch'],
      ['write', 'write'],
      ['read', 'interactive'],
    ] as const)
      ask(id, lane);
    expect(startsIn(end('page 1'))).toEqual(['read']);
    expect(startsIn(end('read'))).toEqual(['write']);
    expect(startsIn(end('write'))).toEqual(['page 2']);
  });

  it('waits for the grant of a call that goes before batch, and not for one that will not come soon', () => {
    for (const [count, starts] of [
      [1, 'read'],
      [0, 'page 2'],
    ] as const) {
      const { ask, end, give, grant } = paced();
      ask('page 1', 'batch');
      ask('page 2', 'batch');
      give('by hand');
      // It is asked for while the page is still under way.
      expect(ask('read')).toMatchObject([{ type: 'budget', event: { type: 'take', lane: 'interactive', take_id: '2' } }]);
      expect(startsIn(end('page 1'))).toEqual([]);
      expect(startsIn(grant('2', count, 20_000))).toEqual([starts]);
    }
  });

  it('has one start for a call, however often it is asked', () => {
    const { ask, state } = paced();
    ask('1');
    ask('2');
    const before = state();
    expect([...ask('1'), ...ask('2')]).toEqual([]);
    expect(state()).toBe(before);
  });

  it('that is asked for more than it can do gives one in ten to batch and one in five to writes', () => {
    const { ask, end } = paced();
    const count = { interactive: 0, write: 0, batch: 0 };
    for (const lane of LANES) for (let n = 0; n < 3; n += 1) ask(`${lane} ${n}`, lane);
    let under_way = 'interactive 0';
    for (let n = 3; n < 1003; n += 1) {
      const lane = under_way.split(' ')[0] as Lane;
      count[lane] += 1;
      ask(`${lane} ${n}`, lane);
      under_way = startsIn(end(under_way))[0] ?? '';
    }
    expect(count.batch).toBeGreaterThanOrEqual(95);
    expect(count.write).toBeGreaterThanOrEqual(195);
    expect(count.interactive).toBeGreaterThanOrEqual(600);
  });

  it('of which the node is not the owner any more gives back what waits, and ends what is under way', () => {
    const { ask, end, tell } = paced();
    for (const id of ['1', '2', '3']) ask(id);
    expect(tell({ type: 'account_left', account: 'a' })).toEqual([
      { type: 'hand_back', call_id: '2' },
      { type: 'hand_back', call_id: '3' },
    ]);
    expect(end('1')).toEqual([]);
  });
});

describe('a call that would wait too long', () => {
  it('is refused at once, with the time after which it may be asked again', () => {
    const { ask, give } = paced();
    give('nothing');
    expect(ask('1', 'interactive', { deadline_ms: 10_000 }).filter(({ type }) => type === 'refuse')).toEqual([
      { type: 'refuse', call_id: '1', trouble: 'RATE_LIMITED', retry_after_s: 20 },
    ]);
    expect(ask('2', 'batch').filter(({ type }) => type === 'refuse')).toEqual([]);
  });

  it('behind others of its session is refused before it has waited', () => {
    const { ask } = paced();
    const refused = Array.from({ length: 50 }, (_, n) => ask(String(n), 'interactive', { deadline_ms: 10_000 })).flatMap((effects) =>
      effects.filter(({ type }) => type === 'refuse'),
    );
    // 300 ms each, until something else is known.
    expect(refused).toHaveLength(50 - 35);
  });

  it('is not sent after its deadline', () => {
    const { ask, at, end } = paced();
    ask('1');
    ask('2', 'interactive', { deadline_ms: 10_000 });
    at(10_001);
    expect(end('1')).toMatchObject([{ type: 'refuse', call_id: '2' }]);
  });

  it('is not written to the socket after its deadline, nor in a minute in which it is not counted', () => {
    const { ask, at, end } = paced();
    expect(ask('1')).toMatchObject([{ type: 'budget' }, { type: 'start', windows: [MINUTE], send_by: START + 60_000 - 1000 - 1 }]);
    end('1');
    expect(ask('2', 'interactive', { deadline_ms: 900 }).at(-1)).toMatchObject({ type: 'start', send_by: START + 900 });
    end('2');
    at(59_200);
    expect(ask('3').at(-1)).toMatchObject({ type: 'start', windows: [MINUTE, MINUTE + 1] });
  });
});

describe('the last second of a minute', () => {
  it('is not for batch, which waits until it is one minute again', () => {
    const { ask, at, tell } = paced();
    at(59_200);
    expect(ask('1', 'batch')).toEqual([{ type: 'wake', at: START + 60_000 }]);
    at(60_000);
    expect(startsIn(tell({ type: 'woke', roll: 0 }))).toEqual(['1']);
  });

  it('needs a grant in both minutes', () => {
    const { ask, at, end, give, grant } = paced();
    ask('1');
    ask('2'); // its grant, of this minute, is held
    give('by hand');
    at(59_300);
    expect(end('1')).toEqual([
      {
        type: 'budget',
        event: { type: 'take', take_id: '3', lane: 'interactive', windows: [MINUTE + 1], wanted: 1, at: START + 59_300, isProbe: false },
      },
    ]);
    expect(startsIn(grant('3', 1))).toEqual(['2']);
  });

  it('is foreseen: no more is taken for batch than can still be sent', () => {
    const wanted = (ms: number) => {
      const { ask, at } = paced();
      at(ms);
      const [effect] = ask('1', 'batch');
      return effect?.type === 'budget' && effect.event.type === 'take' ? effect.event.wanted : null;
    };
    // 300 ms each.
    expect([0, 57_000, 58_000, 58_900].map(wanted)).toEqual([6, 6, 3, 1]);
  });

  it('voids what was not used', () => {
    const { ask, at, end, state } = paced();
    ask('1', 'batch');
    expect(state().held).toEqual([{ lane: 'batch', window: MINUTE, left: 5 }]);
    at(60_000);
    end('1');
    ask('2', 'batch');
    expect(state().held).toEqual([{ lane: 'batch', window: MINUTE + 1, left: 5 }]);
  });
});

describe('a vendor that refuses a call for there having been too many', () => {
  it('is not called again before its next minute, and the other nodes hear of it', () => {
    const { ask, at, end, tell } = paced();
    ask('1');
    ask('2');
    at(20_000);
    expect(end('1', 'too_many', START + 20_000)).toEqual([
      { type: 'budget', event: { type: 'too_many', window: MINUTE } },
      { type: 'wake', at: START + MINUTE_MS },
    ]);
    at(59_999);
    expect(startsIn(tell({ type: 'woke', roll: 0 }))).toEqual([]);
    at(60_000);
    expect(startsIn(tell({ type: 'woke', roll: 0 }))).toEqual(['2']);
  });

  it('on another node is not called either, and what was granted for that minute is void', () => {
    const { ask, at, tell, state } = paced();
    ask('1', 'batch');
    expect(tell({ type: 'frozen', window: MINUTE, roll: 0.5 })).toEqual([]);
    expect(state().held).toEqual([]);
    expect(startsIn(ask('2', 'batch', { account: 'b' }))).toEqual([]);
    at(60_249);
    expect(startsIn(tell({ type: 'woke', roll: 0 }))).toEqual([]);
    at(60_250);
    expect(startsIn(tell({ type: 'woke', roll: 0 }))).toEqual(['2']);
  });

  it('in a minute that is over is not waited for', () => {
    const { ask, at, tell } = paced();
    at(60_100);
    tell({ type: 'frozen', window: MINUTE, roll: 0.9 });
    expect(startsIn(ask('1'))).toEqual(['1']);
  });

  it('without a date that can be one may have counted the call in the latest minute that it can have been', () => {
    for (const date_ms of [null, 0, Number.NaN, START + 3_600_000]) {
      const { ask, at, end, state } = paced({}, { most_ms: 5000 });
      ask('1');
      at(57_000);
      expect(end('1', 'too_many', date_ms)).toEqual([{ type: 'budget', event: { type: 'too_many', window: MINUTE + 1 } }]);
      expect(state().frozen_until).toBe(START + 120_000);
    }
  });

  it('in a minute that is nowhere near is waited for five minutes and no longer', () => {
    const { ask, at, tell } = paced();
    tell({ type: 'frozen', window: MINUTE + 1000, roll: 0 });
    ask('1');
    at(300_000);
    expect(startsIn(tell({ type: 'woke', roll: 0 }))).toEqual(['1']);
  });
});

describe('a vendor that becomes slow', () => {
  const slowed = (slow: number, said: Said = 'answered') => {
    const { ask, at, end, told } = paced();
    for (let n = 0; n < 100; n += 1) {
      at(n * 10_000);
      ask(String(n));
      at(n * 10_000 + (n < slow ? 4001 : 200));
      end(String(n), said);
    }
    return told.filter((effect) => effect.type === 'budget' && effect.event.type === 'slow_down').length;
  };
  it('is called less when more than five of a hundred answers were slow, or when it says so', () => {
    expect([slowed(0), slowed(5), slowed(6)]).toEqual([0, 0, 1]);
    expect(slowed(0, 'slow_down')).toBe(100);
  });
});

describe('a pacer that does not know the vendor’s clock', () => {
  const fresh = () => {
    const step = pacer(POLICY);
    const asked = (call_id: string): PacerEvent => ({
      type: 'asked',
      call_id,
      account: call_id,
      lane: 'batch',
      deadline_at: null,
      roll: 0,
    });
    return { step, first: step(freshPacer(POLICY, START), asked('1'), START), asked };
  };
  it('sends one call, charged in every minute in which it may be counted, and the others when its answer was dated', () => {
    const { step, first, asked } = fresh();
    const windows = [MINUTE - 2, MINUTE - 1, MINUTE, MINUTE + 1, MINUTE + 2];
    expect(first.effects).toEqual([
      { type: 'budget', event: { type: 'take', take_id: '1', lane: 'batch', windows, wanted: 1, at: START - 120_000, isProbe: true } },
    ]);
    const sent = step(
      step(first.state, asked('2'), START).state,
      { type: 'granted', take_id: '1', count: 1, again_in_ms: 0, roll: 0 },
      START,
    );
    expect(startsIn(sent.effects)).toEqual(['1']);
    const other = step(sent.state, asked('3'), START + 10);
    expect(other.effects).toEqual([]);
    const heard = step(other.state, { type: 'ended', call_id: '1', said: 'answered', date_ms: START + 30_000, roll: 0 }, START + 200);
    expect(heard.effects).toMatchObject([{ type: 'budget', event: { windows: [MINUTE], isProbe: false } }]);
  });

  it('asks again where the budget could not be asked', () => {
    const { step, first } = fresh();
    const { state, effects } = step(first.state, { type: 'not_granted', take_id: '1', roll: 0.5 }, START);
    expect(effects).toEqual([{ type: 'wake', at: START + 1500 }]);
    expect(step(state, { type: 'woke', roll: 0 }, START + 1499).effects).toEqual([{ type: 'wake', at: START + 1500 }]);
    expect(step(state, { type: 'woke', roll: 0 }, START + 1500).effects).toMatchObject([{ type: 'budget', event: { take_id: '2' } }]);
  });
});
