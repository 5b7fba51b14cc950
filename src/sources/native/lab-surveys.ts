import type { LabSurveys } from '../../domains/lab-surveys.ts';
import type { Surroundings } from '../connector.ts';
import { abnormalLabs } from './lab-surveys-abnormal.ts';
import { labsDue } from './lab-surveys-due.ts';
import { labTrends } from './lab-surveys-trends.ts';

export function labSurveys(around: Surroundings): LabSurveys {
  return { abnormal: abnormalLabs(around), trends: labTrends(around), due: labsDue(around) };
}
