// How often one can guess, and whom that keeps out.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aClinicWithLogins, aVisit, type ClinicWithLogins, REFUSED, refusal } from '../../test/builders/clinic-with-logins.ts';
import { codeOf, forgetCodes, wrongCodeFor } from '../../test/builders/staff.ts';
import { verifies } from '../../test/promises.ts';

let clinic: ClinicWithLogins;
beforeAll(async () => {
  clinic = await aClinicWithLogins();
});
afterAll(() => clinic.close());
beforeEach(() => clinic.admin.query('truncate guard.budgets'));

const anywhere = () => Array.from(randomBytes(4)).join('.');
const guess = (at = aVisit({ ip: '198.51.100.9' })) =>
  refusal(clinic.logins.signIn({ email: clinic.ada.email, password: randomBytes(9).toString('base64') }, at)) as Promise<{
    type: string;
    facts: { retry_after_s?: number };
  }>;

/** How many guesses are answered in `hours`, by one who comes back the very second that is allowed. */
async function answeredIn(hours: number, tried: () => ReturnType<typeof guess>): Promise<number> {
  let answered = 0;
  for (let left = hours * 3600; left > 0; ) {
    const { type, facts } = await tried();
    if (type === 'unauthenticated') answered += 1;
    const wait = facts.retry_after_s ?? 0;
    if (wait > 0) await clinic.pass(wait);
    left -= wait;
  }
  return answered;
}

verifies(
  'login:no-lockout-of-others',
  async () => {
    const { ada, signIn, logins, challenge } = clinic;
    const { device } = await signIn(ada);
    // From one address, and from everywhere; one after another, and fifty at once.
    const guesses: Awaited<ReturnType<typeof guess>>[] = [];
    for (let round = 0; round < 20; round += 1)
      guesses.push(
        ...(await Promise.all(Array.from({ length: 50 }, () => guess(round % 2 === 0 ? undefined : aVisit({ ip: anywhere() }))))),
      );
    const answered = guesses.filter(({ type }) => type === 'unauthenticated').length;
    expect(answered).toBeGreaterThan(0);
    expect(answered).toBeLessThanOrEqual(15); // ten, and one more after 1, 3, 7, 15 and 31 s
    expect(guesses.filter(({ type }) => type === 'too_many_attempts')).toHaveLength(1000 - answered);

    // The browser that she signed in with before is none of theirs to lock, at home or on the road.
    const known = aVisit({ device, ip: '192.0.2.44' });
    await forgetCodes(clinic.admin);
    expect(await refusal(logins.answer({ challenge: await challenge(ada, known), code: codeOf(ada.totp_secret) }, known))).toBe('let in');
  },
  60_000,
);

describe('guesses from where nobody signed in before', () => {
  it('are a hundred or so a day for one person, wherever they come from', async () => {
    expect(await answeredIn(24, () => guess(aVisit({ ip: anywhere() })))).toBeLessThanOrEqual(10 + 10 + 24 * 4);
  }, 60_000);

  it('of the second factor are some thirty a day, for one who knows the password', async () => {
    const { ada, challenge, logins } = clinic;
    let proven = '';
    const tried = async () => {
      proven ||= await challenge(ada, aVisit({ ip: anywhere() }));
      const told = await (refusal(
        logins.answer({ challenge: proven, code: wrongCodeFor(ada.totp_secret) }, aVisit({ ip: anywhere() })),
      ) as ReturnType<typeof guess>);
      const { rows } = await clinic.admin.query('select from guard.challenges where tries >= 5');
      if (rows.length > 0) {
        await clinic.admin.query('delete from guard.challenges');
        proven = '';
      }
      await clinic.admin.query("update guard.challenges set expires_at = clock_timestamp() + interval '5 minutes'");
      return told;
    };
    expect(await answeredIn(24, tried)).toBeLessThanOrEqual(10 + 13 + 24);
  }, 60_000);

  it('at the people of a whole clinic are slowed by their address', async () => {
    const told = await Promise.all(
      Array.from({ length: 120 }, (_, n) =>
        refusal(clinic.logins.signIn({ email: `person${n}@clinic.example`, password: 'Password2026!' }, aVisit({ ip: '198.51.100.9' }))),
      ),
    );
    expect(told.filter((each) => (each as { type: string }).type === 'unauthenticated').length).toBeLessThanOrEqual(51);
  });
});

describe('a device that is known', () => {
  it('has a budget of its own, and waits five minutes at most', async () => {
    const { device } = await clinic.signIn(clinic.ada);
    const at = aVisit({ device });
    for (let n = 0; n < 10; n += 1) expect(await guess(at)).toEqual(REFUSED);
    expect((await guess(at)).type).toBe('too_many_attempts');
    await clinic.pass(3600);
    for (let n = 0; n < 20; n += 1) {
      await guess(at);
      const { facts } = await guess(at);
      expect(facts.retry_after_s).toBeLessThanOrEqual(300);
      await clinic.pass(facts.retry_after_s ?? 0);
    }
    // What it used up is its own: a new browser of hers still has its guesses.
    expect(await refusal(clinic.challenge(clinic.ada))).toBe('let in');
  });

  it('is known for the person who signed in with it, and under its newest name', async () => {
    const first = await clinic.signIn(clinic.ada);
    const second = await clinic.signIn(clinic.ben, aVisit({ device: first.device }));
    for (let n = 0; n < 40; n += 1) await guess(aVisit({ ip: anywhere() }));
    expect((await guess(aVisit({ ip: anywhere() }))).type).toBe('too_many_attempts');
    expect(((await refusal(clinic.challenge(clinic.ada, aVisit({ device: first.device })))) as { type: string }).type).toBe(
      'too_many_attempts',
    );
    expect(await refusal(clinic.challenge(clinic.ada, aVisit({ device: second.device })))).toBe('let in');
    const { device: of_ben } = await clinic.signIn(clinic.ben);
    expect(((await refusal(clinic.challenge(clinic.ada, aVisit({ device: of_ben })))) as { type: string }).type).toBe('too_many_attempts');
  });
});

describe('what is right', () => {
  it('costs nothing: who signs in all day is never told to wait', async () => {
    for (let n = 0; n < 30; n += 1) await clinic.signIn(clinic.ada);
  });
});
