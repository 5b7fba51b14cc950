// Results in words: the dipstick, a titre, an antigen.
import type { AnalyteKey } from './analytes.ts';
import type { Drawn } from './fact.ts';

export interface Coded {
  text: string;
  isAbnormal: boolean;
}

const normal = (text: string): Coded => ({ text, isAbnormal: false });
const abnormal = (text: string): Coded => ({ text, isAbnormal: true });

/** The words for an analyte that has no number. */
export function codedOf(analyte: AnalyteKey, { setting, draw, levels }: Drawn): Coded | undefined {
  const dice = setting.dice(`draw.${draw.label}.coded.${analyte}`);
  switch (analyte) {
    case 'ua_color':
      return normal(
        dice.weighted([
          ['Yellow', 8],
          ['Pale yellow', 3],
          ['Straw', 2],
        ]),
      );
    case 'ua_clarity':
      return dice.chance(0.85) ? normal('Clear') : abnormal('Slightly cloudy');
    case 'ua_protein':
      if (levels.uacr > 250) return abnormal('2+');
      return levels.uacr > 60 ? abnormal('1+') : normal(dice.chance(0.2) ? 'Trace' : 'Negative');
    case 'ua_glucose':
      return levels.glucose > 170 || setting.arc.courses.some(({ steps }) => steps.some(([, drug]) => drug === 'empagliflozin_10'))
        ? abnormal('3+')
        : normal('Negative');
    case 'ua_ketones':
      return dice.chance(0.92) ? normal('Negative') : abnormal('Trace');
    case 'ua_blood':
      return dice.chance(0.9) ? normal('Negative') : abnormal('Trace');
    case 'ua_le':
    case 'ua_nitrite':
    case 'hpylori':
      return normal('Negative');
    case 'ana':
      return abnormal('1:80');
    default:
      return undefined;
  }
}
