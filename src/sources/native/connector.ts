import * as z from 'zod';
import type { Connector } from '../connector.ts';
import { appointments } from './appointments.ts';
import { connections } from './connections.ts';
import { labs } from './labs.ts';
import { medications } from './medications.ts';
import { notes } from './notes.ts';
import { patients } from './patients.ts';

/** The clinic's own record, kept in this database. */
export const native: Connector = {
  vendor: 'native',
  title: 'Clinic record',
  settings: z.object({}),
  open(connection, around) {
    const chart = {
      patients: patients(around),
      labs: labs(around),
      notes: notes(around),
      appointments: appointments(around),
      medications: medications(around),
    };
    return { ...chart, connections: connections(around, { ...connection, title: native.title, domains: Object.keys(chart) }) };
  },
};
