import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { ledgerWorkflowId } from '../model/ids';
import type { LedgerChange, LedgerInput, LedgerState } from '../model/ledger';
import { fail } from './failures';
import { historyIsLong } from './history';
import { enter, isLedgerState, readEntry } from './ledger-state';
import { ledgerQuery, ledgerWriteSignal } from './message-definitions';
import { readMessage, unread } from './read-message';

/**
 * The ledger of an infrastructure: remembers every temporary change from before it is made until it is undone (R14), and
 * how the last run ended. Lives for ever; a run starts it when there is none. It does nothing by itself: what it holds is
 * read when a run is planned.
 * @param input the infrastructure; a cancel request is not obeyed
 * @throws ApplicationFailure VTA_REQUEST_INVALID, VTA_WORKFLOW_ID_WRONG
 */
export async function vtaLedger(input: LedgerInput): Promise<never> {
  const { infrastructure, known } = checked(input);
  let state: LedgerState = known ?? { changes: [] };
  const show = (): void => setCurrentDetails(describe(infrastructure, state));
  setHandler(ledgerQuery, () => state, {
    description: 'Temporary changes that are not undone yet, with what was true before, and how the last run ended.',
  });
  setHandler(
    unread(ledgerWriteSignal),
    (raw) => {
      const { notUnderstood, ...entry } = readEntry(readMessage(raw));
      state = enter(state, entry);
      if (notUnderstood > 0) state.notTaken = (state.notTaken ?? 0) + notUnderstood;
      show();
    },
    {
      description:
        'From the runs. By hand only to strike off what you have put in order yourself: {"settle": ["apply-policy:vc.example.com/domain-c8"]}',
    },
  );
  show();
  return await CancellationScope.nonCancellable(async () => {
    await condition(() => historyIsLong());
    await condition(allHandlersFinished);
    return await continueAsNew<typeof vtaLedger>({ infrastructure, known: state });
  });
}

/** Started by hand, the input may be anything. */
function checked(input: unknown): LedgerInput {
  const named = typeof input === 'object' && input !== null && 'infrastructure' in input ? input : undefined;
  const infrastructure = named?.infrastructure;
  const known = named !== undefined && 'known' in named ? named.known : undefined;
  if (typeof infrastructure !== 'string' || infrastructure === '' || (known !== undefined && !isLedgerState(known)))
    throw fail(
      'VTA_REQUEST_INVALID',
      'The ledger takes one JSON object that names an infrastructure, for example {"infrastructure": "prod"}.',
    );
  const expected = ledgerWorkflowId(infrastructure);
  const { workflowId } = workflowInfo();
  if (workflowId !== expected)
    throw fail('VTA_WORKFLOW_ID_WRONG', `The ledger of "${infrastructure}" must have the workflow id "${expected}".`);
  return { infrastructure, ...(known === undefined ? {} : { known }) };
}

/** For the Web UI, which cuts the last line. */
function describe(infrastructure: string, { changes, lastRun }: LedgerState): string {
  return [
    `### ledger of ${infrastructure}`,
    changes.length === 0 ? 'No temporary change is open.' : changes.map((change) => `- ${line(change)}`).join('\n'),
    ...(lastRun === undefined ? [] : [`Last run: ${lastRun.outcome}, ${lastRun.at}`]),
    '&nbsp;\n',
  ].join('\n\n');
}

function line({ kind, subject, at, runId }: LedgerChange): string {
  return `${kind}: ${subject.name} on ${subject.vCenter}, since ${at}, by run ${runId}`.replaceAll('<', '&lt;');
}
