import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

import { isSameSecret } from '#main/base/same-secret.ts';

/** Why a request is turned away. None of it says more than the caller knows already. */
export type Refusal = 'wrong-host' | 'wrong-origin' | 'not-authenticated';

/**
 * Decides who may talk to this host. The socket behind it can start processes, so it is a remote shell: a request must
 * name us as its Host (else a foreign site could have its name point here), come from our own page (Origin), and carry
 * the session's cookie. The cookie is got with the token of the printed address, and is a secret of its own.
 *
 * A cookie belongs to a host name, not to a port: the browser sends it to every server on 127.0.0.1, a development
 * server of an agent's or of another user's among them. So the page lives under a path of its own that nobody else is
 * asked for, and the cookie is bound to that path.
 */
export class Authenticator {
  readonly #token: string;
  readonly #session = secret();
  readonly #hosts: ReadonlySet<string>;
  readonly #cookieName: string;
  readonly #pagePath: string;

  /** `pagePath` starts and ends with a slash. */
  constructor(options: { token: string; port: number; pagePath: string }) {
    this.#token = options.token;
    this.#hosts = new Set([`127.0.0.1:${String(options.port)}`, `localhost:${String(options.port)}`]);
    this.#cookieName = `switchyard-${String(options.port)}`;
    this.#pagePath = options.pagePath;
  }

  /** What every request must satisfy, before anything of it is looked at. */
  refuseForeign(headers: IncomingHttpHeaders): Refusal | null {
    if (!this.#hosts.has(headers.host ?? '')) return 'wrong-host';
    if (headers.origin !== undefined && !this.#isOwnOrigin(headers)) return 'wrong-origin';
    // Chromium, Firefox and Safari say who asks. Another site may send the person here, but not fetch or embed us.
    const site = headers['sec-fetch-site'] ?? 'none';
    const isVisit = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
    if (site !== 'none' && site !== 'same-origin' && !isVisit) return 'wrong-origin';
    return null;
  }

  /** What a file of the page asks for. */
  refusePage(headers: IncomingHttpHeaders): Refusal | null {
    return this.refuseForeign(headers) ?? (this.#hasSession(headers.cookie) ? null : 'not-authenticated');
  }

  /** What the socket asks for: browsers always send an Origin there, so one without it is no page of ours. */
  refuseSocket(headers: IncomingHttpHeaders): Refusal | null {
    if (!this.#hosts.has(headers.host ?? '')) return 'wrong-host';
    if (!this.#isOwnOrigin(headers)) return 'wrong-origin';
    return this.refusePage(headers);
  }

  /** Whether this is the token of the printed address. Takes the same time whatever it is. */
  isToken(candidate: string): boolean {
    return isSameSecret(candidate, this.#token);
  }

  /** The Set-Cookie header that starts the session. It ends with the browser's, or with this host. */
  sessionCookie(): string {
    return `${this.#cookieName}=${this.#session}; HttpOnly; SameSite=Strict; Path=${this.#pagePath}`;
  }

  #isOwnOrigin(headers: IncomingHttpHeaders): boolean {
    return headers.origin === `http://${headers.host ?? ''}`;
  }

  #hasSession(cookies: string | undefined): boolean {
    let found = false;
    for (const cookie of (cookies ?? '').split(';')) {
      const equals = cookie.indexOf('=');
      if (equals < 0 || cookie.slice(0, equals).trim() !== this.#cookieName) continue;
      if (isSameSecret(cookie.slice(equals + 1).trim(), this.#session)) found = true;
    }
    return found;
  }
}

/** 32 random bytes, fit for an address and a cookie. */
export const secret = (): string => randomBytes(32).toString('base64url');
