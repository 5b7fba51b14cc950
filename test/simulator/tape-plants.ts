// Exchanges with a vendor that hold one invented patient in every place where a record or a careless vendor could put one.
import type { Exchange } from '../../src/connections/tape.ts';
import type { Planted } from './survivors.ts';
import type { Chance } from './world.ts';

type Patient = Readonly<Record<(typeof FACTS)[number], string>>;
const FACTS = ['family', 'given', 'record_number', 'phone', 'birth_date', 'email', 'ssn', 'street', 'member_id'] as const;

const letters = (chance: Chance, count: number) =>
  Array.from({ length: count }, () => chance.one([...'abcdefghijklmnoprstuvwyz'])).join('');
const digits = (chance: Chance, count: number) => Array.from({ length: count }, () => chance.between(0, 9)).join('');
const capital = (word: string) => (word[0] as string).toUpperCase() + word.slice(1);
const two = (n: number) => String(n).padStart(2, '0');

export function aPatientOf(chance: Chance): Patient {
  const accent = chance.one(['', '', 'é', 'ñ', 'ü']);
  const family = capital(letters(chance, 5) + accent + letters(chance, chance.between(4, 6)));
  const given = capital(letters(chance, chance.between(8, 11)));
  const street = `${chance.between(1000, 9999)} ${capital(letters(chance, 8))} Road`;
  return {
    family,
    given,
    record_number: `${chance.between(1, 9)}${digits(chance, 12)}`,
    phone: `+1${chance.between(2, 9)}${digits(chance, 9)}`,
    birth_date: `${chance.between(1931, 2019)}-${two(chance.between(1, 12))}-${two(chance.between(1, 28))}`,
    email: `${letters(chance, 9)}.${letters(chance, 6)}@${letters(chance, 7)}.test`,
    ssn: `${chance.between(100, 899)}-${chance.between(10, 99)}-${chance.between(1000, 9999)}`,
    street,
    member_id: `${letters(chance, 3).toUpperCase()}${digits(chance, 9)}`,
  };
}

/** What is looked for: the facts, in the forms in which a vendor may write them. */
export function plantedOf(patient: Patient): Planted[] {
  const [year, month, day] = patient.birth_date.split('-') as [string, string, string];
  return [
    ...FACTS.map((what) => ({ what, value: patient[what] })),
    { what: 'street', value: patient.street.split(' ')[1] as string },
    { what: 'birth_date', value: `${month}/${day}/${year}` },
    { what: 'birth_date', value: `${Number(month)}/${Number(day)}/${year}` },
    { what: 'phone', value: patient.phone.slice(2) },
  ];
}

