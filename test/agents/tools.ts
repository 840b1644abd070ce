import type { Step } from './plan.ts';

/** A tool as the agent offers it to the model. */
export interface Tool {
  name: string;
  /** JSON Schema of its input; null for one that takes free text. */
  schema: Schema | null;
}

interface Schema {
  properties?: Record<string, { type?: string | readonly string[]; enum?: readonly unknown[] }>;
  required?: readonly string[];
}

export interface ToolUse {
  name: string;
  /** An object for a tool with a schema, text for one without. */
  input: Record<string, unknown> | string;
}

const writers = /^(?:write|write_file|create|create_file|editor|edit_file)$/i;
const shells = /^(?:bash|shell|exec_command|run_shell_command|execute|local_shell|shell_command|container\.exec)$/i;

/** The step as a use of one of the agent's tools; a file that no tool writes is written by its shell. */
export function toolFor(step: Exclude<Step, { do: 'say' }>, tools: readonly Tool[], folder: string): ToolUse {
  const writer = tools.find(({ name, schema }) => writers.test(name) && schema !== null);
  const patch = tools.find(({ name, schema }) => name === 'apply_patch' && schema === null);
  const shell = tools.find(({ name }) => shells.test(name));
  if (step.do === 'write') {
    const path = `${folder}/${step.path}`;
    if (writer) return { name: writer.name, input: fill(writer, path, step.text) };
    if (patch) {
      const lines = step.text
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => `+${line}`);
      return {
        name: patch.name,
        input: ['*** Begin Patch', `*** Add File: ${step.path}`, ...lines, '*** End Patch', ''].join('\n'),
      };
    }
  }
  if (!shell) throw new Error(`there is no tool for it among ${tools.map(({ name }) => name).join(', ')}`);
  const command =
    step.do === 'run' ? step.command : `printf %s '${step.text.replaceAll("'", `'\\''`)}' > '${step.path}'`;
  return { name: shell.name, input: fill(shell, command, 'Does the next step') };
}

/** Fills a tool's input by the names of its fields: the first is what it is about, the second what goes in. */
function fill({ schema }: Tool, subject: string, content: string): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  const fields = schema?.properties ?? {};
  for (const [name, field] of Object.entries(fields)) {
    const isNeeded = schema?.required?.includes(name) ?? false;
    if (/^(?:command|cmd|file_?path|path|absolute_path)$/i.test(name)) {
      input[name] = field.type === 'array' ? ['bash', '-lc', subject] : subject;
    } else if (/^(?:content|contents|text|file_text|description|justification)$/i.test(name)) {
      input[name] = content;
    } else if (name === 'sandbox_permissions') {
      // Codex asks the person only when the model asks to leave the sandbox.
      input[name] = 'require_escalated';
    } else if (isNeeded) {
      input[name] = field.enum?.[0] ?? { boolean: false, number: 60_000, integer: 60_000 }[String(field.type)] ?? 'x';
    }
  }
  return input;
}
