import { agents } from './agents.ts';
import { attention } from './attention.ts';
import { comments } from './comments.ts';
import { conflicts } from './conflicts.ts';
import type { Api } from './define.ts';
import { figures } from './figures.ts';
import { files } from './files.ts';
import { host } from './host.ts';
import { imports } from './imports.ts';
import { machine } from './machine.ts';
import { openIn } from './open-in.ts';
import { invariants } from './invariants.ts';
import { merges } from './merges.ts';
import { pairs } from './pairs.ts';
import { projects } from './projects.ts';
import { gates } from './gates.ts';
import { prompts } from './prompts.ts';
import { provenance } from './provenance.ts';
import { pullRequests } from './pull-requests.ts';
import { radar } from './radar.ts';
import { review } from './review.ts';
import { runs } from './runs.ts';
import { shell } from './shell.ts';
import { specs } from './specs.ts';
import { terminals } from './terminals.ts';
import { train } from './train.ts';
import { trash } from './trash.ts';
import { variants } from './variants.ts';

/** Everything that a page can ask of its host. Nothing else is reachable. */
export const contract = {
  host,
  projects,
  specs,
  imports,
  prompts,
  invariants,
  agents,
  runs,
  terminals,
  review,
  merges,
  radar,
  pairs,
  gates,
  files,
  train,
  machine,
  openIn,
  attention,
  figures,
  comments,
  conflicts,
  trash,
  provenance,
  variants,
  shell,
  pullRequests,
};
export type HostApi = Api<typeof contract>;
