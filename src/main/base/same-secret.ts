import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether two secrets are the same. It takes the same time whatever was given: what is compared is of one length. */
export function isSameSecret(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
