import { createHash, createPublicKey } from 'node:crypto';

import { Fault } from '../../world/fault';
import { ENDORSEMENT_KEY_ID, pcrValues, tpmOf } from '../../world/host-tpm';
import type { Host } from '../../world/state';
import { isReachable } from '../../world/trust-cluster';
import { route, type RestCall, type RestRoute } from './route';
import { chain, pathValue, passes } from './trust-wire';

const SERVICE = 'com.vmware.vcenter.trusted_infrastructure.hosts.hardware.tpm';
const KEY_TYPE = 'ECC_NIST_P_256';

/** …/hosts/{host}/hardware/tpm. guessed: a TPM 2.0 with one elliptic curve endorsement key and one bank, SHA-256. */
export const hostTpmRoutes: readonly RestRoute[] = [
  route(`${SERVICE}.list`, (call) => {
    const host = hostOf(call);
    if (!isReachable(host)) throw new Fault('SERVICE_UNAVAILABLE', `${host.name} cannot be reached.`);
    const filter = call.query as { major_versions?: number[]; active?: boolean };
    const found = host.tpm.present && passes(filter.major_versions, 2) && filter.active !== false;
    return found ? [{ tpm: host.tpm.id, major_version: 2, minor_version: 0, active: true }] : [];
  }),
  route(`${SERVICE}.get`, (call) => {
    const { host, tpm } = tpmOfCall(call);
    return {
      major_version: 2,
      minor_version: 0,
      active: true,
      manufacturer: tpm.manufacturer,
      model: tpm.model,
      firmware_version: tpm.firmwareVersion,
      banks: banksOf(call, host),
    };
  }),
  route(`${SERVICE}.endorsement_keys.list`, (call) => {
    tpmOfCall(call);
    const { types } = call.query as { types?: string[] };
    return passes(types, KEY_TYPE) ? [{ key: ENDORSEMENT_KEY_ID, type: KEY_TYPE }] : [];
  }),
  route(`${SERVICE}.endorsement_keys.get`, (call) => {
    const { tpm } = endorsementKeyOf(call);
    const der = createPublicKey(tpm.endorsementKey).export({ type: 'spki', format: 'der' });
    const name = Buffer.concat([Buffer.from([0x00, 0x0b]), createHash('sha256').update(der).digest()]);
    return {
      type: KEY_TYPE,
      public_area: der.toString('base64'),
      name: name.toString('base64'),
      qualified_name: name.toString('base64'),
      public_key: tpm.endorsementKey,
      certificate: tpm.endorsementCertificate,
      manufacturer_certificates: chain([tpm.manufacturerCertificate]),
    };
  }),
  // guessed: a simulated TPM cannot unseal; what comes back is the sealed area itself.
  route<{ private_area: string }>(`${SERVICE}.endorsement_keys.unseal`, (call) => {
    endorsementKeyOf(call);
    return call.body.private_area;
  }),
  route(`${SERVICE}.event_log.get`, (call) => {
    const { host } = tpmOfCall(call);
    return {
      type: 'EFI_TCG2_EVENT_LOG_FORMAT_TCG_2',
      data: Buffer.from(`Spec ID Event03 ${host.bootedImage.baseImage}`).toString('base64'),
      truncated: false,
      banks: banksOf(call, host),
    };
  }),
];

function hostOf(call: RestCall): Host {
  return call.world.hostByMoid(call.vCenter, pathValue(call, 'host'));
}

function tpmOfCall(call: RestCall): { host: Host; tpm: Host['tpm'] } {
  const host = hostOf(call);
  return { host, tpm: tpmOf(host, pathValue(call, 'tpm')) };
}

function endorsementKeyOf(call: RestCall): { host: Host; tpm: Host['tpm'] } {
  const found = tpmOfCall(call);
  const key = pathValue(call, 'key');
  if (key !== ENDORSEMENT_KEY_ID) throw new Fault('NOT_FOUND', `The endorsement key ${key} does not exist.`);
  return found;
}

/**
 * guessed: how a map with numbers as keys is written on /api. VMware's Python runtime would write them without quotes,
 * which is not JSON, and a strict client refuses text; so none is written unless the scenario asks for them.
 */
function banksOf(call: RestCall, host: Host): unknown[] {
  const listed = call.world.settings.switches.tpmRegisters === 'listed';
  return [{ algorithm: 'SHA256', pcrs: listed ? pcrValues(host) : {} }];
}
