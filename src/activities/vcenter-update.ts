import type { Activities, VCenterStepInput } from './activities';
import { compareVersions } from '../planner/versions';
import { ApiFault } from '../vsphere/errors';
import { remedyOf } from '../vsphere/error-table';
import type { UpdateAnswers, UpdatePrecheck } from '../vsphere/appliance-update';
import type { FindSite, Site } from './dependencies';
import { refuse } from './to-failure';
import { callOptions, waitUntil } from './wait';

type VCenterUpdates = Pick<
  Activities,
  'vtaReadVCenterReadiness' | 'vtaEnsureVCenterStaged' | 'vtaEnsureVCenterInstalled' | 'vtaWaitVCenterHealthy'
>;

/** Update of one vCenter appliance within its major version (design §9). */
export function createVCenterUpdateActivities(findSite: FindSite): VCenterUpdates {
  return {
    async vtaReadVCenterReadiness(input) {
      const site = findSite(input);
      const { vCenter, pace } = input;
      const { appliance, update, vim } = await site.connections.vCenter(vCenter.name);
      const options = callOptions(pace);
      const vCenterTime = await vim.server.currentTime(options);
      const { version } = await appliance.version(options);
      const state = await update.state(options);
      if (version === vCenter.to && state.state !== 'INSTALL_IN_PROGRESS')
        return { version, alreadyThere: true, vCenterTime };
      const health = await appliance.health(options);
      if (health !== 'green' && health !== 'yellow')
        throw refuse(
          'VTA_VCENTER_PRECHECK_FAILED',
          `${vCenter.name} is ${health}. Nothing was changed. Make it healthy, then decide "retry".`,
        );
      // An install that was begun, by an earlier attempt of ours, is attached to and not checked again.
      if (state.state === 'INSTALL_IN_PROGRESS') return { version, alreadyThere: false, vCenterTime };
      if (state.state === 'INSTALL_FAILED' || state.state === 'ROLLBACK_IN_PROGRESS')
        throw refuse(
          'VTA_VCENTER_PRECHECK_FAILED',
          `The updater of ${vCenter.name} says ${state.state} (version ${state.version}). Nothing was changed by this run. Mend it, or restore the appliance, then decide "retry".`,
        );
      const errors = ((await precheck(site, input)).issues?.errors ?? []).map((error) => error.message.text);
      if (errors.length > 0)
        throw refuse(
          'VTA_VCENTER_PRECHECK_FAILED',
          `The pre-check of ${vCenter.name} for ${vCenter.to} found: ${errors.join(' ')} Nothing was changed. Resolve it, then decide "retry".`,
        );
      return { version, alreadyThere: false, vCenterTime };
    },

    async vtaEnsureVCenterStaged(input) {
      const site = findSite(input);
      const { vCenter, pace } = input;
      const { appliance, update } = await site.connections.vCenter(vCenter.name);
      await waitUntil({
        what: `Staging of ${vCenter.to} on ${vCenter.name}`,
        code: 'VTA_VCENTER_UPDATE_FAILED',
        pace,
        deadlineMs: pace.vCenterStage.deadlineMs,
        remedy: `It still runs its old version. Look at the updates in its management interface, then decide "retry".`,
        async look() {
          const options = callOptions(pace);
          if ((await appliance.version(options)).version === vCenter.to) return { done: true };
          const { state } = await update.state(options);
          if (state === 'STAGE_IN_PROGRESS') return { pending: 'staging' };
          if (state === 'INSTALL_IN_PROGRESS' || (await stagedVersion(site, input)) === vCenter.to)
            return { done: true };
          await update.stage(vCenter.to, options);
          return { pending: 'staging has begun' };
        },
      });
    },

    async vtaEnsureVCenterInstalled(input) {
      const site = findSite(input);
      const { vCenter, pace } = input;
      const { appliance, update } = await site.connections.vCenter(vCenter.name);
      return await waitUntil({
        what: `Installation of ${vCenter.to} on ${vCenter.name}`,
        code: 'VTA_VCENTER_UPDATE_FAILED',
        pace,
        deadlineMs: pace.vCenterInstall.deadlineMs,
        remedy: `Look at the console of the appliance. When it answers, decide "retry": the run reads what it runs.`,
        async look() {
          const options = callOptions(pace);
          const { version } = await appliance.version(options);
          const { state } = await update.state(options);
          if (state === 'INSTALL_FAILED')
            throw refuse(
              'VTA_VCENTER_UPDATE_FAILED',
              `${vCenter.name} says that the installation of ${vCenter.to} failed and that it cannot recover; it runs ${version}. Roll back or restore it from the backup, then decide "retry" or "abort".`,
            );
          if (state === 'INSTALL_IN_PROGRESS') return { pending: `installing; it runs ${version}` };
          if (version === vCenter.to) return { done: { version } };
          if (compareVersions(version, vCenter.from) !== 0)
            throw refuse(
              'VTA_VCENTER_UPDATE_FAILED',
              `${vCenter.name} runs ${version}, which is neither the version that was planned from (${vCenter.from}) nor the target ${vCenter.to}: somebody else updated it. Abort and start a new run.`,
            );
          if ((await stagedVersion(site, input)) !== vCenter.to) {
            await update.stage(vCenter.to, options);
            return { pending: 'it is staged again, since it was not staged any more' };
          }
          await update.install(vCenter.to, await answers(site, input, await precheck(site, input)), options);
          return { pending: 'the installation has begun' };
        },
      });
    },

    async vtaWaitVCenterHealthy(input) {
      const site = findSite(input);
      const { vCenter, pace } = input;
      const { appliance, inventory, vim } = await site.connections.vCenter(vCenter.name);
      return await waitUntil({
        what: `${vCenter.name} being healthy`,
        code: 'VTA_VCENTER_UNHEALTHY',
        pace,
        deadlineMs: pace.serviceHealth.deadlineMs,
        remedy: 'Mend what is named, then decide "retry".',
        async look() {
          const options = callOptions(pace);
          const { version } = await appliance.version(options);
          if (version !== vCenter.to) return { pending: `it runs ${version}` };
          const health = await appliance.health(options);
          if (health !== 'green' && health !== 'yellow') return { pending: `its health is ${health}` };
          await vim.server.currentTime(options);
          const hosts = await inventory.hosts({}, options);
          const away = hosts.filter((host) => host.connection_state !== 'CONNECTED');
          if (away.length > 0)
            return { pending: away.map((host) => `${host.name} is ${host.connection_state}`).join(', ') };
          return { done: { version } };
        },
      });
    },
  };
}

