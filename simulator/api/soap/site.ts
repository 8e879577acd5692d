import type { Session } from '../../world/sessions';
import type { Host, User, VCenter } from '../../world/state';
import type { World } from '../../world/world';
import type { SingletonIds } from './inventory/singletons';
import type { ManagedObject } from './managed-object';
import type { SessionState } from './session-state';
import type { Method } from './vim25/type-table';
import type { DataObject, MoRef, VimValue } from './vim25/values';

/** What answers on one `/sdk`: a vCenter or an ESXi host. */
export interface Site {
  readonly world: World;
  /** Id of the vCenter or name of the host: whose sessions, tasks and events these are. */
  readonly endpoint: string;
  readonly sessionKind: Session['kind'];
  /** The vCenter, or null on an ESXi host. */
  readonly vCenter: VCenter | null;
  readonly ids: SingletonIds;
  /** The API version that it speaks, e.g. `8.0.3.0`. */
  apiVersion(): string;
  /** ServiceContent. */
  content(): DataObject;
  users(): readonly User[];
  /** Objects of the inventory and the singletons; what a session made is found elsewhere. */
  find(ref: MoRef): ManagedObject | undefined;
  /** Entities directly below an entity, for container views. */
  children(ref: MoRef): readonly MoRef[];
  /** The host that an object is, or belongs to (HostServiceSystem): what faults may name. */
  hostOf(ref: MoRef): Host | null;
  /** Logs a login or logout with the vCenter or host that it was at. */
  logSession(what: 'login' | 'login-failed' | 'logout', detail: Record<string, unknown>): void;
  readonly methods: MethodTable;
}

/** One call, authenticated and with its parameters read as the schema declares them. */
export interface VimCall {
  readonly site: Site;
  readonly method: Method;
  readonly target: MoRef;
  readonly parameters: DataObject;
  readonly state: SessionState;
  /** Finds an object as this session sees it, its own views and collectors included. */
  find(ref: MoRef): ManagedObject | undefined;
}

/** Answers one method; its value is `returnval`. Preconditions throw a Fault of the world or a SoapFault. */
type MethodHandler = (call: VimCall) => VimValue | undefined | Promise<VimValue | undefined>;

/** Handlers by wire name of the method. */
export type MethodTable = Readonly<Record<string, MethodHandler>>;
