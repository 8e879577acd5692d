import { readFileSync } from 'node:fs';

import { parse } from 'yaml';
import { z } from 'zod';

import { conformance } from './conformance';
import { demo } from './demo';
import { failedHost } from './failed-host';
import { large } from './large';
import { scenarioSchema, type Scenario, type ScenarioInput } from './scenario.schema';
import { smallest } from './smallest';
import { twoSites } from './two-sites';

/** The scenarios that come with the package, by name. */
export const SCENARIOS: Readonly<Record<string, ScenarioInput>> = {
  demo,
  'failed-host': failedHost,
  smallest,
  'two-sites': twoSites,
  large,
  conformance,
};

/**
 * Finds and checks a scenario.
 * @param scenario name of a shipped scenario, path of a YAML or JSON file, or a scenario itself
 * @throws Error that names each wrong field
 */
export function loadScenario(scenario: string | ScenarioInput): Scenario {
  const [source, input] = typeof scenario === 'string' ? find(scenario) : ['scenario', scenario];
  const checked = scenarioSchema.safeParse(input);
  if (!checked.success) throw new Error(`${source}:\n${z.prettifyError(checked.error)}`);
  return checked.data;
}

function find(nameOrFile: string): [string, unknown] {
  const shipped = SCENARIOS[nameOrFile];
  if (shipped) return [`scenario ${nameOrFile}`, shipped];
  try {
    return [nameOrFile, parse(readFileSync(nameOrFile, 'utf8')) as unknown];
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    const names = Object.keys(SCENARIOS).join(', ');
    throw new Error(`${nameOrFile} is neither a scenario of the package (${names}) nor a readable file: ${reason}`, {
      cause: thrown,
    });
  }
}
