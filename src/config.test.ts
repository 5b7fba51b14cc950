import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

describe('who takes messages', () => {
  it('is a folder of the data, unless said otherwise', () => {
    const { sending } = readConfig({ ATTENDING_DATA: '/data' });
    expect(sending).toEqual({ folder: '/data/outbox', sms: { by: 'file' }, mail: { by: 'file' } });
  });
  it('is who the settings name', () => {
    const { sending } = readConfig({
      ...{ ATTENDING_SMS: 'aws', ATTENDING_AWS_REGION: 'us-west-2', ATTENDING_AWS_ORIGINATION: '+18045550100' },
      ...{ ATTENDING_AWS_ACCESS_KEY_ID: 'AKID', ATTENDING_AWS_SECRET_ACCESS_KEY: 'secret' },
      ...{
        ATTENDING_MAIL: 'smtp',
        ATTENDING_SMTP_URL: 'smtps://clinic%40example.com:p%2Fw@mail.example.com',
        ATTENDING_MAIL_FROM: 'noreply@example.com',
      },
    });
    expect(sending.sms).toMatchObject({ by: 'aws', url: 'https://sms-voice.us-west-2.amazonaws.com', keys: { access_key_id: 'AKID' } });
    expect(sending.mail).toEqual({
      ...{ by: 'smtp', host: 'mail.example.com', port: 465, tls: true, from: 'noreply@example.com' },
      auth: { user: 'clinic@example.com', password: 'p/w' },
    });
  });
  it.each([
    [{ ATTENDING_SMS: 'spruce' }, /^ATTENDING_SPRUCE_TOKEN: is needed where ATTENDING_SMS is spruce$/],
    [{ ATTENDING_SMS: 'aws', ATTENDING_AWS_ACCESS_KEY_ID: 'a' }, /^ATTENDING_AWS_SECRET_ACCESS_KEY: is needed/],
    [{ ATTENDING_MAIL: 'smtp' }, /^ATTENDING_SMTP_URL: is needed/],
    [{ ATTENDING_MAIL: 'smtp', ATTENDING_SMTP_URL: 'http://x' }, /^ATTENDING_SMTP_URL: /],
    [{ ATTENDING_SMS: 'pigeon' }, /^ATTENDING_SMS: /],
  ])('says which setting is missing: %o', (environment, told) => {
    expect(() => readConfig(environment)).toThrow(told);
  });
});
