import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { VERSION } from '../app.ts';
import { FAULTS } from '../base/fault.ts';
import { GRAMMARS, type Grammar } from '../domains/mark.ts';
import { unwrap } from '../governance/redact.ts';
import { catalogue } from '../operations/index.ts';
import { docsPage, problemPage } from './docs-page.ts';
import { exampleOf } from './examples.ts';
import { LOGIN_COOKIE } from './knock.ts';
import { type Described, openApi } from './openapi.ts';

const document = openApi(catalogue, { version: VERSION });
const operations = Object.entries(document.paths).flatMap(([at, { servers, ...methods }]) =>
  Object.entries(methods).map(([method, described]) => ({ at, method, described, isDesk: servers !== undefined })),
);
const served = catalogue.filter(({ doors }) => doors.includes('rest'));
const at_the_desk = catalogue.filter(({ doors }) => doors.includes('admin'));
/** The operation that is described. */
const nameOf = ({ operationId }: Described) => operationId.replace(/^admin_/, '');

describe('the OpenAPI document', () => {
  it('is the one in docs/', () => {
    const kept = readFileSync(path.join(import.meta.dirname, '../../docs/openapi.json'), 'utf8');
    expect(`${JSON.stringify(document, null, 2)}\n`, 'npm run gen renews it').toBe(kept);
  });

  it('is of OpenAPI 3.1 and JSON Schema 2020-12, with a bearer on everything', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    expect(document.jsonSchemaDialect).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(document.security).toEqual([{ bearer: [] }]);
    expect(document.components.securitySchemes.bearer).toMatchObject({ type: 'http', scheme: 'bearer' });
  });

  it('has every operation of both doors, once, by its name', () => {
    const of = (isDesk: boolean) => operations.filter((each) => each.isDesk === isDesk);
    expect(
      of(false)
        .map(({ described }) => described.operationId)
        .toSorted(),
    ).toEqual(served.map(({ name }) => name));
    expect(
      of(true)
        .map(({ described }) => described.operationId)
        .toSorted(),
    ).toEqual(at_the_desk.map(({ name }) => `admin_${name}`));
    const routes = (isDesk: boolean) =>
      of(isDesk)
        .map(({ at, method }) => `${method.toUpperCase()} ${at}`)
        .toSorted();
    expect(routes(false)).toEqual(served.map(({ rest }) => rest).toSorted());
    expect(routes(true)).toEqual(at_the_desk.map(({ rest }) => rest.replace(' ', ' /v1')).toSorted());
  });

  it('says what a person sends: the cookie of her login, and with a change the header that only a page of ours can set', () => {
    const { login, ours } = document.components.securitySchemes;
    expect(login).toMatchObject({ type: 'apiKey', in: 'cookie', name: LOGIN_COOKIE });
    expect(ours).toMatchObject({ type: 'apiKey', in: 'header', name: 'x-attending' });
    for (const { described, method, isDesk } of operations)
      expect(described.security).toEqual(isDesk ? [method === 'get' ? { login: [] } : { login: [], ours: [] }] : undefined);
    const servers = Object.values(document.paths).flatMap((path) => path.servers ?? []);
    expect(new Set(servers.map(({ url }) => url))).toEqual(new Set(['/admin']));
  });

  it('has only references that lead somewhere', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref = '']) => ref);
    expect(refs.length).toBeGreaterThan(0);
    for (const ref of new Set(refs)) {
      expect(ref).toMatch(/^#\//);
      const found = ref
        .slice(2)
        .split('/')
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
      expect(found, ref).toBeDefined();
    }
  });

  it.each(operations.map((each) => [each.described.operationId, each] as const))(
    '%s: every argument is declared once, the path ones as required',
    (_, { at, method, described }) => {
      const in_path = [...at.matchAll(/\{(\w+)\}/g)].map(([, param]) => param);
      const declared = described.parameters.filter((parameter) => parameter.in === 'path');
      expect(declared.map((parameter) => parameter.name)).toEqual(in_path);
      expect(declared.every(({ required }) => required)).toBe(true);
      const body = described.requestBody?.content['application/json'].schema.properties ?? {};
      const all = [...described.parameters.map((parameter) => parameter.name), ...Object.keys(body)];
      const input = catalogue.find((operation) => operation.name === nameOf(described))?.input as z.ZodObject;
      expect(all.toSorted()).toEqual(Object.keys(input.shape).toSorted());
      if (method === 'get') expect(described.requestBody).toBeUndefined();
    },
  );

  it.each(operations.map((each) => [each.described.operationId, each.described] as const))(
    '%s: schemas are of known words',
    (_, described) => {
      for (const schema of schemasIn(described)) {
        expect(Object.keys(schema).filter((word) => !KEYWORDS.includes(word))).toEqual([]);
        const { type, required, properties } = schema as { type?: unknown; required?: string[]; properties?: object };
        for (const each of [type ?? []].flat())
          expect(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']).toContain(each);
        expect((required ?? []).filter((field) => !Object.hasOwn(properties ?? {}, field))).toEqual([]);
      }
    },
  );

  it('names every refusal that there is', () => {
    const told = operations.map(({ described }) => Object.keys(described.responses));
    const statuses = [...new Set(Object.values(FAULTS).map(({ status }) => String(status)))];
    for (const responses of told) expect(statuses.filter((status) => !responses.includes(status) && status !== '413')).toEqual([]);
  });

  it('offers lines where there are pages', () => {
    for (const { described } of operations) {
      const operation = catalogue.find(({ name }) => name === nameOf(described));
      const { content } = described.responses[200] as { content: Record<string, unknown> };
      expect(Object.keys(content).includes('application/x-ndjson')).toBe(operation?.effect === 'read' && operation.page !== undefined);
    }
  });

  it('says the address it is given', () => {
    const { servers, paths } = openApi(catalogue, { version: '1', server_url: 'https://ehr.example.org/api/v1' });
    expect(servers).toEqual([{ url: 'https://ehr.example.org/api/v1' }]);
    expect(paths['/v1/drafts']?.servers).toEqual([{ url: 'https://ehr.example.org/admin' }]);
  });
});

