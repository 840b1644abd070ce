/** The system's or Node's name for what went wrong, such as `ENOENT`; null when what was thrown has none. */
export const errorCode = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
