import appliance from './contract/appliance.json';
import cis from './contract/cis.json';
import esxHosts from './contract/esx-hosts.json';
import esxClusters from './contract/esx-settings-clusters.json';
import esxDepots from './contract/esx-settings-depots.json';
import esxSettingsHosts from './contract/esx-settings-hosts.json';
import lcm from './contract/vcenter-lcm.json';
import trust from './contract/vcenter-trusted-infrastructure.json';
import vcenter from './contract/vcenter.json';
import type { RestErrorType } from '../../world/fault';

/** A type of the contract in short notation: `string`, `list<@com.vmware.….summary>?`; `?` = optional. */
type TypeNotation = string;

interface ContractDocument {
  operations: Record<
    string,
    {
      request: string;
      status: number;
      result: TypeNotation;
      query?: Record<string, TypeNotation>;
      body?: TypeNotation | Record<string, TypeNotation>;
      errors: string[];
      privileges?: string[];
    }
  >;
  types: Record<string, NamedType>;
}

/** A struct (fields, and which of them belong to which value of a discriminant; `!` = then required) or an enum. */
export interface NamedType {
  enum?: string[];
  fields?: Record<string, TypeNotation>;
  unions?: Record<string, Record<string, string[]>>;
}

/** One operation of the contract (see contract/README.md). */
export interface Operation {
  /** `com.vmware.….base_images.list`, with `$task` where the operation is a task. */
  key: string;
  /** Without `$task`. */
  id: string;
  service: string;
  name: string;
  task: boolean;
  method: string;
  /** Segments of the path; `{x}` stands for a parameter. */
  segments: string[];
  /** Query parameters that choose the operation (`action`, `vmw-task`); null: the bare key. */
  fixedQuery: Record<string, string | null>;
  query: Record<string, TypeNotation>;
  body: TypeNotation | Record<string, TypeNotation> | null;
  status: number;
  result: TypeNotation;
  errors: RestErrorType[];
  privileges: string[];
  /** Named types of its document. */
  types: Record<string, NamedType>;
}

const documents = [
  appliance,
  cis,
  esxHosts,
  esxClusters,
  esxDepots,
  esxSettingsHosts,
  lcm,
  trust,
  vcenter,
] as unknown as ContractDocument[];

function readOperations(): Map<string, Operation> {
  const operations = new Map<string, Operation>();
  for (const document of documents) {
    for (const [key, entry] of Object.entries(document.operations)) {
      const [method = '', url = ''] = entry.request.split(' ');
      const [path = '', query = ''] = url.split('?');
      const id = key.replace(/\$task$/, '');
      const dot = id.lastIndexOf('.');
      operations.set(key, {
        key,
        id,
        service: id.slice(0, dot),
        name: id.slice(dot + 1) + (key === id ? '' : '$task'),
        task: key !== id,
        method,
        segments: path.split('/').slice(1),
        fixedQuery: Object.fromEntries(
          query
            .split('&')
            .filter((part) => part !== '')
            .map((part) => {
              const [name = '', value] = part.split('=');
              return [name, value ?? null];
            }),
        ),
        query: entry.query ?? {},
        body: entry.body ?? null,
        status: entry.status,
        result: entry.result,
        errors: entry.errors as RestErrorType[],
        privileges: entry.privileges ?? [],
        types: document.types,
      });
    }
  }
  return operations;
}

/** Every operation of the contract, by key. */
export const OPERATIONS: ReadonlyMap<string, Operation> = readOperations();

/** @throws Error for a key that the contract does not have: a typing mistake in a route */
export function operation(key: string): Operation {
  const found = OPERATIONS.get(key);
  if (!found) throw new Error(`the contract has no operation ${key}`);
  return found;
}
