// A clinic that sends texts to doubles of carriers, when the test says so, and the people who draft, sign and record.
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Clock } from '../../src/base/clock.ts';
import { loadRows } from '../../src/sources/native/load.ts';
import { type Attending, startAttending, testClock } from '../app.ts';
import { type Carriers, reaching, startCarriers } from './carriers.ts';
import { aPatient, type Row } from './chart.ts';
import { drafting } from './drafting.ts';
import { aLogin, type Login } from './login.ts';

export const TEN = '2026-11-20T15:00:00Z';

export interface Texting {
  attending: Attending;
  carriers: Carriers;
  desk: ReturnType<typeof drafting>;
  tenant_id: string;
  /** Its name. */
  clinic: string;
  people: Record<'nurse' | 'front_desk' | 'biller' | 'owner', Login>;
  /** The clock of the house stands there. */
  setNow(now: string): void;
  /** A chart with a number of its own, whose patient agreed to texts unless said otherwise. */
  aChart(own?: Row, said?: 'given' | 'never_asked', rows?: (patient: Row) => object): Promise<{ patient_id: string; phone: string }>;
  record(login: Login, patient_id: string, said: object): ReturnType<Login['ask']>;
  /** Arguments of a text. */
  text(patient_id: string, body: string, more?: object): object;
  /** Words that nothing stands against. */
  please(): string;
  /** Drafted by the AI of a nurse; its id. */
  drafted(args: object): Promise<string>;
  deliveriesOf(draft_id: string, login?: Login): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

export async function startTexting(): Promise<Texting> {
  let now = TEN;
  /** Nothing runs by itself: it is sent when the test says so. */
  const clock: Clock = { ...testClock, now: () => new Date(now), every: () => () => {} };
  const carriers = await startCarriers();
  const by = reaching(carriers.ports);
  const attending = await startAttending({ carriers: { sms: by.spruce, email: by.smtp }, clock });
  const desk = drafting(attending);
  const { tenant_id = '', name: clinic = '' } = attending.tenants[0] ?? {};
  const people = {} as Texting['people'];
  for (const role of ['nurse', 'front_desk', 'biller', 'owner'] as const) people[role] = await aLogin(attending, { tenant_id, role });
  const record: Texting['record'] = (login, patient_id, said) =>
    login.ask('POST', `/patients/${patient_id}/message-consents`, { consent_id: randomUUID(), ...said });
  let numbers = 0;
  return {
    ...{ attending, carriers, desk, tenant_id, clinic, people, record },
    setNow(to) {
      now = to;
    },
    async aChart(own = {}, said = 'given', rows = () => ({})) {
      numbers += 1;
      const phone = `+1804555${String(2000 + numbers)}`;
      const patient = aPatient({ tenant_id, phone, email: null, state: 'VA', postal_code: '23220', family_name: 'Zellweger', ...own });
      await loadRows(attending.admin, { patients: [patient], ...rows(patient) });
      const patient_id = String(patient.id);
      if (said === 'given') expect((await record(people.front_desk, patient_id, { decision: 'given', source: 'form' })).status).toBe(200);
      return { patient_id, phone: String(patient.phone) };
    },
    text: (patient_id, body, more = {}) => ({ patient_id, channel: 'sms', body, ...more }),
    please: () => `${clinic}: please call us at (804) 555-0100 about your next visit.`,
    async drafted(args) {
      const { isError, draft_id, text: told } = await desk.draft('draft_patient_message', args, 'nurse');
      expect([isError, told]).toEqual([false, expect.any(String)]);
      return draft_id;
    },
    async deliveriesOf(draft_id, login = people.nurse) {
      return (await login.ask('GET', `/drafts/${draft_id}/deliveries`)).json.deliveries as unknown as Record<string, unknown>[];
    },
    async close() {
      await attending.close();
      carriers.close();
    },
  };
}
