import { describe, expect, it } from 'vitest';
import { smsSegments } from './sms.ts';

const sizes = (body: string) => smsSegments(body).segments.map((segment) => segment.length);

describe('a text message is cut as the network cuts it', () => {
  it('160 characters go in one, the next in parts of 153', () => {
    expect(sizes('x'.repeat(160))).toEqual([160]);
    expect(sizes('x'.repeat(161))).toEqual([153, 8]);
    expect(sizes('x'.repeat(307))).toEqual([153, 153, 1]);
  });

  it('a character outside of GSM 7-bit makes it 70, and 67 in parts', () => {
    expect(sizes(`ő${'x'.repeat(69)}`)).toEqual([70]);
    expect(sizes(`ő${'x'.repeat(70)}`)).toEqual([67, 4]);
    expect(smsSegments('naïve ő').is_gsm).toBe(false);
  });

  it('a euro takes two places and is never cut in half, nor is an emoji', () => {
    expect(sizes('€'.repeat(80))).toEqual([80]);
    expect(sizes('€'.repeat(81))).toEqual([76, 5]);
    expect(smsSegments('👍'.repeat(40)).segments.map((segment) => [...segment].length)).toEqual([33, 7]);
  });

  it('loses nothing', () => {
    const body = 'Your labs are back. '.repeat(30);
    expect(smsSegments(body).segments.join('')).toBe(body);
  });
});
