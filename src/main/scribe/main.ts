import { readFile } from 'node:fs/promises';

import { errorMessage } from '#shared/error-message.ts';

import { KeyReader } from './key-reader.ts';
import { Lines } from './lines.ts';
import { Programs } from './programs.ts';
import { Screen } from './screen.ts';
import { Scribe } from './scribe.ts';

/*
 * scribe [--resume] [PROMPT-FILE]
 *
 * Exit codes: 0 when the person leaves, 2 when the prompt cannot be read, 130 on Ctrl-C.
 * SCRIBE_PACE_MS: how long a step is shown at least, in milliseconds.
 */

const defaultPaceMilliseconds = 150;

// It makes Electron run as Node, and would make every Electron that a check starts do so too.
delete process.env['ELECTRON_RUN_AS_NODE'];

const { stdin, stdout, env, platform } = process;
const programs = new Programs(process.cwd(), env, platform);
const screen = new Screen(stdout, env);
const lines = new Lines((draft) => {
  screen.edited(draft);
});

function leave(code: number): never {
  programs.endAll();
  screen.close();
  if (stdin.isTTY) stdin.setRawMode(false);
  process.exit(code);
}

function listen(): void {
  const keys = new KeyReader();
  // Keys come one by one, and Ctrl-C as a key: a check that runs must be ended before we are.
  if (stdin.isTTY) stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  stdin.on('data', (chunk: string) => {
    for (const key of keys.read(chunk)) {
      if (key.kind === 'interrupt') leave(130);
      lines.take(key);
    }
  });
  stdin.on('end', () => {
    lines.end();
  });
  stdin.on('error', () => {
    lines.end();
  });
  // Nobody reads any more: the terminal is gone.
  stdout.on('error', () => leave(0));
  process.on('SIGINT', () => leave(130));
  process.on('SIGTERM', () => leave(143));
  // The terminal was closed. A check has a group of its own, which a hangup does not reach.
  process.on('SIGHUP', () => leave(129));
}

async function readPrompt(path: string | undefined, isResumed: boolean): Promise<string | null> {
  if (path === undefined) return null;
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    screen.mark('failed', `The prompt cannot be read: ${errorMessage(error)}`);
    return isResumed ? null : leave(2);
  }
}

async function main(args: readonly string[]): Promise<void> {
  listen();
  const isResumed = args[0] === '--resume';
  const pace = Number(env['SCRIBE_PACE_MS'] ?? defaultPaceMilliseconds);
  const scribe = new Scribe({
    folder: process.cwd(),
    screen,
    lines,
    programs,
    paceMilliseconds: Number.isFinite(pace) && pace >= 0 ? pace : defaultPaceMilliseconds,
    answersMayWait: !stdin.isTTY,
  });
  const prompt = await readPrompt(args[isResumed ? 1 : 0], isResumed);
  await scribe.begin(prompt, isResumed ? 'resume' : 'work');
  await scribe.stay();
  leave(0);
}

await main(process.argv.slice(2));
