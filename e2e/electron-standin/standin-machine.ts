/** What machine and build the stand-in plays, where it is not the one that it runs on. Read by the stand-in alone. */
export interface StandinMachine {
  /** Whose menus, notices, dock and task bar there are. What is below (paths, pipes, processes) stays this machine's. */
  platform: NodeJS.Platform;
  /** Whether it is the app as people have it, rather than one that is being developed. */
  isPackaged: boolean;
  /** Events of the app's from before it is ready: a link that started it, a folder that was dropped on it. */
  early: readonly (readonly ['open-url' | 'open-file', string])[];
}

export const machineVariable = 'SWITCHYARD_STANDIN_MACHINE';

const given = JSON.parse(process.env[machineVariable] ?? '{}') as Partial<StandinMachine>;
export const standinMachine: StandinMachine = {
  platform: process.platform,
  isPackaged: false,
  early: [],
  ...given,
};

/** Has the stand-ins that are started with this environment play another machine. */
export function playMachine(env: NodeJS.ProcessEnv, machine: Partial<StandinMachine>): void {
  env[machineVariable] = JSON.stringify(machine);
}
