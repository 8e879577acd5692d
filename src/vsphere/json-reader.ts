/** The bytes are no JSON that we are willing to read. The message goes on where the subject is the answer. */
export class JsonRefused extends Error {
  override readonly name = 'JsonRefused' as const;
}

/** Whoever writes a value into a history follows it down to the ground; no answer is half as deep. */
const MAX_DEPTH = 64;

/**
 * Reads an answer: UTF-8, and at most 64 levels of lists and objects. Text in another character set would come out with
 * other names than the server meant, and fields that nobody knows are kept as they came, however deep they are.
 *
 * @returns `undefined` for an empty body
 * @throws JsonRefused for bytes that are not UTF-8, and for a value that is too deep
 * @throws SyntaxError if it is not JSON
 */
export function readJson(bytes: Buffer): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new JsonRefused('is not UTF-8');
  }
  if (text.trim() === '') return undefined;
  const value: unknown = JSON.parse(text);
  if (!isWithin(MAX_DEPTH, value)) throw new JsonRefused(`has more than ${MAX_DEPTH} levels`);
  return value;
}

function isWithin(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((each) => isWithin(levels - 1, each));
}
