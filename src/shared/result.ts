/**
 * The outcome of something that can fail in ways its caller is expected to handle. A failure is tagged by `kind` and
 * carries what is needed to say what happened; a bug is thrown instead.
 */
export type Result<T, E extends Failure> = { ok: true; value: T } | { ok: false; error: E };

export interface Failure {
  kind: string;
}

export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value });
export const fail = <E extends Failure>(error: E): { ok: false; error: E } => ({ ok: false, error });

/** Closes a switch: the compiler refuses it while a case is missing. */
export function assertNever(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
