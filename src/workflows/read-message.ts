import { defaultPayloadConverter, rawValueTypeInfo, type RawValue, type SignalDefinition } from '@temporalio/common';
import { defineSignal } from '@temporalio/workflow';

/** More arguments than anybody sends by mistake; each beyond would be decoded by the SDK. */
const MOST_ARGUMENTS = 16;

/**
 * The same signal, received without being decoded. The SDK decodes the arguments of a signal before any handler runs, and
 * one that it cannot decode (the Web UI offers encodings that we do not know) fails the workflow task for ever.
 */
export function unread({ name }: { name: string }): SignalDefinition<[RawValue | undefined]> {
  const inputTypes = Array.from({ length: MOST_ARGUMENTS }, () => rawValueTypeInfo);
  return defineSignal<[RawValue | undefined]>(name, { typeInfo: { inputTypes } });
}

/** Decodes what was sent; what cannot be decoded is told as a text, which no message is. */
export function readMessage(raw: RawValue | undefined): unknown {
  if (raw === undefined) return undefined;
  try {
    return defaultPayloadConverter.fromPayload<unknown>(raw.payload);
  } catch {
    return 'a payload that is not JSON';
  }
}
