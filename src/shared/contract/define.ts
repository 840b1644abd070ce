import { z } from 'zod';

import type { Disposable } from '#shared/disposable.ts';
import type { Failure, Result } from '#shared/result.ts';

// zod otherwise tries, when the first object is declared, whether it may compile its checks with `new Function`. The page's
// policy forbids that and reports each try as a violation. This module runs before any that declares an endpoint.
z.config({ jitless: true });

/** Declares the type of what a call returns or a feed pushes. Results are typed and not parsed: we wrote the host. */
export const returns = <T>(): T => undefined as T;
/** Declares the failures a call can return. `fails<never>()` means that it cannot fail in an expected way. */
export const fails = <E extends Failure>(): E => undefined as unknown as E;

/** A question with one answer. Its input is parsed by the host, always. */
export interface Call<I extends z.ZodType, T, E extends Failure> {
  type: 'call';
  input: I;
  value: T;
  error: E;
}

/** A subscription: the first push is the present state, the following ones are what changed. */
export interface Feed<K extends z.ZodType, P> {
  type: 'feed';
  key: K;
  payload: P;
}

export const call = <I extends z.ZodType, T, E extends Failure>(input: I, value: T, error: E): Call<I, T, E> => ({
  type: 'call',
  input,
  value,
  error,
});

export const feed = <K extends z.ZodType, P>(key: K, payload: P): Feed<K, P> => ({ type: 'feed', key, payload });

export type Endpoint = Call<z.ZodType, unknown, Failure> | Feed<z.ZodType, unknown>;
export type Contract = Record<string, Record<string, Endpoint>>;

/** The one shape that both sides speak: the host implements it, the page holds a proxy of it. */
export type Api<C extends Contract> = { readonly [D in keyof C]: DomainApi<C[D]> };

export type DomainApi<D extends Record<string, Endpoint>> = {
  readonly [M in keyof D]: D[M] extends Call<infer I, infer T, infer E>
    ? (input: z.output<I>) => Promise<Result<T, E>>
    : D[M] extends Feed<infer K, infer P>
      ? (key: z.output<K>, listener: (payload: P) => void) => Disposable
      : never;
};
