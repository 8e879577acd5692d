import type { DataObject } from './values';

/** A vim25 fault as an answer: SOAP `detail` or, as data, `TaskInfo.error` and `missingSet`. */
export interface VimFault extends DataObject {
  readonly $type: string;
}

/** Ends a request with a SOAP fault. Thrown by the wire layer only; rules of the world return their fault as data. */
export class SoapFault extends Error {
  override name = 'SoapFault' as const;
  constructor(
    readonly fault: VimFault,
    message: string,
  ) {
    super(message);
  }
}

/** Builds a SOAP fault of a type in `vim25-fault-types`, with its members. */
export function soapFault(type: string, message: string, members: DataObject = {}): SoapFault {
  return new SoapFault({ ...members, $type: type }, message);
}
