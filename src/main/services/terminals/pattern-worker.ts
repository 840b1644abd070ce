import { parentPort } from 'node:worker_threads';

import { findMatches, type Pattern } from './find-matches.ts';

/*
 * Holds a person's regular expression against what agents have printed. Some expressions take for ever on some lines, and
 * nothing in JavaScript stops one: it runs in a thread of its own, which is ended from outside.
 */
parentPort?.on('message', ({ lines, pattern, most }: { lines: string[]; pattern: Pattern; most: number }) => {
  parentPort?.postMessage(findMatches(lines, pattern, most));
});
parentPort?.postMessage('ready');
