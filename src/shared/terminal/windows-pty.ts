/** What xterm.js wants to know of Windows' console host: from some build on it folds long lines itself. */
export interface WindowsPty {
  backend: 'conpty';
  buildNumber: number;
}

/**
 * Null: the host runs elsewhere. A console host prints its whole screen anew when the size changes, and knows nothing of the
 * lines above it; a terminal that does not know so shows lines twice after each change.
 */
export function windowsPtyOf(platform: string, release: string): WindowsPty | null {
  if (platform !== 'win32') return null;
  return { backend: 'conpty', buildNumber: Number(/^\d+\.\d+\.(\d+)/.exec(release)?.[1] ?? 0) };
}
