// What a password costs, and what happens where many come at once.
import { expect, it } from 'vitest';
import { openPasswords, PASSWORD_COST } from './logins-passwords.ts';

it('a password is derived at its full cost, and one of many at once waits or is told to come again', async () => {
  const { derive } = openPasswords();
  const salt = Buffer.alloc(16, 7);
  const [one, same] = await Promise.all([
    derive('four plain words here', salt, PASSWORD_COST),
    derive('four plain words here', salt, PASSWORD_COST),
  ]);
  expect(one).toHaveLength(32);
  expect(one).toEqual(same);
  expect(await derive('ﬁve words', salt, 4)).toEqual(await derive('five words', salt, 4));
  const many = await Promise.allSettled(Array.from({ length: 40 }, () => derive('x', salt, 4)));
  expect(many.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0);
  expect(many.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(16);
  expect(await derive('x', salt, 4)).toHaveLength(32);
});
