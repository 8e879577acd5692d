import { createRequire } from 'node:module';
import type { History } from '@temporalio/common/lib/proto-utils';

/**
 * Reads a history as `temporal workflow show --output json` and the Web UI write it.
 *
 * The SDK's own reading of such files needs one and the same copy of protobufjs everywhere, which a plain `npm install` of
 * it does not give (SDK 1.24: "type must be a Type"). This one takes the copy that the SDK's message types are made with.
 * @param json the text, or what `JSON.parse` made of it
 * @throws TypeError when it is no history
 */
export function loadHistory(json: unknown): History {
  const parsed: unknown = typeof json === 'string' ? JSON.parse(json) : json;
  if (!hasEvents(parsed)) throw new TypeError('This is no workflow history: it has no list of events.');
  return readHistory(parsed);
}

function hasEvents(value: unknown): value is { events: [object, ...object[]] } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'events' in value &&
    Array.isArray(value.events) &&
    value.events.length > 0
  );
}

/** Found from the SDK's worker, which is a peer of ours; its own dependencies are out of reach in strict trees. */
function readHistory(json: object): History {
  const worker = createRequire(require.resolve('@temporalio/worker'));
  const proto = createRequire(worker.resolve('@temporalio/proto'));
  const { fromJson }: ProtoJson = proto('protobufjs/ext/protojson');
  const { patchProtobufRoot }: Patch = proto('@temporalio/proto/lib/patch-protobuf-root');
  const type = patchProtobufRoot(worker('@temporalio/proto')).lookupType('temporal.api.history.v1.History');
  return fromJson(type, json, { ignoreUnknownFields: true });
}

interface ProtoJson {
  fromJson(type: unknown, json: object, options: { ignoreUnknownFields: boolean }): History;
}

interface Patch {
  patchProtobufRoot(root: unknown): { lookupType(name: string): unknown };
}
