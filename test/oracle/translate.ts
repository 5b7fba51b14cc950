// CQL → ELM, in this process (the translator is the reference implementation compiled to JavaScript).
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import {
  CqlTranslator,
  createLibrarySourceProvider,
  createModelInfoProvider,
  createUcumService,
  LibraryManager,
  ModelManager,
  stringAsSource,
} from '@cqframework/cql/cql-to-elm';
import { systemModel } from './system-model.ts';

const FOLDER = path.join(import.meta.dirname, 'cql');
const require = createRequire(import.meta.url);
const fhirModel = () =>
  readFileSync(path.join(path.dirname(require.resolve('cql-exec-fhir/package.json')), 'lib/modelInfos/fhir-modelinfo-4.0.1.xml'), 'utf8');

/** The translator asks whether a unit is one. The measures here say years, months and days only. */
const ucum = createUcumService(
  (value) => value,
  () => null,
  (left) => left,
  (left) => left,
);

/** Where in the text a node comes from: the engine would keep a result for each. */
const withoutPlaces = (key: string, value: unknown) => (['localId', 'locator', 'annotation'].includes(key) ? undefined : value);

/** ELM of the libraries by name, with all that they include. Throws what the translator complains of. */
export function translate(names: readonly string[]): Map<string, object> {
  const models = new ModelManager();
  models.modelInfoLoader.registerModelInfoProvider(
    createModelInfoProvider((name: string) => {
      if (name === 'System') return stringAsSource(systemModel());
      return name === 'FHIR' ? stringAsSource(fhirModel()) : null;
    }),
  );
  const manager = new LibraryManager(models, undefined, undefined, ucum);
  const textOf = (name: string) => readFileSync(path.join(FOLDER, `${name}.cql`), 'utf8');
  manager.librarySourceLoader.registerProvider(createLibrarySourceProvider((name: string) => stringAsSource(textOf(name))));
  return new Map(
    names.map((name) => {
      const translated = CqlTranslator.fromText(textOf(name), manager);
      const errors = [...translated.errors.asJsReadonlyArrayView()].map((error) =>
        String((error as { message?: string }).message ?? error),
      );
      if (errors.length > 0) throw new Error(`${name}.cql: ${errors.join('; ')}`);
      return [name, JSON.parse(translated.toJson(), withoutPlaces)];
    }),
  );
}
