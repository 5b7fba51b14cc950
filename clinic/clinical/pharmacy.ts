// Where prescriptions go, and how much is in them. The NCPDP numbers begin with 99: no state has that code.
import type { Drug } from '../medications/drug.ts';
import type { Setting } from '../setting.ts';

interface Pharmacy {
  pharmacy: string;
  pharmacy_ncpdp: string;
}

const PHARMACIES: Readonly<Record<'juniper' | 'cedar', { retail: readonly Pharmacy[]; compounding: Pharmacy }>> = {
  juniper: {
    retail: [
      { pharmacy: 'Patterson Avenue Pharmacy', pharmacy_ncpdp: '9910018' },
      { pharmacy: 'Riverbend Drugs #12', pharmacy_ncpdp: '9910026' },
      { pharmacy: 'Lakeside Family Pharmacy', pharmacy_ncpdp: '9910034' },
      { pharmacy: 'Fan District Apothecary', pharmacy_ncpdp: '9910042' },
    ],
    compounding: { pharmacy: 'James River Compounding', pharmacy_ncpdp: '9910091' },
  },
  cedar: {
    retail: [
      { pharmacy: 'Atwood Pharmacy', pharmacy_ncpdp: '9920017' },
      { pharmacy: 'Monona Drug', pharmacy_ncpdp: '9920025' },
      { pharmacy: 'Old Sauk Pharmacy', pharmacy_ncpdp: '9920033' },
      { pharmacy: 'Isthmus Co-op Pharmacy', pharmacy_ncpdp: '9920041' },
    ],
    compounding: { pharmacy: 'Four Lakes Compounding', pharmacy_ncpdp: '9920090' },
  },
};

/** The patient's own pharmacy; what is mixed to order comes from the one that does that. */
export function pharmacyOf({ options, dice }: Setting, drug: Drug): Pharmacy {
  const { retail, compounding } = PHARMACIES[options.clinic];
  return drug.local?.startsWith('CMPD') ? compounding : dice('pharmacy').pick(retail);
}

/** How much is dispensed for the days of one fill. */
export function quantityOf({ form, days }: Drug, sig: string | null): { quantity: number; quantity_unit: string } {
  const daily = timesADay(sig ?? '');
  const weeks = Math.max(1, Math.round(days / 7));
  if (/Tablet/.test(form)) return { quantity: Math.ceil(days * daily), quantity_unit: 'tablet' };
  if (/Capsule/.test(form)) return { quantity: Math.ceil(days * daily), quantity_unit: 'capsule' };
  if (form === 'Pen Injector') return { quantity: days > 28 ? Math.round(days / 28) : 4, quantity_unit: 'pen' };
  if (form === 'Transdermal System') return { quantity: weeks * 2, quantity_unit: 'patch' };
  if (form === 'Injectable Solution') return { quantity: Math.max(1, Math.round(weeks / 10)) * 10, quantity_unit: 'mL' };
  return { quantity: days >= 60 ? 60 : 88, quantity_unit: 'g' };
}

function timesADay(sig: string): number {
  const each = /\b1\/2\b/.test(sig) ? 0.5 : /^(take )?2 tab/i.test(sig) ? 2 : 1;
  if (/weekly|once a week/i.test(sig)) return each / 7;
  if (/every other day/i.test(sig)) return each / 2;
  if (/TID|q8h/.test(sig)) return each * 3;
  return /BID|twice a day/i.test(sig) ? each * 2 : each;
}
