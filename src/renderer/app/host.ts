import { useSyncExternalStore } from 'react';

import { reportFault } from '#renderer/ui/notify.ts';

import { HostLink, type ConnectionState } from './host-link.ts';
import { openWire } from './open-wire.ts';

const link = new HostLink(openWire, (path, message) => {
  reportFault(`Following ${path}`, new Error(message));
});

/** Everything that this page can ask of its host. Feeds survive a lost wire: they are subscribed again by themselves. */
export const host = link.api;

/** See `HostLink.greetWith`. */
export const greetHostWith: HostLink['greetWith'] = (greet) => {
  link.greetWith(greet);
};

/** Connects, once, when the page starts. */
export const startHost = (): void => {
  link.start();
};

export const retryConnection = (): void => {
  link.retryNow();
};

/** Whether the host answers. */
export const useConnection = (): ConnectionState => useSyncExternalStore(link.onDidChange, () => link.state);
