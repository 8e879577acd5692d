import type { XmlElement } from '../xml/read-xml';
import { soapFault } from './faults';
import { dataType, enumValues, isA, type Field, type FieldType } from './type-table';
import { MoRef, type DataObject, type VimValue } from './values';

const XSI = 'http://www.w3.org/2001/XMLSchema-instance';

/**
 * Reads repeated and single elements as the declared fields, in declared order, and refuses what does not belong
 * there: an unknown or misplaced element, a missing required one, a text that is no number.
 * Order counts because the schema is a sequence (guessed: real servers were not tried).
 */
export function decodeFields(of: string, fields: readonly Field[], elements: readonly XmlElement[]): DataObject {
  const data: Record<string, VimValue> = {};
  let at = 0;
  for (const field of fields) {
    const start = at;
    while (elements[at]?.name === field.name && (field.type.isArray || at === start)) at += 1;
    const own = elements.slice(start, at);
    if (field.type.isArray) {
      if (own.length > 0) data[field.name] = own.map((element) => decodeItem(field.type, element)) as VimValue;
    } else if (own[0]) {
      data[field.name] = decodeItem(field.type, own[0]);
    } else if (!field.optional) {
      throw invalidRequest(`Required element <${field.name}> of ${of} is missing.`);
    }
  }
  const stray = elements[at];
  if (stray) throw invalidRequest(`Unexpected element <${stray.name}> in ${of}.`);
  return data;
}

/** Reads `<_this type="HostSystem">host-21</_this>` and every other reference. */
export function decodeReference(element: XmlElement): MoRef {
  const type = element.attributes.find(({ name, namespace }) => name === 'type' && namespace === '');
  if (!type) throw invalidRequest(`<${element.name}> has no attribute "type".`);
  return new MoRef(type.value, leafText(element));
}

function decodeItem(type: FieldType, element: XmlElement): VimValue {
  if (type.isReference) return decodeReference(element);
  if (dataType(type.name)) return decodeData(type.name, element);
  if (enumValues(type.name) && !enumValues(type.name)?.includes(leafText(element))) {
    throw invalidRequest(`<${element.name}>: "${leafText(element)}" is no ${type.name}.`);
  }
  return decodeScalar(type.name, element);
}

function decodeData(declared: string, element: XmlElement): DataObject {
  const actual = xsiType(element) ?? declared;
  const type = dataType(actual);
  if (!type || !isA(actual, declared)) throw invalidRequest(`<${element.name}>: "${actual}" is no ${declared}.`);
  if (element.text.trim() !== '') throw invalidRequest(`<${element.name}> holds text.`);
  return { $type: actual, ...decodeFields(actual, type.fields, element.children) };
}

/** The local name in xsi:type: the prefix is the client's choice (`vim25:TraversalSpec`). */
function xsiType(element: XmlElement): string | undefined {
  const attribute = element.attributes.find(({ name, namespace }) => name === 'type' && namespace === XSI);
  return attribute?.value.split(':').at(-1);
}

function decodeScalar(type: string, element: XmlElement): VimValue {
  const text = leafText(element);
  const bad = (): never => {
    throw invalidRequest(`<${element.name}>: "${text}" is no ${type}.`);
  };
  switch (type) {
    case 'boolean':
      return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : bad();
    case 'byte':
    case 'short':
    case 'int':
    case 'long':
      return /^[+-]?\d{1,15}$/.test(text) ? Number(text) : bad();
    case 'dateTime': {
      const date = new Date(text);
      return Number.isNaN(date.getTime()) ? bad() : date;
    }
    default:
      return text;
  }
}

function leafText(element: XmlElement): string {
  if (element.children.length > 0) throw invalidRequest(`<${element.name}> may not hold elements.`);
  return element.text;
}

function invalidRequest(message: string): Error {
  return soapFault('InvalidRequest', message);
}
