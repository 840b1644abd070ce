import type { PromptOrigin } from '#shared/contract/prompts.ts';
import type { ModuleNeeds, ModuleParameter } from '#shared/prompt/module-file.ts';
import type { PromptPick } from '#shared/spec/prompt-picks.ts';

import type { PromptText } from './compose.ts';

/** A module with what its front matter declares. */
export interface ModuleText extends PromptText {
  origin: PromptOrigin;
  description: string;
  /** Below the front matter. */
  body: string;
  always: boolean;
  agents: readonly string[];
  parameters: readonly ModuleParameter[];
  needs: ModuleNeeds;
  /** Errors of the front matter, in sentences. */
  errors: readonly string[];
}

export interface PickedModule {
  module: ModuleText;
  values: Readonly<Record<string, string>>;
  problems: readonly string[];
}

export interface PickInput {
  /** One of each name. */
  modules: readonly ModuleText[];
  /** Why a module that has a file cannot be used, by name. */
  unread: ReadonlyMap<string, string>;
  always: readonly string[];
  picks: readonly PromptPick[];
  agentId: string | null;
  missingFiles: ReadonlySet<string>;
}

/**
 * The modules of a prompt, each once, in an order that depends on nothing but the files: what the project's config asks
 * for, what asks for itself, what is meant for the agent, what the spec names; and each after those that it needs.
 */
export function pickModules(input: PickInput): { picked: readonly PickedModule[]; problems: readonly string[] } {
  const { modules, agentId, picks } = input;
  const byId = new Map(modules.map((module) => [module.id, module]));
  const values = new Map(picks.map((pick) => [pick.id, pick.values]));
  const wanted = [
    ...input.always,
    ...modules.filter(({ always }) => always).map(({ id }) => id),
    ...modules.filter(({ agents }) => agentId !== null && agents.includes(agentId)).map(({ id }) => id),
    ...picks.map(({ id }) => id),
  ];
  const problems: string[] = [];
  const picked = new Map<string, PickedModule>();
  const missing = new Set<string>();

  const visit = (id: string, path: readonly string[]): void => {
    if (path.includes(id)) {
      const cycle = [...path.slice(path.indexOf(id)), id].map((each) => `“${each}”`).join(' needs ');
      problems.push(`${cycle}: that is a circle, so they stand in the order in which they were found.`);
      return;
    }
    if (picked.has(id) || missing.has(id)) return;
    const module = byId.get(id);
    if (!module) {
      missing.add(id);
      const needer = path.at(-1);
      const why = needer === undefined ? '' : ` The module “${needer}” needs it.`;
      problems.push(`${input.unread.get(id) ?? `There is no prompt module “${id}” in .switchyard/prompts.`}${why}`);
      return;
    }
    for (const needed of module.needs.modules) visit(needed, [...path, id]);
    if (!picked.has(id)) picked.set(id, fillModule(module, values.get(id) ?? {}, input));
  };
  for (const id of wanted) visit(id, []);
  return { picked: [...picked.values()], problems };
}

function fillModule(
  module: ModuleText,
  given: PromptPick['values'],
  { agentId, missingFiles }: Pick<PickInput, 'agentId' | 'missingFiles'>,
): PickedModule {
  const { id, parameters, needs } = module;
  const name = `The module “${id}”`;
  const values: Record<string, string> = {};
  const problems: string[] = [...module.errors];
  for (const parameter of parameters) {
    const value = Object.hasOwn(given, parameter.name) ? given[parameter.name] : parameter.default;
    if (value !== null && value !== undefined && (value !== '' || !parameter.required)) values[parameter.name] = value;
    else if (parameter.required) {
      const use = parameter.description === '' ? '' : `: ${parameter.description.replace(/\.$/, '')}`;
      problems.push(`${name} needs a value for {{${parameter.name}}}${use}.`);
    } else values[parameter.name] = '';
  }
  const known = parameters.map((parameter) => parameter.name);
  for (const unknown of Object.keys(given).filter((each) => !known.includes(each))) {
    const has = known.length === 0 ? 'It has none' : `It has ${known.map((each) => `“${each}”`).join(', ')}`;
    problems.push(`${name} has no parameter “${unknown}”. ${has}.`);
  }
  for (const file of needs.files.filter((each) => missingFiles.has(each))) {
    problems.push(`${name} needs the file ${file}, which is not in the project.`);
  }
  if (agentId !== null && needs.agents.length > 0 && !needs.agents.includes(agentId)) {
    problems.push(`${name} is written for ${needs.agents.join(', ')}, and this prompt goes to ${agentId}.`);
  }
  return { module, values, problems };
}
