// What was ordered: one row for each order that results name, and those that nothing came back for.
import type { Draw } from '../arcs/arc.ts';
import { workdayFrom } from '../calendar.ts';
import { type Day, dateOf, instantOf } from '../days.ts';
import type { LabFact } from '../labs/fact.ts';
import { type Order, type OrderKey, orderOf } from '../labs/orders.ts';
import { idOf } from '../random.ts';
import type { LabOrderRow } from '../rows-clinical.ts';
import type { Setting } from '../setting.ts';
import type { VisitFact } from '../visit.ts';
import { OPEN, type Open } from './lab-orders-open.ts';

/** An order with what its maker knows of it. */
export interface LabOrderFact {
  row: LabOrderRow;
  /** What was ordered; of an order that has results, the draw. */
  key: OrderKey;
  draw?: string;
}

/** All lab orders of one patient, oldest first. */
export function labOrdersOf(
  setting: Setting,
  { visits, labs }: { visits: readonly VisitFact[]; labs: readonly LabFact[] },
): LabOrderFact[] {
  const past = setting.arc.draws.flatMap((draw) => ordersOfDraw(setting, draw, { visits, labs }));
  const open = (OPEN[setting.person.arc] ?? []).map((each, n) => openOrder(setting, each, { n, visits }));
  return [...past, ...open].sort((a, b) => Date.parse(a.row.ordered_at) - Date.parse(b.row.ordered_at) || (a.row.id < b.row.id ? -1 : 1));
}

interface Past {
  visits: readonly VisitFact[];
  labs: readonly LabFact[];
}

function ordersOfDraw(setting: Setting, draw: Draw, { visits, labs }: Past): LabOrderFact[] {
  // The hospital's draws were never ordered here, and some results of ours came without an order.
  if (draw.at === 'hospital' || draw.defects?.includes('no_order')) return [];
  const drawn = labs.filter((fact) => fact.draw === draw.label);
  const [first] = drawn;
  if (!first) return [];
  const own = setting.dice(`order.lab.${draw.label}`);
  const { day } = first;
  const from = orderedFrom(setting, visits, { by: day - 1, within: 120 });
  const ordered_on = from?.day ?? workdayFrom(day - own.int(2, 9), -1);
  const minute = from ? from.minute + own.int(8, 24) : own.int(500, 1010);
  return draw.orders.map((key, n): LabOrderFact => {
    const order: Order = orderOf(key);
    const id = idOf(setting.origin, 'order', `${draw.label}.${key}`);
    const results = drawn.filter(({ row }) => row.order_id === id && row.corrects === null);
    // Everything in it is part of another order of the same draw: the laboratory cancelled it.
    const isDuplicate = results.length === 0;
    const isPending = results.some(({ row }) => row.status === 'preliminary');
    const isRepeated = results.some(({ row }) => row.status === 'cancelled');
    const resulted = results.map(({ row }) => row.resulted_at ?? '').sort();
    const row: LabOrderRow = {
      ...base(setting, { id, order, lab: first.row.performing_lab }),
      encounter_id: from?.encounter?.id ?? null,
      status: isDuplicate ? 'revoked' : isPending || isRepeated ? 'active' : 'completed',
      status_reason: isDuplicate ? 'duplicate' : null,
      ordered_at: instantOf(setting.site.zone, ordered_on, minute, (own.int(0, 49) + n * 3) % 60),
      due_on: own.chance(0.62) ? dateOf(isRepeated ? day + 14 : Math.max(ordered_on, day - own.int(-2, 4))) : null,
      collected_at: isDuplicate || isRepeated ? null : first.row.collected_at,
      ended_at: isDuplicate ? first.row.collected_at : isPending || isRepeated ? null : (resulted.at(-1) ?? null),
      reason_icd10: setting.arc.conditions[0] ?? null,
    };
    return { row, key, draw: draw.label };
  });
}

function openOrder(setting: Setting, open: Open, { n, visits }: { n: number; visits: readonly VisitFact[] }): LabOrderFact {
  const { as_of, site } = setting;
  const own = setting.dice(`order.lab.open.${n}`);
  const target = as_of - open.ago;
  const from = orderedFrom(setting, visits, { by: target + 12, within: 40 });
  const day = Math.min(from?.day ?? workdayFrom(target, -1), as_of - 1);
  const row: LabOrderRow = {
    ...base(setting, { id: idOf(setting.origin, 'order', `open.${n}`), order: orderOf(open.key), lab: site.labs[open.lab ?? 'A'] }),
    encounter_id: from?.encounter?.id ?? null,
    status: open.status ?? 'active',
    status_reason: open.reason ?? null,
    priority: open.priority ?? 'routine',
    ordered_at: instantOf(site.zone, day, from ? from.minute + own.int(8, 24) : own.int(500, 1010), own.int(0, 59)),
    due_on: open.due === undefined ? null : dateOf(as_of - open.due),
    collected_at:
      open.collected === undefined
        ? null
        : instantOf(site.zone, workdayFrom(as_of - open.collected, -1), own.int(430, 640), own.int(0, 59)),
    ended_at:
      open.ended === undefined
        ? null
        : instantOf(site.zone, Math.max(day, workdayFrom(as_of - open.ended, -1)), own.int(1021, 1075), own.int(0, 59)),
    reason_icd10: open.icd10 ?? setting.arc.conditions[0] ?? null,
  };
  return { row, key: open.key };
}

function base(setting: Setting, { id, order, lab }: { id: string; order: Order; lab: string | null }) {
  const side = lab === setting.site.labs.A ? 0 : 1;
  return {
    tenant_id: setting.tenant_id,
    id,
    patient_id: setting.patient_id,
    practitioner_id: setting.practitioner_id(setting.person.clinician),
    loinc: order.loinc ?? null,
    name: order.names[side],
    priority: 'routine' as const,
    performing_lab: lab,
  };
}

/** The last visit with the usual clinician up to a day. */
function orderedFrom(setting: Setting, visits: readonly VisitFact[], { by, within }: { by: Day; within: number }): VisitFact | undefined {
  return visits.findLast(
    ({ day, with: who, encounter, kind }) =>
      encounter?.status === 'finished' &&
      kind !== 'phone' &&
      who === setting.person.clinician &&
      day <= by &&
      day >= by - within &&
      day < setting.as_of,
  );
}
