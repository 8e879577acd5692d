import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { editSchema } from '../../../simulator/api/control/edits';
import { SCENARIOS } from '../../../simulator/scenarios/load-scenario';
import { scenarioSchema } from '../../../simulator/scenarios/scenario.schema';
import { REQUEST_FAULTS, TASK_FAULTS, WORLD_FAULTS } from '../../../simulator/world/faults';
import { DEFAULT_DURATIONS, DEFAULT_SWITCHES, SWITCH_CHOICES } from '../../../simulator/world/settings';

const scenarios = readFileSync('docs/scenarios.md', 'utf8');
const fidelity =
  readFileSync('docs/simulator-fidelity.md', 'utf8') + readFileSync('docs/simulator-fidelity-vim25.md', 'utf8');

/** Text in backquotes, as the tables write names; fenced examples left out. */
function names(text: string): Set<string> {
  const prose = text.replace(/^```[^]*?^```$/gm, '');
  return new Set([...prose.matchAll(/`([^`]+)`/g)].flatMap((match) => (match[1] ?? '').split(/\.|\[\]/)));
}

describe('docs/scenarios.md', () => {
  it.each([
    ['durations', Object.keys(DEFAULT_DURATIONS)],
    ['switches', Object.keys(DEFAULT_SWITCHES)],
    ['values of switches', Object.values(SWITCH_CHOICES).flat()],
    ['faults', [...REQUEST_FAULTS, ...TASK_FAULTS, ...WORLD_FAULTS]],
    ['edits', editSchema.options.map((option) => option.shape.edit.value)],
    ['fields', Object.keys(scenarioSchema.shape)],
    ['shipped scenarios', Object.keys(SCENARIOS)],
  ])('names all %s', (_what, wanted) => {
    const known = names(scenarios);
    expect(wanted.filter((name) => !known.has(name))).toEqual([]);
  });

  it('tells the default of each duration', () => {
    for (const [name, value] of Object.entries(DEFAULT_DURATIONS)) {
      const row = scenarios.split('\n').find((line) => line.startsWith('|') && line.includes(`\`${name}\``));
      const [first = '', second = ''] = (row ?? '').split('|').slice(1);
      const position = first.split(',').findIndex((cell) => cell.includes(`\`${name}\``));
      expect([name, Number(second.split(',')[position])]).toEqual([name, value]);
    }
  });
});

describe('docs/simulator-fidelity.md', () => {
  it('says for every switch which guess it stands for', () => {
    const known = names(fidelity);
    expect(Object.keys(DEFAULT_SWITCHES).filter((name) => !known.has(name))).toEqual([]);
  });
});
