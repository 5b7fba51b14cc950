// fqm-execution on our CQL: what the populations of each patient are.
import { Calculator } from 'fqm-execution';
import { type Bundle, collection } from './bundle.ts';
import { translate } from './translate.ts';
import { URI, VALUE_SETS } from './value-sets.ts';

export interface Populations {
  population: boolean;
  excluded: boolean;
  numerator: boolean;
}

const BASE = 'https://attending.example/oracle';
const POPULATIONS = {
  'initial-population': 'Initial Population',
  denominator: 'Denominator',
  'denominator-exclusion': 'Denominator Exclusion',
  numerator: 'Numerator',
};

/** The measure whose library is `name`, with everything that it needs. The reference to the root library has no version: with one it is not found. */
function measureBundle(name: string, libraries: ReadonlyMap<string, object>): Bundle {
  const own = ['FHIRHelpers', 'Common', name];
  const resources = [
    {
      resourceType: 'Measure',
      id: name,
      url: `${BASE}/Measure/${name}`,
      status: 'active',
      library: [`${BASE}/Library/${name}`],
      scoring: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/measure-scoring', code: 'proportion' }] },
      group: [
        {
          population: Object.entries(POPULATIONS).map(([code, expression]) => ({
            code: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/measure-population', code }] },
            criteria: { language: 'text/cql-identifier', expression },
          })),
        },
      ],
    },
    ...own.map((library) => ({
      resourceType: 'Library',
      id: library,
      url: `${BASE}/Library/${library}`,
      name: library,
      status: 'active',
      type: { coding: [{ code: 'logic-library' }] },
      content: [{ contentType: 'application/elm+json', data: Buffer.from(JSON.stringify(libraries.get(library))).toString('base64') }],
    })),
    ...Object.entries(VALUE_SETS).map(([set, codes]) => ({
      resourceType: 'ValueSet',
      id: set,
      url: `urn:oracle:${set}`,
      status: 'active',
      expansion: { timestamp: '2026-01-01', contains: codes.map(({ system, code }) => ({ system: URI[system], code })) },
    })),
  ];
  return collection(resources);
}

const LIBRARIES = {
  controlled_bp: 'ControlledBp',
  glycemic_status: 'GlycemicStatus',
  kidney_evaluation: 'KidneyEvaluation',
  breast_screening: 'BreastScreening',
  colorectal_screening: 'ColorectalScreening',
} as const;
export type OracleMeasure = keyof typeof LIBRARIES;

/** The engine, with the CQL translated once. */
export function openOracle() {
  const libraries = translate(['FHIRHelpers', 'Common', ...Object.values(LIBRARIES)]);
  return {
    /** Populations by patient id. Throws what the engine throws. */
    async calculate(measure: OracleMeasure, patients: Bundle[], period: { from: string; to: string }): Promise<Map<string, Populations>> {
      const { results } = await Calculator.calculate(measureBundle(LIBRARIES[measure], libraries), patients, {
        measurementPeriodStart: period.from,
        measurementPeriodEnd: period.to,
        trustMetaProfile: false,
        calculateHTML: false,
        calculateSDEs: false,
        calculateClauseCoverage: false,
        verboseCalculationResults: false,
      });
      return new Map(results.map(({ patientId, detailedResults }) => [patientId, populationsOf(detailedResults?.[0]?.populationResults)]));
    },
  };
}

function populationsOf(results: { populationType: string; result: boolean }[] | undefined): Populations {
  const is = (type: string) => results?.find(({ populationType }) => populationType === type)?.result ?? false;
  const excluded = is('denominator-exclusion');
  return { population: is('initial-population'), excluded, numerator: is('numerator') && !excluded };
}
