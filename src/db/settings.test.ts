import { expect, it } from 'vitest';
import { SERVER_SETTINGS, sharedBuffers } from './settings.ts';

it('gives the private server an eighth of the memory, from 128 MB to 2 GB', () => {
  expect([0.5, 4, 8, 24, 512].map((gb) => sharedBuffers(gb * 2 ** 30))).toEqual(['128MB', '512MB', '1024MB', '2048MB', '2048MB']);
  expect(SERVER_SETTINGS.shared_buffers).toMatch(/^\d{3,4}MB$/);
});
