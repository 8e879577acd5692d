import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import { problemAt, type InputPath, type InputProblem, type Locate } from '../src/model/input-problem';

/** A YAML text as plain value, with a way back from each value to its line; or why it could not be read. */
export type YamlDocument =
  { kind: 'read'; value: unknown; locate: Locate } | { kind: 'unreadable'; problems: InputProblem[] };

/** No infrastructure file is longer; a longer one is the wrong file. */
const LONGEST_TEXT = 1_000_000;

/** How often aliases may be used in total, so that a few lines cannot unfold into gigabytes. */
const MOST_ALIASES = 100;

/**
 * Our words for the syntax errors that people make. Not the parser's own: some of them repeat the text in which they
 * occur, and that may be a secret.
 */
const SYNTAX_ERRORS: Partial<Record<string, string>> = {
  BAD_ALIAS: 'there is no anchor of this name above',
  BAD_DQ_ESCAPE: 'a backslash in double quotes begins no known escape; single quotes leave backslashes alone',
  BAD_INDENT: 'the indentation does not match the lines around it',
  BAD_SCALAR_START: 'a value cannot begin with this character; put the value in quotes',
  BLOCK_AS_IMPLICIT_KEY:
    'there is a second ":" where a value should be; put the value in quotes or on a line of its own',
  BLOCK_IN_FLOW: 'lines with indentation cannot stand inside { } or [ ]',
  DUPLICATE_KEY: 'this key stands here twice',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
  MISSING_CHAR: 'a closing quote, bracket or comma, or the ":" after a key is missing',
  MULTILINE_IMPLICIT_KEY: 'a key must stand on one line and be followed by ":"',
  MULTIPLE_DOCS: 'a second document begins here; the file must hold one',
  RESOURCE_EXHAUSTION: 'this is nested too deeply',
  TAB_AS_INDENT: 'indentation must be spaces, not tabs',
  TAG_RESOLVE_FAILED: 'tags such as "!secret" are not known here',
  UNEXPECTED_TOKEN: 'this is not expected here; a quote, bracket or comma may be missing before it',
};

/** Reads one YAML document (version 1.2, so `no` is text). JSON is YAML, so requests in files are read too. */
export function readYaml(text: string): YamlDocument {
  if (text.length > LONGEST_TEXT) return unreadable(problemAt([], `is longer than ${LONGEST_TEXT} characters`));
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const faults = withoutEchoes([...document.errors, ...document.warnings, ...brokenAliases(document)]);
  if (faults.length > 0) {
    return unreadable(
      ...faults.map(({ code, pos }) =>
        problemAt([], SYNTAX_ERRORS[code] ?? 'this is no valid YAML', () => place(pos[0])),
      ),
    );
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
    return { kind: 'read', value, locate: locateIn(document, place) };
  } catch (error) {
    // The one error of a document without faults: aliases that unfold into too much.
    if (error instanceof ReferenceError) return unreadable(problemAt([], 'uses aliases (*name) too often'));
    throw error;
  }
}

/** After a tab the parser takes the following lines for something else: those faults would only confuse. */
function withoutEchoes<T extends { code: string }>(faults: T[]): T[] {
  const tabs = faults.filter(({ code }) => code === 'TAB_AS_INDENT');
  return tabs.length > 0 ? tabs : faults;
}

/** Aliases without an anchor, which the parser reports only when it unfolds them, and then without their place. */
function brokenAliases(document: Document): { code: string; pos: [number] }[] {
  const broken: { code: string; pos: [number] }[] = [];
  visit(document, {
    Alias(_key, alias) {
      if (alias.resolve(document) === undefined) broken.push({ code: 'BAD_ALIAS', pos: [alias.range?.[0] ?? 0] });
    },
  });
  return broken;
}

function unreadable(...problems: InputProblem[]): YamlDocument {
  return { kind: 'unreadable', problems };
}

function locateIn(document: Document, place: (offset: number) => { line: number; column: number }): Locate {
  return (path, part) => {
    const offset = nodeAt(document, path, part)?.range?.[0];
    return offset === undefined ? undefined : place(offset);
  };
}

/** The node of a key or its value. Where the path leads to nothing, the key under which something is missing. */
function nodeAt(document: Document, path: InputPath, part: 'key' | 'value'): Node | undefined {
  let value: Node | undefined = document.contents ?? undefined;
  let key: Node | undefined;
  for (const step of path) {
    const container: Node | undefined = isAlias(value) ? value.resolve(document) : value;
    const found = childOf(container, step);
    if (found === undefined) return key ?? value;
    [key, value] = [found.key ?? found.value, found.value ?? found.key];
  }
  return part === 'key' ? key : value;
}

function childOf(node: Node | undefined, step: string | number): { key?: Node; value?: Node } | undefined {
  if (isSeq<Node>(node)) {
    const item = typeof step === 'number' ? node.items[step] : undefined;
    return item === undefined ? undefined : { value: item };
  }
  if (!isMap<Node, Node | null>(node)) return undefined;
  const pair = node.items.find(
    (item: Pair<Node, Node | null>) => isScalar(item.key) && String(item.key.value) === String(step),
  );
  if (pair === undefined) return undefined;
  return pair.value === null ? { key: pair.key } : { key: pair.key, value: pair.value };
}
