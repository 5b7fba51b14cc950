// Requests for more of what a patient takes, from the patient or from the pharmacy, and what was decided.
import { workdayFrom } from '../calendar.ts';
import { dateOf, dayOf, instantOf } from '../days.ts';
import type { DrugKey } from '../medications/drugs.ts';
import type { MedicationFact } from '../medications/orders.ts';
import { idOf } from '../random.ts';
import type { RefillRequestRow } from '../rows-practice.ts';
import type { Setting } from '../setting.ts';
import { movedAgo } from './messages/messages.ts';

interface Asked {
  ago: number;
  drug: DrugKey;
  /** In the patient's own words; a pharmacy sends none or its standard line. */
  said?: string;
  by?: 'pharmacy';
  status: RefillRequestRow['status'];
  /** Days until it was decided. */
  after?: number;
}

const ASKED: Readonly<Record<string, readonly Asked[]>> = {
  'trt.stable': [
    { ago: 64, drug: 'tcyp_100', said: 'last vial, 1 shot left. same pharmacy on Broad please', status: 'approved', after: 1 },
  ],
  'trt.unit_switch': [
    { ago: 12, drug: 'tadalafil_5', by: 'pharmacy', status: 'approved', after: 2 },
    { ago: 2, drug: 'losartan_50', by: 'pharmacy', said: 'Patient requests 90 day supply', status: 'pending' },
  ],
  'trt.overdue': [{ ago: 43, drug: 'tcyp_100', said: 'out since last wk. just one more til i get the labs', status: 'denied', after: 3 }],
  'trt.hct': [{ ago: 11, drug: 'tcyp_100', by: 'pharmacy', status: 'denied', after: 1 }],
  'trt.psa': [{ ago: 38, drug: 'tamsulosin', by: 'pharmacy', status: 'approved', after: 1 }],
  'glp1.steady': [{ ago: 2, drug: 'sema_1', said: 'Me queda una sola. En la farmacia no hay hasta el otro mes.', status: 'pending' }],
  'glp1.forty': [
    { ago: 26, drug: 'tirz_75', said: 'Need a new one before my trip on the 4th if possible, can pick up', status: 'approved', after: 2 },
  ],
  'glp1.plateau': [
    { ago: 1, drug: 'wegovy_24', by: 'pharmacy', said: 'Refill too soon? Last fill 19 days ago per plan', status: 'pending' },
  ],
  'hrt.patch': [
    { ago: 34, drug: 'e2_patch_05', said: 'two fell off in the pool so I am short again, sorry!', status: 'approved', after: 1 },
  ],
  'hrt.oral': [{ ago: 16, drug: 'hctz_25', by: 'pharmacy', status: 'cancelled', after: 1 }],
  'thyroid.over': [{ ago: 27, drug: 'levo_88', by: 'pharmacy', said: 'Auto refill', status: 'denied', after: 1 }],
  'thyroid.hashimoto': [{ ago: 46, drug: 'levo_75', said: '90 days for travel, thank you', status: 'approved', after: 1 }],
  'dm.none': [{ ago: 7, drug: 'lisinopril_20', by: 'pharmacy', said: 'Prescriber not on file for last fill', status: 'pending' }],
  'dm.ifcc': [
    { ago: 70, drug: 'metformin_er_1000', said: 'Please 3 months, the bottle for 1 month is more expensive', status: 'approved', after: 2 },
  ],
  'ckd.decline': [{ ago: 1, drug: 'furosemide_40', said: 'grandma has 4 left', status: 'pending' }],
  'dm.controlled': [{ ago: 88, drug: 'atorva_40', by: 'pharmacy', status: 'approved', after: 5 }],
  'gen.checkup': [{ ago: 10, drug: 'omeprazole_20', said: 'can it be the 40s? 20 isnt holding me thru the night', status: 'pending' }],
};

/** The requests of one patient, each for an order that is in the record. */
export function refillsOf(setting: Setting, medications: readonly MedicationFact[]): RefillRequestRow[] {
  const { as_of, site, origin, person } = setting;
  return (ASKED[person.arc] ?? []).flatMap((asked, n) => {
    const dice = setting.dice(`refill.${n}`);
    const day = as_of - movedAgo(setting, asked.ago);
    const on = asked.by === 'pharmacy' ? workdayFrom(day, -1) : day;
    const order = medications
      .filter(({ drug, row }) => drug === asked.drug && (row.authored_on === null || row.authored_on <= dateOf(on)))
      .sort((a, b) => startOf(a) - startOf(b))
      .at(-1);
    if (!order) throw new Error(`${person.key} never took ${asked.drug}`);
    const decided = Math.min(workdayFrom(on + (asked.after ?? 0)), as_of - 1);
    const isOpen = asked.status === 'pending';
    return [
      {
        tenant_id: setting.tenant_id,
        id: idOf(origin, 'refill', n),
        patient_id: setting.patient_id,
        medication_request_id: order.row.id,
        source: asked.by ?? 'patient',
        status: asked.status,
        comment: asked.said ?? null,
        requested_at: instantOf(site.zone, on, asked.by === 'pharmacy' ? dice.int(370, 1290) : dice.int(400, 1400), dice.int(0, 59)),
        decided_at: isOpen ? null : instantOf(site.zone, Math.max(decided, on + 1), dice.int(485, 1070), dice.int(0, 59)),
        decided_by: isOpen || asked.status === 'cancelled' ? null : setting.practitioner_id(person.clinician),
      },
    ];
  });
}

const startOf = ({ row }: MedicationFact) => (row.start_on === null ? 0 : dayOf(row.start_on));
