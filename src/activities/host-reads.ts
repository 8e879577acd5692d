import type { Activities } from './activities';
import type { FindSite } from './dependencies';
import { describeDrift } from './desired-image';
import { attestedSince, isAfter, lookOf, seeHost, stoppedServices } from './host-facts';
import { hasDesiredImage } from './host-image';
import { imageDigest } from './image-digest';
import { refuse } from './to-failure';
import { callOptions, waitUntil } from './wait';

type HostReads = Pick<
  Activities,
  'vtaReadHost' | 'vtaReadAtTarget' | 'vtaReadHostBaseline' | 'vtaWaitHostBack' | 'vtaReadHostDone'
>;

/** What a host is now, and whether it is where it should be. Nothing here changes anything. */
export function createHostReadActivities(findSite: FindSite): HostReads {
  return {
    async vtaReadHost(input) {
      return lookOf(await seeHost(findSite(input), input.host, input.pace));
    },

    async vtaReadAtTarget(input) {
      const site = findSite(input);
      const atTarget = await hasDesiredImage(site, input.host, input.cluster, input.pace);
      return { ...lookOf(await seeHost(site, input.host, input.pace)), atTarget };
    },

    async vtaReadHostBaseline(input) {
      const { host: planned, pace } = input;
      const site = findSite(input);
      const drift = await describeDrift(site, input.cluster, pace, input.commit);
      const { build, version, bootTime, inMaintenanceMode, vCenterTime } = await waitUntil({
        what: `${planned.name} being connected and telling when it booted`,
        code: 'VTA_HOST_UNHEALTHY',
        pace,
        deadlineMs: pace.services.deadlineMs,
        remedy: 'Nothing was done to it in this attempt. Connect it in vCenter, then decide "retry".',
        async look() {
          const look = lookOf(await seeHost(site, planned, pace));
          // Without the boot time from before nobody could prove the boot after (R12).
          if (look.connection === 'connected' && look.bootTime !== undefined) return { done: look };
          return { pending: `it is ${look.connection}, booted ${look.bootTime ?? 'unknown'}` };
        },
      });
      const mayBeReverted = planned.role === 'trust-authority' || input.mayBeReverted === true;
      const imageSha256 = mayBeReverted ? await imageDigest(site, planned, pace) : undefined;
      return {
        build,
        version,
        ...(imageSha256 === undefined ? {} : { imageSha256 }),
        ...(bootTime === undefined ? {} : { bootTime }),
        inMaintenanceMode,
        vCenterTime,
        ...(drift === undefined ? {} : { drift }),
      };
    },

    async vtaWaitHostBack(input) {
      const { host: planned, baseline, pace, quickBoot } = input;
      const site = findSite(input);
      return await waitUntil({
        what: `${planned.name} coming back on build ${planned.to.build}`,
        code: 'VTA_HOST_NOT_BACK',
        pace,
        deadlineMs: pace.reconnect.deadlineMs,
        remedy: `Look at its console. When it is connected again, decide "retry": the run reads its state and goes on from there.`,
        async look() {
          const seen = await seeHost(site, planned, pace);
          const { host } = seen;
          if (host.connectionState !== 'connected') return { pending: `its vCenter calls it ${host.connectionState}` };
          if (host.build !== planned.to.build) {
            if (host.build === baseline.build && isAfter(host.bootTime, baseline.bootTime))
              throw refuse(
                'VTA_HOST_ON_OLD_BUILD',
                `${planned.name} booted at ${host.bootTime ?? 'unknown'} and runs its old build ${baseline.build} again: it may have reverted by itself. It is ${host.inMaintenanceMode ? 'in' : 'NOT in'} maintenance mode. Find out why the new image did not boot, then decide "retry" or "abort".`,
              );
            return { pending: `it runs build ${host.build ?? 'unknown'}` };
          }
          if (quickBoot === 'keep') return { done: lookOf(seen) };
          if (host.bootTime === undefined) return { pending: 'its vCenter does not tell when it booted' };
          // The host that is told to reboot goes away only after a moment.
          if (planned.reboot === true && !isAfter(host.bootTime, baseline.bootTime))
            return { pending: `it has not booted since ${baseline.bootTime ?? 'unknown'}` };
          if (baseline.build !== planned.to.build && !isAfter(host.bootTime, baseline.bootTime))
            throw refuse(
              'VTA_HOST_NOT_REBOOTED',
              `${planned.name} runs build ${planned.to.build} but has not booted since ${baseline.bootTime ?? 'unknown'}: it was patched without a full boot, so what it attests with is another image (R12). It is ${host.inMaintenanceMode ? 'in' : 'NOT in'} maintenance mode. Reboot it in maintenance mode, then decide "retry".`,
            );
          return { done: lookOf(seen) };
        },
      });
    },

    async vtaReadHostDone(input) {
      const { host: planned, pace, notBefore, baseline } = input;
      const site = findSite(input);
      return await waitUntil({
        what: `${planned.name} being healthy after its upgrade`,
        code: 'VTA_HOST_UNHEALTHY',
        pace,
        deadlineMs: pace.serviceHealth.deadlineMs,
        remedy: 'Mend what is named, then decide "retry": everything is read again.',
        async look() {
          const seen = await seeHost(site, planned, pace);
          const { host } = seen;
          const missing: string[] = [];
          if (host.connectionState !== 'connected') missing.push(`it is ${host.connectionState}`);
          if (host.build !== planned.to.build) missing.push(`it runs build ${host.build ?? 'unknown'}`);
          const mayStayIn = baseline.inMaintenanceMode && planned.leaveMaintenanceMode !== true;
          if (host.inMaintenanceMode && !mayStayIn) missing.push('it is in maintenance mode');
          if (planned.role === 'trusted' && notBefore !== undefined) {
            const { attested, detail } = attestedSince(host, notBefore);
            if (!attested) missing.push(`it is not attested (${detail})`);
          }
          if (planned.role === 'trust-authority' && missing.length === 0)
            missing.push(...(await stoppedServices(site, planned, pace)).map((key) => `${key} does not run`));
          if (missing.length === 0 && !(await hasDesiredImage(site, planned, input.cluster, pace))) {
            const drift = await describeDrift(site, input.cluster, pace, undefined);
            if (drift !== undefined) throw refuse('VTA_DESIRED_IMAGE_DRIFTED', `${planned.name} is upgraded. ${drift}`);
            missing.push('a fresh scan of vLCM does not call it compliant with the desired image');
          }
          if (missing.length > 0) return { pending: missing.join(', ') };
          if (planned.role !== 'trusted') return { done: lookOf(seen) };
          const { applyPolicies } = await site.connections.vCenter(planned.vCenter);
          const policy = await applyPolicies.effective(input.cluster.id, callOptions(pace));
          return { done: { ...lookOf(seen), quickBootOff: policy.enable_quick_boot === false } };
        },
      });
    },
  };
}
