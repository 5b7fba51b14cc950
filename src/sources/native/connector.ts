import * as z from 'zod';
import type { Connector } from '../connector.ts';
import { allergies } from './allergies.ts';
import { appointments } from './appointments.ts';
import { authorizations } from './authorizations.ts';
import { balances } from './balances.ts';
import { billing } from './billing.ts';
import { carePlans } from './care-plans.ts';
import { changes } from './changes.ts';
import { claims } from './claims.ts';
import { conditions } from './conditions.ts';
import { connections } from './connections.ts';
import { consents } from './consents.ts';
import { coverages } from './coverages.ts';
import { deliveries } from './deliveries.ts';
import { encounters } from './encounters.ts';
import { inbox } from './inbox.ts';
import { intakeForms } from './intake-forms.ts';
import { labOrders } from './lab-orders.ts';
import { labSurveys } from './lab-surveys.ts';
import { labs } from './labs.ts';
import { leads } from './leads.ts';
import { measures } from './measures.ts';
import { medications } from './medications.ts';
import { memberships } from './memberships.ts';
import { messages } from './messages.ts';
import { notes } from './notes.ts';
import { patients } from './patients.ts';
import { practitioners } from './practitioners.ts';
import { prescriptions } from './prescriptions.ts';
import { priorAuthorizations } from './prior-authorizations.ts';
import { profits } from './profits.ts';
import { referrals } from './referrals.ts';
import { remittances } from './remittances.ts';
import { statements } from './statements.ts';
import { vitals } from './vitals.ts';

/** `portal_url`: where patients sign in to read what the clinic wrote. A text may link to it, and to nowhere else. */
const Settings = z.object({ portal_url: z.url({ protocol: /^https$/ }).optional() });

/** The clinic's own record, kept in this database. */
export const native: Connector = {
  vendor: 'native',
  title: 'Clinic record',
  settings: Settings,
  open(connection, around) {
    const settings = Settings.parse(connection.settings);
    const chart = {
      patients: patients(around),
      labs: labs(around),
      lab_surveys: labSurveys(around),
      notes: notes(around),
      appointments: appointments(around),
      practitioners: practitioners(around),
      inbox: inbox(around),
      messages: messages(around, settings),
      consents: consents(around),
      deliveries: deliveries(around),
      intake_forms: intakeForms(around, settings),
      care_plans: carePlans(around),
      referrals: referrals(around),
      prior_authorizations: priorAuthorizations(around),
      authorizations: authorizations(around),
      medications: medications(around),
      encounters: encounters(around),
      vitals: vitals(around),
      conditions: conditions(around),
      allergies: allergies(around),
      lab_orders: labOrders(around),
      prescriptions: prescriptions(around),
      coverages: coverages(around),
      measures: measures(around),
      changes: changes(around),
      billing: billing(around),
      profits: profits(around),
      leads: leads(around),
      memberships: memberships(around),
      claims: claims(around),
      remittances: remittances(around),
      balances: balances(around),
      statements: statements(around),
    };
    return { ...chart, connections: connections(around, { ...connection, title: native.title, domains: Object.keys(chart) }) };
  },
};
