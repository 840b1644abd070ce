export interface SpecText {
  title: string;
  agents?: readonly string[];
  base?: string;
  branch?: string;
  /** What scribe asks before it commits. */
  ask?: string;
  /** A command that proves it. */
  check?: string;
  /** Path and text of what scribe writes. */
  files?: Readonly<Record<string, string>>;
}

/** A spec as a person writes one, with its files quoted, so that scribe can carry it out. */
export function specText({ title, agents = ['scribe'], base, branch, ask, check, files = {} }: SpecText): string {
  const lines = [
    '---',
    `title: ${JSON.stringify(title)}`,
    `agents: [${agents.join(', ')}]`,
    ...(base === undefined ? [] : [`base: ${base}`]),
    ...(branch === undefined ? [] : [`branch: ${branch}`]),
    ...(ask === undefined ? [] : [`ask: ${JSON.stringify(ask)}`]),
    ...(check === undefined
      ? []
      : ['acceptance:', '  - id: proven', '    text: It does what it says.', `    check: ${JSON.stringify(check)}`]),
    '---',
    '',
    `# ${title}`,
    '',
  ];
  const quoted = Object.entries(files).map(([path, text]) => `\`\`\`\`text file="${path}"\n${text}\`\`\`\`\n`);
  return [...lines, ...quoted].join('\n');
}
