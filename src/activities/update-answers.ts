import type { PlannedVCenter } from '../model/plan';
import type { Pace } from '../model/pace';
import { ApiFault } from '../vsphere/errors';
import type { UpdateAnswers, UpdatePrecheck } from '../vsphere/appliance-update';
import { isSsoAdministrator, sameAccount } from './account';
import type { Site } from './dependencies';
import { refuse } from './to-failure';
import { callOptions } from './wait';

type At = { vCenter: PlannedVCenter; pace: Pace };

const BY_HAND = `Install it in the appliance's management interface (port 5480), then decide "retry"`;

/**
 * The pre-check of the target version, with answers to its questions.
 * @throws ApplicationFailure VTA_VCENTER_PRECHECK_FAILED when it finds errors or asks what cannot be answered
 */
export async function precheck(site: Site, at: At): Promise<UpdateAnswers> {
  const { vCenter, pace } = at;
  const { update } = await site.connections.vCenter(vCenter.name);
  const { signal } = callOptions(pace);
  // A pre-check takes minutes on a real appliance and is answered in one piece.
  const checked = await update.precheck(vCenter.to, { signal, deadlineMs: 10 * pace.callMs });
  const errors = (checked.issues?.errors ?? []).map((error) => error.message.text);
  if (errors.length > 0) throw failed(`The pre-check of ${vCenter.name} for ${vCenter.to} found: ${errors.join(' ')}`);
  return await answers(site, at, checked);
}

/**
 * Has the appliance check the answers. A wrong password is told here, once, and never by an installation that is tried
 * again and again: a few wrong ones lock the administrator of vCenter Single Sign-On.
 * @throws ApplicationFailure VTA_VCENTER_PRECHECK_FAILED
 */
export async function validate(site: Site, { vCenter, pace }: At, given: UpdateAnswers): Promise<void> {
  const { update } = await site.connections.vCenter(vCenter.name);
  const found = await refusedOnce(() => update.validate(vCenter.to, given, callOptions(pace)), 'precheck');
  const errors = (found.errors ?? []).map((error) => error.message.text);
  if (errors.length > 0)
    throw failed(`${vCenter.name} does not accept the answers for the update to ${vCenter.to}: ${errors.join(' ')}`);
}

/**
 * Does what must not be tried again by itself when the appliance refuses it, since it carries a password.
 * @throws ApplicationFailure for `ERROR` and `INTERNAL_SERVER_ERROR`, which elsewhere pass
 */
export async function refusedOnce<T>(call: () => Promise<T>, what: 'precheck' | 'install'): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ApiFault)) throw error;
    if (error.errorType !== 'ERROR' && error.errorType !== 'INTERNAL_SERVER_ERROR') throw error;
    if (what === 'precheck') throw failed(`${error.message}.`);
    throw refuse(
      'VTA_VCENTER_UPDATE_FAILED',
      `The installation was refused: ${error.message}. It is not tried again by itself. Resolve it, or ${BY_HAND.toLowerCase()}.`,
    );
  }
}

/**
 * The one question that real appliances ask is the password of the SSO administrator; it gets the password of the
 * configured account if that is this account. Anything else is left to its default, or asked of people.
 */
async function answers(site: Site, { vCenter }: At, { questions }: UpdatePrecheck): Promise<UpdateAnswers> {
  const { username, password } = site.connections.endpoint(vCenter.name);
  const given: Record<string, string> = {};
  for (const { data_item: item, type, text, description, default_answer: byDefault } of questions) {
    const asked = `The update of ${vCenter.name} asks "${text.text}" (${item})`;
    if (type === 'PASSWORD') {
      const named = /administrator@[a-z0-9-]+(\.[a-z0-9-]+)*/i.exec(`${text.text} ${description?.text ?? ''}`)?.[0];
      if (!isSsoAdministrator(username) || (named !== undefined && !sameAccount(named, username)))
        throw failed(
          `${asked}: the password of ${named ?? 'the vCenter Single Sign-On administrator'}, which is not that of the configured account ${username}.`,
          `${BY_HAND}; or configure the administrator's account for this vCenter and start a new run.`,
        );
      given[item] = await site.resolveSecret(password, `password of ${vCenter.name}`);
    } else if (byDefault !== undefined) given[item] = byDefault;
    else throw failed(`${asked}, which this product cannot answer.`, `${BY_HAND}.`);
  }
  return given;
}

function failed(what: string, remedy = 'Resolve it, then decide "retry".') {
  return refuse('VTA_VCENTER_PRECHECK_FAILED', `${what} Nothing was installed. ${remedy}`);
}
