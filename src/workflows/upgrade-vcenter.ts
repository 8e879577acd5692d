import { vCenterWorkflowId } from '../model/ids';
import type { UpgradeVCenterInput, UpgradeVCenterResult } from '../model/work';
import { requireRunAsParent, Stage, toTheEnd } from './child';
import { longWork, reads } from './proxies';
import { workflowInfo } from '@temporalio/workflow';

/**
 * Updates one vCenter by its own appliance update API (design §9): pre-check, backup with proof, stage, install, wait
 * through the reboot, verify, soak. Each step reads first, so it may be started again after any failure.
 */
export async function vtaUpgradeVCenter(input: UpgradeVCenterInput): Promise<UpgradeVCenterResult> {
  requireRunAsParent(input, ({ infrastructure, vCenter }) => vCenterWorkflowId(infrastructure, vCenter.name));
  const { infrastructure, vCenter } = input;
  const stage = new Stage(vCenter.name, infrastructure, `vcenter:${vCenter.name}`);
  return await toTheEnd(stage, () => upgrade(input, stage));
}

async function upgrade(input: UpgradeVCenterInput, stage: Stage): Promise<UpgradeVCenterResult> {
  const { infrastructure, infrastructureDigest, vCenter, pace, installBy } = input;
  const at = { infrastructure, infrastructureDigest, vCenter, pace };
  const name = vCenter.name;

  stage.set('Checking health and update pre-check.');
  const ready = await reads(pace, `${name}: pre-check`).vtaReadVCenterReadiness(at);
  // An earlier attempt of the run may have taken one: a child knows its own attempt only.
  let backup = `not taken by this attempt: ${ready.installing ? 'the installation was under way' : 'the version was there already'}`;
  const notBefore = ready.vCenterTime;
  if (!ready.alreadyThere && !ready.installing) {
    const { runId } = workflowInfo();
    const taken = await stage.during('Taking a backup.', pace.vCenterBackup.warnMs, () =>
      longWork(pace, pace.vCenterBackup, `${name}: backup`).vtaEnsureVCenterBackup({ ...at, runId, notBefore }),
    );
    backup = taken.proof;
    await stage.during(`Staging ${vCenter.to}.`, pace.vCenterStage.warnMs, () =>
      longWork(pace, pace.vCenterStage, `${name}: stage ${vCenter.to}`).vtaEnsureVCenterStaged(at),
    );
  }
  if (!ready.alreadyThere) {
    const { installing } = ready;
    const end = await stage.during(`Installing ${vCenter.to}; the appliance reboots.`, pace.vCenterInstall.warnMs, () =>
      longWork(pace, pace.vCenterInstall, `${name}: install ${vCenter.to}`).vtaEnsureVCenterInstalled({
        ...at,
        installing,
        notBefore,
        ...(installBy === undefined ? {} : { beginBy: installBy }),
      }),
    );
    if (end === 'not begun') {
      stage.set('Not installed: its maintenance window would have closed before its end.');
      return { outcome: 'not begun' };
    }
  }
  const { awayBefore } = ready;
  const verify = () =>
    longWork(pace, pace.serviceHealth, `${name}: verify`).vtaWaitVCenterHealthy({ ...at, awayBefore });
  await stage.during('Waiting until it and all its hosts are healthy.', pace.serviceHealth.warnMs, verify);
  await stage.soak(pace.soakMs);
  const healthy = await verify();
  stage.set(`Done: runs ${healthy.version}.`);
  return { version: healthy.version, backup };
}
