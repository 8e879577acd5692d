import { isObject, list, object, string, type Decoded, type Decoder } from './decode';

/** A message for people (`com.vmware.vapi.std.localizable_message`), as it came. */
export interface LocalizableMessage {
  /** Stable key of the message, '' if there was none. */
  readonly id: string;
  /** Its text: the localized one if the server sent it, else the default one. */
  readonly text: string;
}

/**
 * Messages are read as forgivingly as can be: one that cannot be read must not hide the answer that it comments.
 * A bare string is a message too.
 */
export const localizableMessage: Decoder<LocalizableMessage> = (value) => {
  if (typeof value === 'string') return { id: '', text: value };
  if (!isObject(value)) return { id: '', text: '' };
  const text = [value['localized'], value['default_message']].find((each) => typeof each === 'string' && each !== '');
  const id = typeof value['id'] === 'string' ? value['id'] : '';
  return { id, text: typeof text === 'string' ? text : id };
};

/** A notification of vLCM or of the appliance: what is noticed, and perhaps how to resolve it. */
const notification = object(
  { message: localizableMessage },
  { id: string, time: string, resolution: localizableMessage },
);

/** `com.vmware.esx.settings.notifications` and `com.vmware.appliance.notifications`: three lists, each may be absent. */
export const notifications = object(
  {},
  { info: list(notification), warnings: list(notification), errors: list(notification) },
);

export type Notifications = Decoded<typeof notifications>;
