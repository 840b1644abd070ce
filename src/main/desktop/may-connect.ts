import { isOurPage } from './app-scheme.ts';

/**
 * Whether who asks for a port gets one: only the top frame of a window, on a page of ours at this moment. A frame that has
 * gone, or has gone elsewhere meanwhile, is null or has another address.
 */
export const mayConnect = (frame: { url: string; parent: unknown } | null): boolean =>
  frame !== null && frame.parent === null && isOurPage(frame.url);
