import { z } from 'zod';

import { isSameSecret } from '#main/base/same-secret.ts';
import { terminalId, type TerminalId } from '#shared/ids.ts';

import { versionName, type ProtocolVersion } from './protocol.ts';

const version = z.object({ major: z.number().int().nonnegative(), minor: z.number().int().nonnegative() });

/** The first message of a client. Its form never changes: any host must be able to refuse any client in words. */
const helloSchema = z.object({
  hello: z.literal('switchyard-pty-host'),
  protocol: version,
  secret: z.string().max(256),
});

/** The host's answer, as unchanging. */
const answerSchema = z.union([
  z.object({ welcome: z.literal(true), protocol: version, pid: z.number().int() }),
  z.object({
    refused: z.enum(['hello', 'secret', 'version']),
    protocol: version,
    message: z.string(),
    /** For one who has the secret and speaks another version: which terminals are here. */
    terminals: z.array(z.object({ id: terminalId, isRunning: z.boolean() })).optional(),
    pid: z.number().int().optional(),
  }),
]);
export type HelloAnswer = z.output<typeof answerSchema>;

/** Whether to let a client in, and what to tell it. */
export function answerHello(
  message: unknown,
  own: ProtocolVersion,
  secret: string,
  terminals: () => PresentTerminal[],
): HelloAnswer {
  const hello = helloSchema.safeParse(message);
  if (!hello.success) {
    return { refused: 'hello', protocol: own, message: 'This is a Switchyard terminal host; that was no greeting.' };
  }
  if (!isSameSecret(hello.data.secret, secret)) {
    return { refused: 'secret', protocol: own, message: 'The secret is not the one of this terminal host.' };
  }
  if (hello.data.protocol.major !== own.major) {
    const message = versionMismatch(own, hello.data.protocol);
    return { refused: 'version', protocol: own, message, terminals: terminals(), pid: process.pid };
  }
  return { welcome: true, protocol: own, pid: process.pid };
}

/** A terminal as one hears of it who speaks another version. */
export interface PresentTerminal {
  id: TerminalId;
  isRunning: boolean;
}

export function readAnswer(message: unknown): HelloAnswer | null {
  const answer = answerSchema.safeParse(message);
  return answer.success ? answer.data : null;
}

function versionMismatch(host: ProtocolVersion, client: ProtocolVersion): string {
  return `The terminal host that runs speaks version ${versionName(host)} of the protocol, this app version ${versionName(client)}.`;
}
