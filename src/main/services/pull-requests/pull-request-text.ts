import type { CheckState } from '#shared/contract/gates.ts';

export interface PullRequestSubject {
  specTitle: string;
  /** The spec's Markdown below its front matter; null: the spec is gone. */
  specBody: string | null;
  agentLabel: string;
  runId: string;
  checks: readonly CheckState[];
  /** The tree of the commit that is pushed: evidence counts for this one alone. */
  tree: string;
}

/** GitHub takes 65,536 characters; some are left for the person. */
const mostCharacters = 60_000;
const longestTitle = 256;

export const proposeTitle = ({ specTitle }: PullRequestSubject): string => oneLine(specTitle).slice(0, longestTitle);

/** What the pull request says of itself: the spec, and how far it is proved for exactly what is pushed. */
export function proposeBody(subject: PullRequestSubject): string {
  const { specBody, checks, agentLabel, runId } = subject;
  const of = (kind: CheckState['kind']): readonly CheckState[] => checks.filter((check) => check.kind === kind);
  const evidence = [
    section('Acceptance', of('acceptance'), subject),
    section('Gates', of('gate'), subject),
    section('Invariants', of('invariant'), subject),
    `Written by ${oneLine(agentLabel)} in the run ${runId}.`,
  ].filter((part) => part !== '');
  const proof = evidence.join('\n\n');
  const room = mostCharacters - proof.length;
  const text = (specBody ?? '').trim();
  const spec = text.length > room ? `${text.slice(0, Math.max(0, room - 30))}\n\n(The spec goes on.)` : text;
  return [spec, proof]
    .filter((part) => part !== '')
    .join('\n\n')
    .slice(0, mostCharacters);
}

function section(title: string, checks: readonly CheckState[], { tree }: PullRequestSubject): string {
  if (checks.length === 0) return '';
  const lines = checks.slice(0, 100).map((check) => {
    const { isMet, words } = standing(check, tree);
    const command = check.command === null ? '' : ` (${inCode(check.command)})`;
    return `- [${isMet ? 'x' : ' '}] ${escapeMarkdown(oneLine(check.title))}${command}: ${words}`;
  });
  const rest = checks.length - lines.length;
  return [`### ${title}`, '', ...lines, ...(rest > 0 ? [`- and ${String(rest)} more`] : [])].join('\n');
}

/** Only what was seen on these very files is said to hold. */
function standing({ state, evidence, question }: CheckState, tree: string): { isMet: boolean; words: string } {
  if (state === 'unreadable') return { isMet: false, words: 'cannot be read' };
  if (state === 'unproven') return { isMet: false, words: 'nothing proves it' };
  if (evidence === null) return { isMet: false, words: question === null ? 'not run' : 'not decided' };
  const isPass = evidence.outcome === 'passed' || evidence.outcome === 'met';
  if (evidence.tree !== tree || evidence.treeMoved) {
    return { isMet: false, words: `${isPass ? 'passed' : 'failed'} on other files than these` };
  }
  if (evidence.outcome === 'met') return { isMet: true, words: 'a person said that it is met' };
  if (isPass) return { isMet: true, words: 'passed' };
  return { isMet: false, words: evidence.outcome === 'cancelled' ? 'not run to its end' : 'failed' };
}

// oxlint-disable-next-line no-control-regex -- control characters are what is replaced
const oneLine = (text: string): string => text.replaceAll(/[\s\x00-\x1f\x7f]+/gu, ' ').trim();

/** As code, whatever backticks it has. */
function inCode(command: string): string {
  const text = oneLine(command).slice(0, 300);
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/gu), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${text}${fence}` : `${fence} ${text} ${fence}`;
}

/** What would be markup, a mention or a reference to an issue is to be read as it was written. */
const escapeMarkdown = (text: string): string =>
  text.replaceAll(/([\\`*_[\]<>])/gu, '\\$1').replaceAll(/([@#])(?=\w)/gu, '$1\u200b');
