import { startInstall, startRollback, startStageAndInstall } from '../../world/appliance-install';
import type { PendingUpdate } from '../../world/appliance-state';
import {
  cancelUpdate,
  checkNoUpdateInWork,
  listUpdates,
  PASSWORD_QUESTION,
  pendingUpdate,
  stagedUpdate,
  startStaging,
  unstage,
  updateStatus,
  wrongAnswers,
} from '../../world/appliance-update';
import { iso } from '../../world/clock';
import { message } from '../../world/fault';
import type { VCenter } from '../../world/state';
import { updateTask } from './appliance-update-task';
import { text } from './lifecycle-wire';
import { route, type RestRoute } from './route';

const UPDATE = 'com.vmware.appliance.update';
const PENDING = `${UPDATE}.pending`;

interface Answers {
  user_data: Record<string, string>;
}

interface ListQuery {
  source_type: 'LAST_CHECK' | 'LOCAL' | 'LOCAL_AND_ONLINE';
  enable_list_major_upgrade_versions?: boolean;
}

/** Updates of the appliance. None of these operations is a task of the API: progress is read from `update`. */
export const applianceUpdateRoutes: readonly RestRoute[] = [
  route(`${UPDATE}.get`, ({ world, vCenter }) => {
    const { lastQuery } = vCenter.appliance;
    return {
      ...updateStatus(vCenter),
      ...updateTask(world, vCenter),
      ...(lastQuery === null ? {} : { latest_query_time: iso(lastQuery) }),
    };
  }),
  route(`${UPDATE}.cancel`, ({ vCenter }) => cancelUpdate(vCenter)),
  route(`${PENDING}.list`, ({ world, vCenter, query }) => {
    const { source_type: source, enable_list_major_upgrade_versions: majors = false } = query as unknown as ListQuery;
    return listUpdates(world, vCenter, { source, majors }).map((update) => ({
      version: update.version,
      ...summary(update),
    }));
  }),
  route(`${PENDING}.get`, ({ vCenter, path }) => {
    const { name, ...rest } = summary(updateOf(vCenter, path));
    return {
      name,
      contents: [text('update.contents', `Update to ${path['version'] ?? ''}`)],
      services_will_be_stopped: vCenter.appliance.services.map((service) => ({
        service: service.name,
        description: text('update.service', service.description),
      })),
      eulas: [text('update.eula', 'End user licence agreement of the simulator.')],
      staged: vCenter.appliance.staged === path['version'],
      knowledge_base: 'https://kb.vmware.com/',
      ...rest,
    };
  }),
  route(`${PENDING}.list_upgradeable_components`, ({ vCenter, path }) => {
    updateOf(vCenter, path);
    return [];
  }),
  route(`${PENDING}.precheck`, async ({ world, vCenter, path }) => {
    const update = updateOf(vCenter, path);
    checkNoUpdateInWork(vCenter);
    const { durations } = world.settings;
    await world.clock.sleep(durations.appliancePrecheck);
    const minutes = (ms: number) => Math.max(1, Math.ceil(ms / 60_000));
    return {
      check_time: iso(world.clock.now()),
      estimated_time_to_install: minutes(durations.applianceInstall + durations.applianceReboot),
      estimated_time_to_rollback: minutes(durations.applianceReboot),
      reboot_required: update.rebootRequired,
      questions: [
        {
          data_item: PASSWORD_QUESTION,
          text: text('update.question', 'Single Sign-On administrator password'),
          description: text('update.question.description', 'Password of administrator@vsphere.local'),
          type: 'PASSWORD',
        },
      ],
    };
  }),
  route<Answers>(`${PENDING}.validate`, ({ world, vCenter, path, body }) => {
    updateOf(vCenter, path);
    checkNoUpdateInWork(vCenter);
    const errors = wrongAnswers(vCenter, body.user_data).map((problem) => ({
      id: 'com.vmware.simulator.update.answer',
      time: iso(world.clock.now()),
      message: message('update.answer', problem),
    }));
    return errors.length > 0 ? { errors } : {};
  }),
  route(`${PENDING}.stage`, ({ world, vCenter, path }) => startStaging(world, vCenter, path['version'] ?? '')),
  route<Answers>(`${PENDING}.install`, ({ world, vCenter, path, body }) =>
    startInstall(world, vCenter, path['version'] ?? '', body.user_data),
  ),
  route<Answers>(`${PENDING}.stage_and_install`, ({ world, vCenter, path, body }) =>
    startStageAndInstall(world, vCenter, path['version'] ?? '', body.user_data),
  ),
  route(`${PENDING}.rollback`, ({ world, vCenter }) => startRollback(world, vCenter)),
  route(`${UPDATE}.staged.get`, ({ vCenter }) => {
    const update = stagedUpdate(vCenter);
    return { version: update.version, ...summary(update), staging_complete: true };
  }),
  route(`${UPDATE}.staged.delete`, ({ vCenter }) => unstage(vCenter)),
  route(`${UPDATE}.policy.get`, ({ vCenter }) => policyInfo(vCenter)),
  route<PolicyConfig>(`${UPDATE}.policy.set`, ({ vCenter, body }) => {
    // The password goes nowhere: no API returns it, and the world's dump must not.
    const { password: _password, ...policy } = body;
    vCenter.appliance.policy = { ...policy };
  }),
];

function updateOf(vCenter: VCenter, path: Record<string, string>): PendingUpdate {
  return pendingUpdate(vCenter, path['version'] ?? '');
}

/** com.vmware.appliance.update.CommonInfo and name. guessed: priority and severity. */
function summary(update: PendingUpdate): Record<string, unknown> {
  return {
    name: update.name,
    description: text('update.description', `${update.name}, build ${update.build}`),
    priority: 'HIGH',
    severity: 'IMPORTANT',
    update_type: update.updateType,
    release_date: iso(update.releaseDate),
    reboot_required: update.rebootRequired,
    size: update.sizeMb,
  };
}

/** com.vmware.appliance.update.policy.Config */
interface PolicyConfig extends Record<string, unknown> {
  password?: string;
}

function policyInfo({ appliance }: VCenter): Record<string, unknown> {
  return {
    check_schedule: [],
    auto_stage: false,
    certificate_check: true,
    ...appliance.policy,
    default_URL: 'https://vapp-updates.vmware.com/',
    auto_update: false,
    manual_control: true,
  };
}
