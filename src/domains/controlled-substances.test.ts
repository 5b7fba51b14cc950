import { describe, expect, it } from 'vitest';
import { controlledIn } from './controlled-substances.ts';

describe('a controlled substance', () => {
  it.each([
    ['oxycodone 5 mg oral tablet', 'II'],
    ['Adderall XR', 'II'],
    ['Testosterone Cypionate 200 mg/mL', 'III'],
    ['Depo-Testosterone', 'III'],
    ['buprenorphine/naloxone', 'III'],
    ['acetaminophen-codeine 300-30 mg', 'II'],
    ['XANAX', 'IV'],
    ['alprazolám', 'IV'],
    ['phenobarbital', 'IV'],
    ['gabapentin and pregabalin', 'V'],
    ['cannabis extract', 'I'],
    ['isotonitazene', 'II'],
    ['take with tramadol', 'IV'],
  ])('%s is of schedule %s', (text, schedule) => {
    expect(controlledIn(text)).toBe(schedule);
  });

  it.each(
    `lisinopril metformin amoxicillin sertraline naloxone naltrexone nalbuphine apomorphine dextromethorphan methylnaltrexone estradiol anastrozole clomiphene
     semaglutide levothyroxine gabapentin hydroxyzine trazodone buspirone ibuprofen cyclobenzaprine prednisone albuterol ondansetron loperamide bupropion atomoxetine
     somatropin oxybutynin cortisone solifenacin`.split(/\s+/),
  )('%s is none', (name) => {
    expect(controlledIn(`${name} 10 mg oral tablet`)).toBeUndefined();
  });
});
