import { readDenied } from '../authorize';
import { collect, writeObjectContent, type FilterSpec, type ReadRules } from '../property-collector/collect';
import { UpdateCollector } from '../property-collector/update-collector';
import type { MethodTable, VimCall } from '../site';
import { soapFault } from '../vim25/faults';
import { MoRef, textOf, type DataObject } from '../vim25/values';

/** How often a wait looks at the world again, in milliseconds. */
const LOOK_AGAIN = 50;
/** A wait without maxWaitSeconds ends after that many seconds (guessed; documented: the server may end it). */
const LONGEST_WAIT = 600;

/** PropertyCollector and PropertyFilter. */
export const COLLECTOR_METHODS: MethodTable = {
  RetrievePropertiesEx: (call) => {
    const options = call.parameters['options'] as DataObject;
    return call.state.pages.first(retrieve(call), options['maxObjects'] as number | undefined);
  },
  RetrieveProperties: retrieve,
  ContinueRetrievePropertiesEx: ({ state, parameters }) => state.pages.next(textOf(parameters, 'token')),
  CancelRetrievePropertiesEx: ({ state, parameters }) => {
    state.pages.cancel(textOf(parameters, 'token'));
    return undefined;
  },

  CreatePropertyCollector: ({ state }) => {
    const ref = new MoRef('PropertyCollector', state.newId());
    state.collectors.set(ref.value, new UpdateCollector());
    return ref;
  },
  DestroyPropertyCollector: ({ state, target }) => {
    if (target.value === state.defaultCollector) throw soapFault('NotSupported', 'The default collector stays.');
    state.collectors.delete(target.value);
    return undefined;
  },
  CreateFilter: (call) => {
    const ref = new MoRef('PropertyFilter', call.state.newId());
    collectorOf(call).add(ref, call.parameters['spec'] as unknown as FilterSpec, call, rulesOf(call));
    return ref;
  },
  DestroyPropertyFilter: ({ state, target }) => {
    for (const collector of state.collectors.values()) collector.remove(target.value);
    return undefined;
  },

  CheckForUpdates: (call) => updates(call, Infinity),
  WaitForUpdates: (call) => wait(call, LONGEST_WAIT, Infinity),
  WaitForUpdatesEx: (call) => {
    const options = (call.parameters['options'] ?? {}) as DataObject;
    const seconds = options['maxWaitSeconds'] as number | undefined;
    const most = options['maxObjectUpdates'] as number | undefined;
    if (seconds !== undefined && seconds < 0) throw invalidOption('maxWaitSeconds');
    if (most !== undefined && most <= 0) throw invalidOption('maxObjectUpdates');
    return wait(call, Math.min(seconds ?? LONGEST_WAIT, LONGEST_WAIT), most ?? Infinity);
  },
  CancelWaitForUpdates: ({ state, target }) => {
    state.cancelledWaits.add(target.value);
    return undefined;
  },
};

/** Objects of all filter specs, each spec by itself: an object that two specs select is there twice (documented). */
function retrieve(call: VimCall): DataObject[] {
  const specs = call.parameters['specSet'] as unknown as readonly FilterSpec[];
  const rules = rulesOf(call);
  if (rules.errorsAt === 'fault') {
    for (const { obj } of specs.flatMap(({ objectSet }) => objectSet)) {
      const no = readDenied(call.state, obj);
      if (no) throw no;
    }
  }
  return specs.flatMap((spec) => collect(spec, call, rules)).map(writeObjectContent);
}

function rulesOf({ site, state }: VimCall): ReadRules {
  return {
    denied: ({ ref }) => readDenied(state, ref),
    errorsAt: site.world.settings.switches.readErrorsAt,
  };
}

/** Waits until something changed since the client's version; undefined when the time is over (documented). */
async function wait(call: VimCall, seconds: number, most: number): Promise<DataObject | undefined> {
  const { site, state, target } = call;
  const { clock, sessions } = site.world;
  const deadline = clock.now() + seconds * 1000;
  state.cancelledWaits.delete(target.value);
  for (;;) {
    const found = updates(call, most);
    if (found || clock.now() >= deadline) return found;
    await clock.sleep(Math.min(LOOK_AGAIN, deadline - clock.now()));
    if (state.cancelledWaits.delete(target.value)) {
      throw soapFault('RequestCanceled', 'The wait for updates was canceled.');
    }
    if (!sessions.touch(site.sessionKind, site.endpoint, state.session.token)) return undefined;
  }
}

function updates(call: VimCall, most: number): DataObject | undefined {
  const version = call.parameters['version'] as string | undefined;
  return collectorOf(call).updatesSince(version, most, call, rulesOf(call));
}

function collectorOf({ state, target }: VimCall): UpdateCollector {
  const collector = state.collectors.get(target.value);
  if (!collector) throw new Error(`no collector ${target}`);
  return collector;
}

function invalidOption(name: string): Error {
  return soapFault('InvalidArgument', `A specified parameter was not correct: options.${name}`, {
    invalidProperty: `options.${name}`,
  });
}
