import { nearest } from '../model/nearest';

/** An option or argument as data: help, docs and the parser are made from it. */
export interface Parameter<T> {
  description: string;
  /** Name of the value in help, such as `FILE`; none for a flag. */
  value?: string;
  required: boolean;
  /** @throws Error with a sentence for the person who wrote the text */
  parse(text: string): T;
}

/** The values of a set of parameters, by the same names. */
export type ValuesOf<P> = { [K in keyof P]: P[K] extends Parameter<infer T> ? T : never };

export type Parameters = Record<string, Parameter<unknown>>;

const asIs = (text: string) => text;

/** Text that may be left out. */
export function text(value: string, description: string): Parameter<string | undefined> {
  return { value, description, required: false, parse: asIs };
}

/** Text that must be given. */
export function requiredText(value: string, description: string): Parameter<string> {
  return { value, description, required: true, parse: notEmpty };
}

/** Present or not. */
export function flag(description: string): Parameter<boolean> {
  return { description, required: false, parse: () => true };
}

/** A whole number from 1 that must be given. */
export function requiredCount(value: string, description: string): Parameter<number> {
  return {
    value,
    description,
    required: true,
    parse(given) {
      if (!/^[1-9]\d*$/.test(given)) throw new Error('It must be a whole number, 1 or more.');
      return Number(given);
    },
  };
}

/** One of some words, which must be given. */
export function requiredChoice<C extends string>(
  value: string,
  choices: readonly C[],
  description: string,
): Parameter<C> {
  return { value, description, required: true, parse: (given) => oneOf(given, choices) };
}

/** Some of some words, separated by commas. */
export function listOf<C extends string>(
  value: string,
  choices: readonly C[],
  description: string,
): Parameter<C[] | undefined> {
  return {
    value,
    description,
    required: false,
    parse: (given) => given.split(',').map((word) => oneOf(word.trim(), choices)),
  };
}

/** A value of some other form, which may be left out. */
export function optional<T>(value: string, description: string, parse: (text: string) => T): Parameter<T | undefined> {
  return { value, description, required: false, parse };
}

function notEmpty(given: string): string {
  if (given.trim() === '') throw new Error('It must not be empty.');
  return given;
}

/** @throws Error that names the valid words, and the nearest one */
export function oneOf<C extends string>(given: string, choices: readonly C[]): C {
  const choice = choices.find((candidate) => candidate === given);
  if (choice !== undefined) return choice;
  const near = nearest(given, choices);
  throw new Error(`It must be one of ${choices.join(', ')}${near === undefined ? '' : `; did you mean ${near}?`}.`);
}
