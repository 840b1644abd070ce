#!/usr/bin/env node
import { appVersion } from '#main/base/app-version.ts';
import { appFolders } from '#main/base/folders.ts';
import { errorMessage } from '#shared/error-message.ts';
import { assertNever } from '#shared/result.ts';

import { commandHelp, parseCommandArguments } from './arguments.ts';
import { dialHost, type DialHostFailure } from './dial-host.ts';
import { runCommand } from './run-command.ts';

/** See `commandHelp`. */
const exitCodes = { done: 0, refused: 1, notUnderstood: 2, notRunning: 3 } as const;

process.exitCode = await main();

async function main(): Promise<number> {
  const parsed = parseCommandArguments(process.argv.slice(2), process.cwd());
  if (!parsed.ok) {
    console.error(`${parsed.error.message}\n\n${commandHelp}`);
    return exitCodes.notUnderstood;
  }
  const asked = parsed.value;
  if (asked.command === 'help' || asked.command === 'version') {
    console.log(asked.command === 'help' ? commandHelp : appVersion);
    return exitCodes.done;
  }
  const dialled = await dialHost(appFolders(process.platform, process.env).state, appVersion);
  if (!dialled.ok) {
    console.error(inWords(dialled.error, appVersion));
    return exitCodes.notRunning;
  }
  const connection = dialled.value;
  try {
    const outcome = await runCommand(asked, connection.api);
    if (!outcome.ok) {
      console.error(outcome.error.message);
      return exitCodes.refused;
    }
    console.log(asked.json ? JSON.stringify(outcome.value.data, null, 2) : outcome.value.text);
    return exitCodes.done;
  } catch (error) {
    // A bug of the host's, which has it in its log, or the host went away.
    console.error(`It is not known whether this was done: ${errorMessage(error)}`);
    return exitCodes.refused;
  } finally {
    connection.close();
  }
}

function inWords(failure: DialHostFailure, version: string): string {
  switch (failure.kind) {
    case 'not-running':
      return 'Switchyard is not running. Start it, then try again; agents at work go on meanwhile.';
    case 'not-ready':
      return 'Switchyard is starting or quitting. Try again in a moment.';
    case 'other-version':
      return `The Switchyard that runs is version ${failure.host}, this command ${version}. Start it again to have the same.`;
    case 'no-answer':
      return `Switchyard is running and could not be asked. ${failure.message}`;
    default:
      return assertNever(failure);
  }
}
