import { create } from 'zustand';

import { greetHostWith, host } from '#renderer/app/host.ts';
import { perform, reportFault } from '#renderer/ui/notify.ts';
import type { HostApi } from '#shared/contract/index.ts';
import type { OpenFailure, Project } from '#shared/contract/projects.ts';
import type { Disposable } from '#shared/disposable.ts';
import type { ProjectId } from '#shared/ids.ts';

import { afterFirstScreens, expectScreens, screensShown } from './first-screens.ts';
import { followHost, followProject, useMirror } from './mirror.ts';
import { useView } from './view.ts';

/** Which project this page has open, and what became of the last attempt to open one. */
export interface Session {
  phase: 'starting' | 'start' | 'open';
  /** A path that is being opened now. */
  opening: string | null;
  failure: OpenFailure | null;
  /** Where the projects are that this page has had open. */
  paths: ReadonlyMap<ProjectId, string>;
}

export const useSession = create<Session>()(() => ({
  phase: 'starting',
  opening: null,
  failure: null,
  paths: new Map(),
}));

/** A reload of the tab comes back to its project. An empty text: the person left it for the start screen. */
const tabKey = 'switchyard.project';
let following: Disposable | null = null;

function enter(project: Project): void {
  following?.dispose();
  expectScreens();
  following = followProject(host, project);
  useView.getState().enterProject(project.id);
  const { centre, grid } = useView.getState();
  // Where no terminal is in view, what is there is drawn first, and nothing is waited for.
  if (centre.kind !== 'grid' || grid.runIds.length === 0) setTimeout(screensShown);
  tellShown();
  sessionStorage.setItem(tabKey, project.path);
  useSession.setState(({ paths }) => ({
    phase: 'open',
    opening: null,
    failure: null,
    paths: new Map(paths).set(project.id, project.path),
  }));
}

/** The host begins what it has held back. Without a host nothing is held back, and nothing is to be told. */
function tellShown(): void {
  afterFirstScreens(() => {
    host.host.shown({}).catch(() => undefined);
  });
}

/** Opens a project, or leaves the session with the reason why not. */
export async function openProject(path: string): Promise<void> {
  useSession.setState({ opening: path, failure: null });
  try {
    const opened = await host.projects.open({ path });
    if (opened.ok) enter(opened.value);
    else
      useSession.setState((session) => ({ failure: opened.error, phase: session.phase === 'open' ? 'open' : 'start' }));
  } finally {
    useSession.setState((session) => ({
      opening: null,
      phase: session.phase === 'starting' ? 'start' : session.phase,
    }));
  }
}

/** Back to the start screen. Agents go on; nothing is closed but the view. */
export function closeProject(): void {
  following?.dispose();
  following = null;
  useView.getState().enterProject(null);
  sessionStorage.setItem(tabKey, '');
  // A shell then knows that this window no longer has it. Without a host nothing knows, and nothing is to be told.
  host.shell.leaveProject({}).catch(() => undefined);
  useSession.setState({ phase: 'start', opening: null, failure: null });
}

export const clearFailure = (): void => {
  useSession.setState({ failure: null });
};

/** A reload goes on with what this tab had open; an address that was followed says itself what is meant. */
const isReload = (): boolean =>
  performance.getEntriesByType('navigation').some((entry) => 'type' in entry && entry.type === 'reload');

/**
 * What each new host is told first. At the first one: what this page should open. At a later one, which may have been
 * started meanwhile: the project that this page has open, without which its feeds would mean nothing there.
 */
async function greet(client: HostApi): Promise<void> {
  const info = await client.host.info({});
  if (info.ok) useMirror.setState({ info: info.value });

  const present = useMirror.getState().project;
  if (present) {
    const again = await client.projects.open({ path: present.path });
    tellShown();
    if (again.ok) return;
    closeProject();
    useSession.setState({ failure: again.error });
    return;
  }
  if (useSession.getState().phase !== 'starting') return;
  const left = sessionStorage.getItem(tabKey);
  const asked = info.ok ? info.value.startProject : null;
  const wish = isReload() ? (left ?? asked) : (asked ?? left);
  if (!wish) {
    tellShown();
    useSession.setState({ phase: 'start' });
    return;
  }
  const opened = await client.projects.open({ path: wish });
  if (opened.ok) enter(opened.value);
  else {
    tellShown();
    useSession.setState({ phase: 'start', failure: opened.error });
  }
}

/** Begins: what the page does on its own once the host answers. Called once, before the connection is made. */
export function beginSession(): void {
  greetHostWith(greet);
  followHost(host, (where, message) => {
    reportFault(where, new Error(message));
  });
  addEventListener('beforeunload', (event) => {
    // Edits that are not on disk are the one thing in this page that a reload would lose.
    if (useView.getState().unsavedIn.size > 0) event.preventDefault();
  });
  useMirror.subscribe((mirror, before) => {
    const { runs } = mirror;
    if (runs && runs !== before.runs) useView.getState().forgetRuns((id) => runs.has(id));
  });
}

/** For event handlers: opens, and reports what should never happen. */
export const startOpening = (path: string): void => {
  perform('Open the project', () => openProject(path));
};
