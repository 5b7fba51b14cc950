import { getAppointments } from './appointments.ts';
import { connectionStatus } from './connections.ts';
import { getLabs } from './labs.ts';
import { getMedications } from './medications.ts';
import { getChartNotes } from './notes.ts';
import type { Operation } from './operation.ts';
import { getPatient, searchPatients } from './patients.ts';
import { readUntrusted } from './references.ts';

/** The catalogue, by name. */
export const catalogue: readonly Operation[] = Object.freeze(
  [getAppointments, connectionStatus, getLabs, getMedications, getChartNotes, getPatient, searchPatients, readUntrusted].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  ),
);

const twice = catalogue.find(({ name }, at) => name === catalogue[at + 1]?.name);
if (twice) throw new Error(`two operations are called ${twice.name}`);
