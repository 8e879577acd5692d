import { element, value, type Xml } from './xml-writer';

/** How a vCenter reaches a host that it is to manage (`HostConnectSpec`). Holds a secret: never log or keep one. */
export interface HostConnectSpec {
  readonly hostName?: string;
  readonly port?: number;
  /** Thumbprint of the host's certificate, in the form that this vCenter uses. */
  readonly sslThumbprint?: string;
  readonly userName?: string;
  readonly password?: string;
  /** True takes the host over from another vCenter that manages it. */
  readonly force: boolean;
  readonly managementIp?: string;
}

/** Writes the specification, its members in the declared order. */
export function writeHostConnectSpec(name: string, spec: HostConnectSpec): Xml {
  return element(name, [
    value('hostName', spec.hostName),
    value('port', spec.port),
    value('sslThumbprint', spec.sslThumbprint),
    value('userName', spec.userName),
    value('password', spec.password),
    value('force', spec.force),
    value('managementIp', spec.managementIp),
  ]);
}
