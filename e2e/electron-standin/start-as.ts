import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { desktopHost } from '#scripts/project-paths.ts';

import { app } from './app.ts';
// Before the first wait: what the test says meanwhile is answered.
import './electron.ts';
import { standinMachine } from './standin-machine.ts';
import { PreventableEvent } from './web-contents.ts';

/*
 * Starts the built app on the machine that the stand-in plays. The app's own entry is one line, which names the platform that
 * it runs on; this is that line with another one.
 */

const { platform, isPackaged, early } = standinMachine;
// An installed app is a program of its own: no script's name comes before what it is asked.
if (isPackaged) process.argv.splice(1, 1);
const mainFolder = dirname(desktopHost);
const built = pathToFileURL(join(mainFolder, 'start-desktop.js')).href;
const { startDesktop } = (await import(built)) as typeof import('#main/desktop/start-desktop.ts');
startDesktop({ platform: process.platform, manners: platform, builtFolder: dirname(mainFolder) });
for (const [name, value] of early) app.emit(name, new PreventableEvent(), value);