describe('the examples', () => {
  it.each([...new Set([...served, ...at_the_desk])].map((operation) => [operation.name, operation] as const))(
    '%s: what is asked and what is answered fit the schemas',
    (_, { input, output }) => {
      expect(input.strict().safeParse(exampleOf(input)).error).toBeUndefined();
      const answer = exampleOf(output) as Record<string, unknown>;
      expect(misfits(output, answer)).toEqual([]);
    },
  );
});

describe('the page for people', () => {
  const { html, policy } = docsPage(document);

  it('runs nothing and loads nothing', () => {
    expect(html).not.toMatch(/<script|<link|<img|<iframe|\bon\w+=|javascript:|@import|url\(/i);
    expect([...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, to = '']) => to).filter((to) => !/^(#|\/api\/v1\/)/.test(to))).toEqual([]);
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
  });

  it('has every operation, with its path and an example request', () => {
    for (const { name, rest } of served) {
      expect(html).toContain(`id="${name}"`);
      expect(html).toContain(rest.split(' ')[1]?.replaceAll(/\{\w+\}/g, '<i>$&</i>'));
    }
    expect(html).not.toContain('admin_');
    expect(html.match(/\$ATTENDING\//g)?.length).toBeGreaterThanOrEqual(served.length);
  });

  it('takes no text for markup', () => {
    const [operation] = served;
    const hostile = openApi([{ ...operation, title: '<b onclick=x>', description: '"><script>`&`' } as never], { version: '<i>' });
    expect(docsPage(hostile, 'http://127.0.0.1:9999').html).toContain('export ATTENDING=http://127.0.0.1:9999/api/v1');
    expect(docsPage(hostile).html).not.toMatch(/<script|<b onclick|<i>"/);
  });

  it('explains each refusal at the address its problems name', () => {
    for (const [type, { title }] of Object.entries(FAULTS)) expect(problemPage(type)?.html).toContain(title.replaceAll("'", '&#39;'));
    expect(problemPage('toString')).toBeUndefined();
  });
});

const KEYWORDS =
  'type properties required items enum const anyOf description default minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems pattern format propertyNames additionalProperties'.split(
    ' ',
  );

function schemasIn({ parameters, requestBody, responses }: Described): Record<string, unknown>[] {
  const { content } = responses[200] as { content: Record<string, { schema: object }> };
  const roots = [
    ...parameters.map(({ schema }) => schema),
    requestBody?.content['application/json'].schema,
    ...Object.values(content).map(({ schema }) => schema),
  ];
  const walk = (schema: Record<string, unknown>): Record<string, unknown>[] => {
    const { properties = {}, items, anyOf = [] } = schema as { properties?: object; items?: object; anyOf?: object[] };
    return [schema, ...[...Object.values(properties), ...(items ? [items] : []), ...anyOf].flatMap(walk)];
  };
  return roots.flatMap((root) => (root ? walk(root as Record<string, unknown>) : []));
}

/** The fields of an example answer that their schema or their grammar refuses. A Narrative is shown as the one string it is delivered as. */
function misfits(schema: z.ZodType, value: unknown, at = ''): string[] {
  const inner = unwrap(schema);
  if (value === undefined) return schema instanceof z.ZodOptional ? [] : [at];
  if (inner.meta()?.narrative) return typeof value === 'string' ? [] : [at];
  if (inner instanceof z.ZodArray) return (value as unknown[]).flatMap((item) => misfits(inner.element as z.ZodType, item, `${at}[]`));
  if (inner instanceof z.ZodObject) {
    const extra = Object.keys(value as object).filter((field) => !Object.hasOwn(inner.shape, field));
    return [
      ...extra,
      ...Object.entries(inner.shape).flatMap(([field, sub]) =>
        misfits(sub as z.ZodType, (value as Record<string, unknown>)[field], `${at}.${field}`),
      ),
    ];
  }
  const { grammar } = inner.meta() ?? {};
  const fits = inner.safeParse(value).success && (!grammar || GRAMMARS[grammar as Grammar].test(value as string));
  return fits ? [] : [at];
}
