// The System types of CQL 1.5 as model-info XML: the translator asks for them, and its package does not bring them.
// Source: https://cql.hl7.org/09-b-cqlreference.html, https://cql.hl7.org/elm.html (types).

const simple = ['Boolean', 'Integer', 'Long', 'Decimal', 'String', 'Date', 'DateTime', 'Time'];
const classes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Quantity: { value: 'System.Decimal', unit: 'System.String' },
  Ratio: { numerator: 'System.Quantity', denominator: 'System.Quantity' },
  Code: { code: 'System.String', system: 'System.String', version: 'System.String', display: 'System.String' },
  Concept: { codes: 'list<System.Code>', display: 'System.String' },
  Vocabulary: { id: 'System.String', version: 'System.String', name: 'System.String' },
};
/** Sets of codes; both are vocabularies. */
const vocabularies = { CodeSystem: {}, ValueSet: { codesystems: 'list<System.CodeSystem>' } };

export function systemModel(): string {
  const elements = (of: Readonly<Record<string, string>>) =>
    Object.entries(of).map(([name, type]) => `<element name="${name}" elementType="${type.replace('<', '&lt;').replace('>', '&gt;')}"/>`);
  const type = (name: string, base: string, of: Readonly<Record<string, string>> = {}) => {
    const kind = Object.keys(of).length > 0 || base !== 'Any' ? 'ClassInfo' : 'SimpleTypeInfo';
    return `<typeInfo xsi:type="${kind}" name="System.${name}" baseType="System.${base}">${elements(of).join('')}</typeInfo>`;
  };
  return `<?xml version="1.0" encoding="UTF-8"?>
<modelInfo xmlns="urn:hl7-org:elm-modelinfo:r1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" name="System" version="1.0.0" url="urn:hl7-org:elm-types:r1" targetQualifier="system">
<typeInfo xsi:type="SimpleTypeInfo" name="System.Any"/>
${simple.map((name) => type(name, 'Any')).join('\n')}
${Object.entries(classes)
  .map(([name, of]) => type(name, 'Any', of))
  .join('\n')}
${Object.entries(vocabularies)
  .map(([name, of]) => type(name, 'Vocabulary', of))
  .join('\n')}
</modelInfo>`;
}
