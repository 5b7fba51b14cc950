// Recovery codes and licences: the day the phone is gone, and the day a licence ends.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aClinicWithLogins, aVisit, type ClinicWithLogins, REFUSED, refusal } from '../../test/builders/clinic-with-logins.ts';
import { systemRandom as random } from '../base/random.ts';
import { hashOfRecovery, newFactor, newRecoveryCodes, stepOf } from './logins-codes.ts';

let clinic: ClinicWithLogins;
beforeAll(async () => {
  clinic = await aClinicWithLogins();
});
afterAll(() => clinic.close());

describe('recovery codes', () => {
  it('are ten of 80 bits, and hash alike however they are typed', () => {
    const { codes, hashes } = newRecoveryCodes(random);
    expect(new Set(codes).size).toBe(10);
    for (const [at, code] of codes.entries()) {
      expect(code).toMatch(/^([A-Z2-7]{4}-){3}[A-Z2-7]{4}$/);
      for (const typed of [
        code,
        code.toLowerCase(),
        code.replaceAll('-', ' '),
        ` ${code.replaceAll('O', '0').replaceAll('I', '1').replaceAll('B', '8')}\n`,
      ])
        expect(hashOfRecovery(typed)).toEqual(hashes[at]);
    }
  });

  it('let in once each, also where two are shown at once', async () => {
    const { ada, admin, challenge, logins } = clinic;
    const { codes, hashes } = newRecoveryCodes(random);
    await admin.query('insert into guard.recovery_codes (tenant_id, user_id, hash) select $1, $2, unnest($3::bytea[])', [
      ada.tenant_id,
      ada.user_id,
      hashes,
    ]);
    const use = async (code: string, at = aVisit()) =>
      refusal(logins.answer({ challenge: await challenge(ada, at), recovery_code: code }, at));
    const [first = '', second = ''] = codes;
    expect([await use(first), await use(first), await use('AAAA-AAAA-AAAA-AAAA')]).toEqual(['let in', REFUSED, REFUSED]);
    const proven = await Promise.all([0, 1, 2, 3].map((n) => challenge(ada, aVisit({ ip: `192.0.${n}.1` }))));
    const shown = await Promise.all(
      proven.map((each, n) => refusal(logins.answer({ challenge: each, recovery_code: second }, aVisit({ ip: `192.0.${n}.1` })))),
    );
    expect(shown.filter((each) => each === 'let in')).toHaveLength(1);
    // Nobody else's code lets her in.
    expect(await refusal(logins.answer({ challenge: await challenge(clinic.ben), recovery_code: codes[2] }, aVisit()))).toEqual(REFUSED);
  });
});

describe('codes of the second factor', () => {
  it('are those of RFC 6238 in six digits, of the step, the one before and the one after', () => {
    const seed = Buffer.from('12345678901234567890');
    // Appendix B: 94287082, 07081804, 14050471, 89005924, 69279037 at these times, cut to six digits.
    for (const [now_s, code] of [
      [59, '287082'],
      [1111111109, '081804'],
      [1111111111, '050471'],
      [1234567890, '005924'],
      [2000000000, '279037'],
    ] as const) {
      const step = Math.floor(now_s / 30);
      expect([stepOf(seed, code, now_s), stepOf(seed, code, now_s + 30), stepOf(seed, code, now_s - 30)]).toEqual([step, step, step]);
      expect([stepOf(seed, code, now_s + 61), stepOf(seed, code, now_s - 61)]).toEqual([undefined, undefined]);
    }
    for (const wrong of ['', '28708', '2870822', '28708x', ' 287082', '２８７０８２']) expect(stepOf(seed, wrong, 59)).toBeUndefined();
  });

  it('are enrolled by a URI that names the clinic', () => {
    const { uri, secret, seed } = newFactor(random, { email: 'ada@clinic.example', clinic: 'Juniper: Street' });
    expect(seed).toHaveLength(20);
    const { protocol, host, pathname, searchParams } = new URL(uri);
    expect([protocol, host, decodeURIComponent(pathname)]).toEqual(['otpauth:', 'totp', '/Attending:ada@clinic.example (Juniper  Street)']);
    expect(Object.fromEntries(searchParams)).toMatchObject({ issuer: 'Attending', secret, algorithm: 'SHA1', digits: '6', period: '30' });
  });
});

describe('a licence', () => {
  it('holds from its day to its day, of the person or of the practitioner record', async () => {
    const licensed = async () =>
      (await clinic.admin.query<{ l: boolean }>('select guard.is_licensed($1, $2) as l', [clinic.tenant_id, clinic.ben.user_id])).rows[0]
        ?.l;
    expect(await licensed()).toBe(false);
    const id = randomUUID();
    await clinic.admin.query(
      "insert into data.licences (tenant_id, id, user_id, kind, number, state) values ($1, $2, $3, 'MD', 'SYN-1', 'VA')",
      [clinic.tenant_id, id, clinic.ben.user_id],
    );
    expect(await licensed()).toBe(true);
    for (const [column, day, holds] of [
      ['expires_on', 'yesterday', false],
      ['expires_on', 'today', true],
      ['issued_on', 'tomorrow', false],
      ['issued_on', 'today', true],
      ['revoked_on', 'today', false],
      ['revoked_on', 'tomorrow', true],
    ] as const) {
      const there = "(clock_timestamp() at time zone 'America/New_York')::date";
      const on = { yesterday: `${there} - 1`, today: there, tomorrow: `${there} + 1` }[day];
      await clinic.admin.query(
        `update data.licences set issued_on = null, expires_on = null, revoked_on = null; update data.licences set ${column} = ${on}`,
      );
      expect([column, day, await licensed()]).toEqual([column, day, holds]);
    }
    const practitioner_id = randomUUID();
    await clinic.admin.query('update data.licences set user_id = null, practitioner_id = $1, revoked_on = null where id = $2', [
      practitioner_id,
      id,
    ]);
    expect(await licensed()).toBe(false);
    await clinic.admin.query('update data.users set practitioner_id = $1 where id = $2', [practitioner_id, clinic.ben.user_id]);
    expect(await licensed()).toBe(true);
  });
});