/** A fact of the patient as it stands in a field, wrapped in something or not. */
export const WRAPPINGS: Record<string, (text: string, patient: Patient) => string> = {
  plain: (text) => text,
  loud: (text) => text.toUpperCase(),
  spaced: (text) => `  ${text}\t`,
  sentence: (text, { given, birth_date }) => `Pt ${given} (DOB ${birth_date}) seen today; "${text}" – call back, see note.`,
  base64: (text) => Buffer.from(`value=${text};`).toString('base64'),
  base64url: (text) => Buffer.from(`ü ${text} ü`).toString('base64url'),
  base64_in_text: (text) => `attachment: ${Buffer.from(`x${text}, ${text}`).toString('base64')} (end)`,
  base64_utf16: (text) => Buffer.from(text, 'utf16le').toString('base64'),
  base64_twice: (text) => Buffer.from(Buffer.from(`--${text}--`).toString('base64')).toString('base64'),
  data_url: (text) => `data:text/plain;base64,${Buffer.from(text).toString('base64')}`,
  token: (text) =>
    ['{"alg":"none"}', JSON.stringify({ sub: text }), 'signature'].map((part) => Buffer.from(part).toString('base64url')).join('.'),
  percent: (text) => encodeURIComponent(`name=${text}`),
  percent_twice: (text) => encodeURIComponent(encodeURIComponent(`/${text}/`)),
  percent_all: (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  hex: (text) => Buffer.from(text).toString('hex'),
  json: (text) => JSON.stringify({ name: text, list: [text, { text }] }),
  json_twice: (text) => JSON.stringify(JSON.stringify({ value: text })),
  json_escaped: (text) =>
    `{"name":"${[...text].map((each) => `\\u${(each.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`).join('')}"}`,
  html: (text) => `<div title="${text}"><b>${text}</b><!-- ${text} --></div>`,
  entities: (text) => [...text].map((each) => `&#${each.codePointAt(0)};`).join(''),
  hex_entities: (text) => [...text].map((each) => `&#x${each.codePointAt(0)?.toString(16)};`).join(''),
  quoted_printable: (text) => [...Buffer.from(text)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  url: (text) => `https://emr.test/patients/${encodeURIComponent(text)}/file?name=${encodeURIComponent(text)}#${encodeURIComponent(text)}`,
  user_of_url: (text) => `https://${encodeURIComponent(text)}:x@emr.test/`,
  host: (text) =>
    `https://${text
      .normalize('NFKD')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]/g, '')}.emr.test/x`,
  name_of_host: (text) => `//${text}/share`,
  hl7: (text, { family, given, record_number }) => `PID|1||${record_number}^^^MRN||${family}^${given}||${text}|`,
  us_date: (text, patient) => `${usDate(patient)} ${text}`,
  stuck_together: (text) => `x_${text}_y`,
};

export interface Spread {
  chance: Chance;
  patient: Patient;
}

const wrapped = ({ chance, patient }: Spread): string => {
  const wrapping = WRAPPINGS[chance.one(Object.keys(WRAPPINGS))] as (text: string, patient: Patient) => string;
  return wrapping(patient[chance.one(FACTS)], patient);
};
const fact = ({ chance, patient }: Spread): string => patient[chance.one(FACTS)];
const usDate = ({ birth_date }: Patient): string => birth_date.replace(/^(\d+)-(\d+)-(\d+)$/, '$2/$3/$1');
const attributed = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Documents, each with the type it says it is of; the name tells the place that is planted. */
export const BODIES: Record<string, (spread: Spread) => { type: string; body: Buffer }> = {
  json: (spread) => ({ type: 'application/json; charset=utf-8', body: Buffer.from(JSON.stringify(aDocument(spread))) }),
  json_keys: (spread) => ({
    type: 'application/fhir+json',
    body: Buffer.from(
      JSON.stringify({
        patients: {
          [fact(spread)]: { active: true },
          [`${spread.patient.family} ${spread.patient.given}`]: 1,
          [wrapped(spread)]: wrapped(spread),
        },
      }),
    ),
  }),
  json_lines: (spread) => ({
    type: 'application/fhir+ndjson',
    body: Buffer.from([aDocument(spread), aDocument(spread)].map((each) => JSON.stringify(each)).join('\n')),
  }),
  json_numbers: ({ patient: { record_number, ssn } }) => ({
    type: 'application/json',
    body: Buffer.from(`{"mrn":${record_number},"ssn":${ssn.replaceAll('-', '')},"list":[${record_number}.5, -${record_number}]}`),
  }),
  json_broken: (spread) => ({ type: 'application/json', body: Buffer.from(`{"name":"${fact(spread)}",`) }),
  json_that_is_a_page: (spread) => ({ type: 'application/json', body: Buffer.from(aPage(spread)) }),
  page: (spread) => ({ type: 'text/html; charset=utf-8', body: Buffer.from(aPage(spread)) }),
  xml: (spread) => ({ type: 'application/xml', body: Buffer.from(anXml(spread)) }),
  xml_broken: (spread) => ({ type: 'text/xml', body: Buffer.from(`${anXml(spread)}<open>${fact(spread)}`) }),
  xml_with_entities: ({ patient }) => ({
    type: 'text/xml',
    body: Buffer.from(`<!DOCTYPE p [<!ENTITY who "${patient.family}">]><p><name>&who;</name><other>${patient.given}</other></p>`),
  }),
  form: (spread) => ({
    type: 'application/x-www-form-urlencoded',
    body: Buffer.from(
      new URLSearchParams([
        ['name', wrapped(spread)],
        [fact(spread), 'x'],
        ['note', wrapped(spread)],
      ]).toString(),
    ),
  }),
  parts: (spread) => {
    const { patient } = spread;
    const part = (headers: string, body: string) => `--=_b0undary\r\n${headers}\r\n\r\n${body}\r\n`;
    const body = [
      part('Content-Disposition: form-data; name="note"', wrapped(spread)),
      part(`Content-Disposition: form-data; name="${patient.member_id}"`, wrapped(spread)),
      part(
        `Content-Disposition: form-data; name="file"; filename="${patient.family}_${patient.given}.pdf"\r\nContent-Type: application/pdf; name="${patient.family}.pdf"`,
        `%PDF-1.4 (${patient.given})`,
      ),
      part(
        `Content-Disposition: form-data; name="file"; filename*=UTF-8''${encodeURIComponent(patient.family)}.json\r\nX-Patient: ${patient.record_number}\r\nContent-Type: application/json`,
        JSON.stringify(aDocument(spread)),
      ),
    ];
    return { type: 'multipart/form-data; boundary="=_b0undary"', body: Buffer.from(`${body.join('')}--=_b0undary--\r\n`) };
  },
  parts_broken: (spread) => ({
    type: 'multipart/form-data; boundary=x',
    body: Buffer.from(`--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n${fact(spread)}`),
  }),
  text: (spread) => ({ type: 'text/plain', body: Buffer.from([1, 2, 3].map(() => wrapped(spread)).join('\n')) }),
  csv: ({ patient }) => ({
    type: 'text/csv',
    body: Buffer.from(`name,mrn,dob\r\n"${patient.family}, ${patient.given}",${patient.record_number},${usDate(patient)}\r\n`),
  }),
  hl7: (spread) => ({
    type: 'x-application/hl7-v2+er7',
    body: Buffer.from(`MSH|^~\\&|A|B\r${(WRAPPINGS.hl7 as (text: string, patient: Patient) => string)(fact(spread), spread.patient)}\r`),
  }),
  pdf: (spread) => ({
    type: `application/pdf; name="${spread.patient.family}.pdf"`,
    body: Buffer.concat([Buffer.from([0x25, 0x50, 0x44, 0x46, 0xff, 0]), Buffer.from(fact(spread))]),
  }),
  utf16: (spread) => ({ type: 'text/plain; charset=utf-16', body: Buffer.from(fact(spread), 'utf16le') }),
  latin1: (spread) => ({ type: 'text/plain; charset=iso-8859-1', body: Buffer.from(`é ${spread.patient.given}`, 'latin1') }),
  unknown: (spread) => ({ type: `application/${spread.patient.given.toLowerCase()}`, body: Buffer.from(fact(spread)) }),
};

function aDocument(spread: Spread): unknown {
  const { patient, chance } = spread;
  return {
    resourceType: 'Patient',
    id: patient.record_number,
    identifier: [{ value: patient.member_id, system: `urn:oid:1.2.${patient.record_number}` }, { value: patient.ssn }],
    name: [{ family: patient.family, given: [patient.given, [...patient.given]], text: `${patient.family}, ${patient.given}` }],
    telecom: [{ value: patient.phone }, { value: patient.email }, { value: patient.phone.replace(/^\+1(\d{3})(\d{3})/, '($1) $2-') }],
    birthDate: patient.birth_date,
    address: { line: [patient.street], text: wrapped(spread) },
    issued: `${patient.birth_date}T08:15:00-05:00`,
    contained: JSON.stringify({ subject: { reference: `Patient/${patient.record_number}`, display: wrapped(spread) } }),
    note: wrapped(spread),
    extension: Array.from({ length: chance.between(1, 4) }, () => ({ value: wrapped(spread), other: [wrapped(spread)] })),
  };
}

function aPage(spread: Spread): string {
  const { patient } = spread;
  const safe = () => attributed(wrapped(spread));
  return `<!doctype html><html lang="en"><head><title>${safe()}</title><meta name="description" content="${safe()}"><base href="/p/${encodeURIComponent(patient.family)}/">
<style>.a::after{content:"${patient.given}"}</style><script>var patient="${patient.family}"</script><script type="application/json">{"mrn":"${patient.record_number}"}</script></head>
<body class="${patient.family}" data-patient="${safe()}" onload="open('${patient.given}')"><!-- ${patient.family} --><!--[if IE]>${patient.given}<![endif]-->
<h1>Chart of ${safe()}</h1><${patient.given.toLowerCase()}>${safe()}</${patient.given.toLowerCase()}>
<form action="/patients/${patient.record_number}/save?who=${encodeURIComponent(patient.email)}" method="post"><label for="${patient.family}">${safe()}</label>
<input type="hidden" name="mrn" value="${safe()}"><input type="${patient.family}" name="${patient.member_id}" placeholder="${safe()}" ${patient.given.toLowerCase()}="1">
<textarea name="note">${safe()}</textarea><select name="visit"><option value="${safe()}" selected>${safe()}</option></select></form>
<a href="mailto:${patient.email}">mail</a><a href="javascript:open('${patient.record_number}')">x</a><img src="/photo/${encodeURIComponent(patient.given)}.png" alt="${safe()}" srcset="/${patient.family}.png 2x">
<template><p>${patient.family}</p></template><noscript>${patient.given}</noscript><svg><title>${patient.family}</title><text>${patient.given}</text></svg>
<iframe srcdoc="${attributed(`<p>${patient.family}</p>`)}">${patient.given}</iframe><table><tr><td>${safe()}<td>${patient.ssn}</table><xmp><b>${patient.family}</b></xmp><p>${safe()}`;
}

function anXml(spread: Spread): string {
  const { patient } = spread;
  const safe = () => attributed(wrapped(spread)).replaceAll(/[^\t\n\r -~\u00a0-\ud7ff]/g, '?');
  return `<?xml version="1.0"?><?who ${patient.family}?><ClinicalDocument xmlns="urn:hl7-org:v3"><!-- ${patient.given} ${patient.birth_date} -->
<patient id="${patient.record_number}" note="${safe()}"><name><given>${patient.given}</given><family>${patient.family}</family></name>
<birthTime value='${patient.birth_date.replaceAll('-', '')}'/><text><![CDATA[${wrapped(spread).replaceAll(']]>', '')} <b>${patient.family}</b>]]></text>
<${patient.given} x="${safe()}">${safe()}</${patient.given}><telecom value="tel:${patient.phone}"/><a b="${safe()}">${safe()}</a></patient></ClinicalDocument>`;
}

/** An exchange that is full of the patient: the address, the headers of both sides, both bodies. `bodies`: which documents. */
export function anExchange(
  spread: Spread,
  [asked, answered]: readonly [string, string] = [spread.chance.one(Object.keys(BODIES)), spread.chance.one(Object.keys(BODIES))],
): Exchange {
  const { patient, chance } = spread;
  const [request, response] = [asked, answered].map((name) => BODIES[name]?.(spread)) as [
    { type: string; body: Buffer },
    { type: string; body: Buffer },
  ];
  const query = new URLSearchParams([
    ['name', `${patient.family} ${patient.given}`],
    ['q', wrapped(spread)],
    [fact(spread), '1'],
  ]);
  const headers = (type: string): [string, string][] => [
    ['Content-Type', type],
    ['Cookie', `sid=${patient.member_id}; patient=${encodeURIComponent(patient.family)}`],
    ['Authorization', `Basic ${Buffer.from(`${patient.email}:${patient.ssn}`).toString('base64')}`],
    ['Content-Disposition', `attachment; filename="${patient.family}_${patient.birth_date}.pdf"`],
    ['Location', `/patients/${patient.record_number}`],
    ['ETag', `W/"${patient.record_number}"`],
    [`X-${patient.member_id}`, '1'],
    ['Retry-After', patient.ssn],
    ['Date', `${patient.birth_date}`],
    ['X-Patient', wrapped(spread)],
  ];
  return {
    method: chance.one(['GET', 'POST', 'PUT', patient.given]),
    url: `https://${patient.given}:${patient.ssn}@emr.test/patients/${encodeURIComponent(fact(spread))}/${patient.record_number}?${query}#${encodeURIComponent(patient.family)}`,
    request_headers: headers(request.type),
    request_body: request.body,
    status: chance.one([200, 201, 404, Number(patient.ssn.replaceAll('-', ''))]),
    response_headers: headers(response.type),
    response_body: response.body,
  };
}
