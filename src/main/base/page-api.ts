import type { HostApi } from '#shared/contract/index.ts';
import type { Project } from '#shared/contract/projects.ts';
import { fail, ok } from '#shared/result.ts';

/** What differs from one page of a host to the next: a window's, or a browser tab's. */
export interface PageParticulars {
  /** The project that this page was opened for; asked for when the page wants to know. */
  startProject: () => Promise<string | null>;
  /** A folder dialog that belongs to this page's window. */
  chooseFolder?: (title: string) => Promise<string | null>;
  onDidOpen?: (project: Project) => void;
  /** Shows the other page that has this project (canonical path) open; false: there is none. */
  showOther?: (path: string) => boolean;
  /** The shell around this page, where it has one. */
  shell?: HostApi['shell'];
}

/** The host's API as one page gets it. */
export function pageApi(api: HostApi, page: PageParticulars): HostApi {
  const { startProject, chooseFolder, onDidOpen, showOther, shell = api.shell } = page;
  const host: HostApi['host'] = {
    info: async (input) => {
      const [info, project] = await Promise.all([api.host.info(input), startProject()]);
      return info.ok && project !== null ? ok({ ...info.value, startProject: project }) : info;
    },
    onDidChangeSettings: (key, listener) => api.host.onDidChangeSettings(key, listener),
    updateSettings: (patch) => api.host.updateSettings(patch),
    chooseFolder: async (input) =>
      chooseFolder ? ok(await chooseFolder(input.title)) : await api.host.chooseFolder(input),
    onDidFault: (key, listener) => api.host.onDidFault(key, listener),
    shown: (input) => api.host.shown(input),
  };
  const open: HostApi['projects']['open'] = async (input) => {
    const opened = await api.projects.open(input);
    if (!opened.ok) return opened;
    if (showOther?.(opened.value.path)) return fail({ kind: 'in-another-window', path: opened.value.path });
    onDidOpen?.(opened.value);
    return opened;
  };
  return { ...api, host, shell, projects: withOpen(api.projects, open) };
}

/** The other members stay bound to the service that they belong to. */
function withOpen(projects: HostApi['projects'], open: HostApi['projects']['open']): HostApi['projects'] {
  return new Proxy(projects, {
    get: (service, name) => {
      if (name === 'open') return open;
      const member: unknown = Reflect.get(service, name);
      return typeof member === 'function' ? (member.bind(service) as unknown) : member;
    },
  });
}
