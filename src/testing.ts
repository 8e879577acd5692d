/** `vta-upgrade/testing`: rehearsals and replays in the tests of a host application. */
export { loadHistory } from './testing/load-history';
export { replayHistory } from './testing/replay-history';
export { startSimulator, type Simulator, type SimulatorOptions } from '../simulator/simulator';
export type { ScenarioInput } from '../simulator/scenarios/scenario.schema';
