import type { LabFlag } from '../../src/domains/labs.ts';
import type { Draw, LabKey } from '../arcs/arc.ts';
import type { Day } from '../days.ts';
import type { LabResultRow } from '../rows.ts';
import type { Setting } from '../setting.ts';
import type { AnalyteKey } from './analytes.ts';
import type { Levels } from './population.ts';

/** A result with what its maker knows of it. */
export interface LabFact {
  row: LabResultRow;
  analyte: AnalyteKey;
  draw: string;
  day: Day;
  /** What get_labs must say of it. */
  flag: LabFlag;
  /** A row that a later one corrects, and what was entered in error, are not shown. */
  shown: boolean;
}

/** One needle: where, when, and what is in the tube. */
export interface Drawn {
  setting: Setting;
  draw: Draw;
  lab: LabKey;
  day: Day;
  /** Minutes after midnight. */
  minute: number;
  levels: Levels;
  age: number;
}
