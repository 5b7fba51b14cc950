// Orders without results: waiting, declined, forgotten, sent twice. Days before as_of; negative: to come.
import type { LabKey } from '../arcs/arc.ts';
import type { OrderKey } from '../labs/orders.ts';
import type { LabOrderRow } from '../rows-clinical.ts';

export interface Open {
  key: OrderKey;
  ago: number;
  due?: number;
  status?: LabOrderRow['status'];
  reason?: NonNullable<LabOrderRow['status_reason']>;
  priority?: LabOrderRow['priority'];
  collected?: number;
  ended?: number;
  icd10?: string;
  lab?: LabKey;
}

export const OPEN: Readonly<Record<string, readonly Open[]>> = {
  // Overdue for a year, and an order is out: the nudge is not needed, the gap is still there.
  'dm.none': [
    { key: 'a1c', ago: 66, due: 52, lab: 'B' },
    { key: 'uacr', ago: 66, due: 52, lab: 'B' },
    { key: 'lipid', ago: 66, status: 'revoked', reason: 'declined', ended: 66, lab: 'B' },
  ],
  'trt.stable': [{ key: 'trtmon', ago: 31, due: -150 }],
  'trt.hct': [{ key: 'cbc', ago: 21, due: -13, priority: 'urgent' }],
  'trt.titrating': [{ key: 'trtmon', ago: 69, due: -34 }],
  'trt.stopped': [{ key: 'trtmon', ago: 395, due: 360, status: 'revoked', reason: 'not_collected', ended: 300 }],
  'glp1.plateau': [{ key: 'cmp', ago: 24, due: -60 }],
  'glp1.gi': [{ key: 'vitd', ago: 19, status: 'revoked', reason: 'declined', ended: 19 }],
  'glp1.forty': [{ key: 'lipid', ago: 30, due: -120 }],
  'hrt.patch': [{ key: 'lipid', ago: 62, due: -20, status: 'on_hold', reason: 'other' }],
  'hrt.stopped': [{ key: 'vitd', ago: 22, status: 'revoked', reason: 'duplicate', ended: 21 }],
  'thyroid.over': [{ key: 'thy', ago: 34, due: -2 }],
  'thyroid.twin': [{ key: 'tsh', ago: 55, due: -25, lab: 'B' }],
  'well.twin': [{ key: 'thy', ago: 140, status: 'entered_in_error' }],
  'dm.improving': [{ key: 'a1c', ago: 30, due: -55 }],
  'dm.ifcc': [{ key: 'uacr', ago: 27, due: -20, lab: 'C' }],
  // Drawn, and not back yet.
  'ckd.equation': [{ key: 'bmp', ago: 6, due: 1, collected: 1, priority: 'asap' }],
  'ckd.decline': [{ key: 'uacr', ago: 17, due: -9, lab: 'B' }],
  'gen.checkup': [{ key: 'vitd', ago: 34, status: 'draft' }],
  'gen.prediabetes': [{ key: 'a1c', ago: 45, due: -40, lab: 'B' }],
};
