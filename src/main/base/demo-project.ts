import type { HostApi } from '#shared/contract/index.ts';
import type { FaultReporter } from '#shared/rpc/serve.ts';

/** The path of the demo, which is made when it is not there; null when it cannot be, which is reported. */
export async function demoProject(
  projects: Pick<HostApi['projects'], 'createDemo'>,
  reportFault: FaultReporter,
): Promise<string | null> {
  const made = await projects.createDemo({});
  if (made.ok) return made.value.path;
  const { path, message } = made.error;
  reportFault('demo', new Error(`The demo project could not be written at ${path}: ${message}`));
  return null;
}
