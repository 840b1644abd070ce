import { connect } from 'node:net';

import { reportTokenVariable, reportAddressVariable } from '#main/ptyhost/report-variables.ts';
import type { Report } from '#main/ptyhost/report.ts';
import { usageEvent } from '#main/ptyhost/usage-event.ts';

import { findTranscript, type Transcript } from './find-transcript.ts';
import { isSubAgent } from './is-sub-agent.ts';
import { reduceEvent } from './reduce-event.ts';
import { sessionUsage } from './session-usage.ts';

/*
 * The reporter: what an agent's hooks run to tell the pty host what the agent does.
 *   reporter [EVENT] [JSON]   the event's JSON comes as the second argument, else on standard input
 * Whatever happens, it says nothing, ends with 0 and is gone within two seconds: a hook that fails or waits would stop the
 * agent. Without the variables of a terminal of ours it does nothing at all.
 */

const limitMilliseconds = 1500;
/** Of that, how long a transcript is looked for before what happened is told without it. */
const searchMilliseconds = 700;
/** A tool's input can be a whole file; nobody writes a larger one by hand. */
const mostBytes = 16_000_000;

const address = process.env[reportAddressVariable];
const token = process.env[reportTokenVariable];
const [, , event, json] = process.argv;

process.on('uncaughtException', end);
process.on('unhandledRejection', end);
setTimeout(end, limitMilliseconds);
if (address === undefined || token === undefined) end();
else if (json === undefined) readInput(tell);
else tell(json);

function readInput(done: (text: string) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  process.stdin.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > mostBytes) end();
    chunks.push(chunk);
  });
  process.stdin.on('end', () => {
    done(Buffer.concat(chunks).toString('utf8'));
  });
}

function tell(text: string): void {
  const payload: unknown = JSON.parse(text);
  const reduced = reduceEvent(payload, event ?? null);
  if (reduced === null) return end();
  void tellAll(payload, reduced).then(end);
}

async function tellAll(payload: unknown, reduced: Report): Promise<void> {
  const finding = findTranscript(payload, process.env);
  const report = isFromCodex(payload) ? await withSubAgent(reduced, finding) : reduced;
  // What the agent does is told first: its transcript may be long.
  await send(report);
  await tellUsage(await finding, report);
}

/** Codex tells the end of a sub-agent's turn as it tells its own. */
async function withSubAgent(report: Report, finding: Promise<Transcript | null>): Promise<Report> {
  const isOfSubAgent = finding.then((transcript) => transcript !== null && isSubAgent(transcript.path));
  const impatience = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), searchMilliseconds));
  return (await Promise.race([isOfSubAgent, impatience])) ? { ...report, agent: report.session } : report;
}

function isFromCodex(payload: unknown): boolean {
  return typeof payload === 'object' && payload !== null && 'thread-id' in payload;
}

async function tellUsage(transcript: Transcript | null, report: Report): Promise<void> {
  const usage = transcript && (await sessionUsage(transcript.path));
  if (!usage) return;
  // A later sum of the same transcript takes this one's place. These agents tell no price.
  const message = JSON.stringify({ answer: transcript.name.slice(-120), ...usage, cost: null });
  await send({ ...report, event: usageEvent, type: null, tool: null, subject: null, message });
}

function send(report: Report): Promise<void> {
  return new Promise((resolve) => {
    if (address === undefined) return resolve();
    const socket = connect(address);
    socket.on('error', () => {
      resolve();
    });
    socket.on('close', () => {
      resolve();
    });
    socket.end(`${JSON.stringify({ token, report })}\n`);
  });
}

function end(): void {
  process.exit(0);
}
