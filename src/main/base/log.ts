/** Where the services write what happened. Never prompts, never terminal output, never a token. */
export interface Log {
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
  error(message: string, error: unknown, details?: Readonly<Record<string, unknown>>): void;
}

/** Keeps nothing. For tests. */
export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
