// What was not measured in this clinic: a cuff at home, an emergency department, a hospital bed.
import type { Day } from '../days.ts';
import type { Setting } from '../setting.ts';
import type { VisitFact } from '../visit.ts';
import type { Physique } from './body.ts';
import { type Add, type At, number, pressure } from './vital-fact.ts';
import { temperatureCharted } from './vital-units.ts';
import { lastCuffed } from './vitals-pins.ts';

interface Elsewhere {
  seen: readonly VisitFact[];
  physique: Physique;
  add: Add;
}

export function elsewhere(setting: Setting, { seen, physique, add }: Elsewhere): void {
  const { as_of, person } = setting;
  const last = lastCuffed(seen);
  const dice = setting.dice('vital.elsewhere');
  const at = (day: Day, minute: number, where: At['setting']): At => ({
    day,
    minute,
    encounter_id: null,
    setting: where,
    taken_by: null,
    position: where === 'home' ? 'sitting' : null,
  });
  const atHome = (agos: readonly number[], by: number) => {
    for (const ago of agos) {
      const day = as_of - ago;
      const { systolic, diastolic } = physique.pressureOn(day);
      const minute = dice.chance(0.6) ? dice.int(385, 520) : dice.int(1120, 1290);
      add(
        'bp',
        `home.${ago}`,
        at(day, minute, 'home'),
        pressure(Math.round(systolic + by + dice.normal(0, 5)), Math.round(diastolic + by / 2 + dice.normal(0, 4))),
      );
    }
  };
  const emergency = (name: string, when: At, readings: readonly (readonly [number, number])[]) => {
    for (const [n, [systolic, diastolic]] of readings.entries())
      add('bp', `${name}.${n}`, { ...when, minute: when.minute + 47 * n }, pressure(systolic, diastolic));
    add('heart_rate', name, when, number({ value: dice.int(88, 112), unit: '/min' }));
    add('oxygen', name, when, number({ value: dice.int(93, 97), unit: '%' }));
    add('temperature', name, when, number(temperatureCharted(setting, dice.normal(37, 0.25))));
  };
  /** The day of a draw that was made in a hospital. */
  const drawn = (label: string) => as_of - (setting.arc.draws.find((draw) => draw.label === label)?.ago ?? 200);
  const happened: Readonly<Record<string, () => void>> = {
    'hrt.oral': () => {
      const readings = [
        [171, 98],
        [164, 94],
      ] as const;
      if (last) emergency('ed', at(Math.min(last.day + 1, as_of - 1), 1291, 'emergency'), readings);
    },
    'ckd.equation': () => {
      if (last) emergency('ed', at(last.day, 1268, 'emergency'), [[166, 92]]);
      atHome([640, 639, 637, 330, 329, 327], 4);
    },
    'glp1.gi': () => {
      const readings = [
        [104, 62],
        [112, 66],
      ] as const;
      emergency('ed', at(drawn('acute'), 1214, 'emergency'), readings);
    },
    'dm.controlled': () => emergency('urgent', at(as_of - 233, 1002, 'emergency'), [[146, 82]]),
    'gen.deceased': () => {
      const readings = [
        [118, 70],
        [104, 62],
      ] as const;
      emergency('ed', at(drawn('ed') - 1, 1155, 'emergency'), [[158, 96]]);
      emergency('ward', at(drawn('ed'), 402, 'inpatient'), readings);
    },
    'dm.improving': () => {
      const readings = [
        [131, 79],
        [127, 76],
        [133, 81],
      ] as const;
      for (const [n, [systolic, diastolic]] of readings.entries())
        add('bp', `home.last.${n}`, at(as_of - 2, 421 + n * 3, 'home'), pressure(systolic, diastolic));
      atHome([431, 430, 428, 427], -3);
    },
    'gen.prediabetes': () => atHome([301, 300, 298], -2),
  };
  happened[person.arc]?.();
}
