/** What was thrown, in its own words. Anything may be thrown, and not only an `Error`. */
export const errorMessage = (error: unknown): string => (error instanceof Error ? error.message : String(error));