async function stagedVersion(site: Site, { vCenter, pace }: VCenterStepInput): Promise<string | undefined> {
  const { update } = await site.connections.vCenter(vCenter.name);
  try {
    const staged = await update.staged(callOptions(pace));
    return staged.staging_complete ? staged.version : undefined;
  } catch (error) {
    if (error instanceof ApiFault && error.errorType === 'NOT_ALLOWED_IN_CURRENT_STATE') return undefined;
    if (error instanceof ApiFault && remedyOf(error) === 'gone') return undefined;
    throw error;
  }
}

async function precheck(site: Site, { vCenter, pace }: VCenterStepInput): Promise<UpdatePrecheck> {
  const { update } = await site.connections.vCenter(vCenter.name);
  const { signal } = callOptions(pace);
  // A pre-check takes minutes on a real appliance and is answered in one piece.
  return await update.precheck(vCenter.to, { signal, deadlineMs: 10 * pace.callMs });
}

/**
 * Answers the questions of the pre-check. The one that real appliances ask is the password of the SSO administrator;
 * it gets the password of the configured account. Anything else is left to its default, or asked of people.
 */
async function answers(site: Site, input: VCenterStepInput, { questions }: UpdatePrecheck): Promise<UpdateAnswers> {
  const { password } = site.connections.endpoint(input.vCenter.name);
  const given: Record<string, string> = {};
  for (const question of questions) {
    if (question.type === 'PASSWORD')
      given[question.data_item] = await site.resolveSecret(password, `password of ${input.vCenter.name}`);
    else if (question.default_answer !== undefined) given[question.data_item] = question.default_answer;
    else
      throw refuse(
        'VTA_VCENTER_PRECHECK_FAILED',
        `The update of ${input.vCenter.name} asks "${question.text.text}" (${question.data_item}), which this product cannot answer. Nothing was installed. Install it in the appliance's management interface, then decide "retry".`,
      );
  }
  return given;
}
