import { countWords, hasFailed, type CheckSummary } from '#renderer/state/check-summary.ts';
import type { Collisions } from '#renderer/state/collisions.ts';
import { failedStage, runningStage } from '#renderer/state/run-words.ts';
import type { Need } from '#shared/board/derive-board.ts';
import type { RunInvariants } from '#shared/contract/invariants.ts';
import { stageIds, type Run } from '#shared/contract/runs.ts';
import { counted } from '#shared/counted.ts';
import { leftRunningWords } from '#shared/left-running-words.ts';
import { stageWords } from '#shared/stage-words.ts';
import { workElsewhereWords } from '#shared/work-elsewhere-words.ts';

/** The one sentence on a card that says what is going on. */
export interface RunNote {
  tone: 'muted' | 'waiting' | 'failed' | 'warning';
  text: string;
}

/** What is most worth saying about a run on its card; null when its status says it all. */
export function runNote(run: Run, need: Need | null): RunNote | null {
  const { status } = run;
  switch (need) {
    case 'waiting':
      return { tone: 'waiting', text: status.detail ?? 'It asked something in its terminal.' };
    case 'failed': {
      const stage = failedStage(run);
      const why = stage?.detail ?? status.detail ?? 'It gave no reason. Its terminal may show more.';
      return { tone: 'failed', text: stage ? `${stageWords[stage.id].name}: ${why}` : why };
    }
    case 'branch-missing':
      return { tone: 'warning', text: 'Its branch is gone, its files are still in the worktree.' };
    case 'worktree-missing':
      return { tone: 'warning', text: 'Its worktree is gone, its commits are safe on the branch.' };
    case 'work-elsewhere': {
      const words = workElsewhereWords(run);
      return {
        tone: 'warning',
        text: words ? `${words.fact} ${words.safe} Its review says how to take them over.` : '',
      };
    }
    case 'nothing-done':
      return { tone: 'warning', text: nothingDone(run) };
    case 'stuck':
      return {
        tone: 'warning',
        text: 'Stuck: it says that it works, but there was no output, no processor time and no change of a file since.',
      };
    case 'unclear':
      return { tone: 'warning', text: 'Nobody can say what became of it. Review it, or start it again.' };
    case null:
      break;
  }
  if (status.kind === 'preparing') {
    const stage = runningStage(run);
    if (!stage) return { tone: 'muted', text: 'Getting ready' };
    const at = `${String(stageIds.indexOf(stage.id) + 1)} of ${String(stageIds.length)}`;
    return { tone: 'muted', text: `${stageWords[stage.id].doing} (${at})` };
  }
  if (run.merged === null && !run.presence.branch && !run.presence.worktree && status.kind !== 'queued') {
    return { tone: 'muted', text: 'Its branch and worktree are gone. It can be forgotten.' };
  }
  if (run.decision.kind !== 'pending' && run.decision.reason !== '' && run.merged === null) {
    return { tone: 'muted', text: run.decision.reason };
  }
  // Once the agent rests, what it did last is no longer what it does; what it said last is what came of it.
  const text =
    status.kind === 'working' ? activityText(run.activity) || status.detail : status.detail || run.lastMessage;
  return text ? { tone: 'muted', text } : null;
}

/** How it ended belongs to it, unless it is the usual way. */
function nothingDone({ agent, status }: Run): string {
  const how =
    status.detail === null || status.detail === 'Ended normally' ? '' : `${status.detail.replace(/\.$/, '')}. `;
  return `${how}${agent.label} stopped without changing anything.`;
}

/** A terminal's title without the spinner that agents put before it: the card has one of its own. */
const activityText = (activity: string | null): string => (activity ?? '').replace(/^[^\p{L}\p{N}]+/u, '').trim();

/** A mark at the foot of a card. */
export interface RunMark {
  id: string;
  tone: 'neutral' | 'success' | 'warning' | 'danger' | 'accent';
  label: string;
  hint: string;
}

/** The marks of a run: what was decided, what is merged, what would be left out of a merge. */
export function runMarks(run: Run): readonly RunMark[] {
  const marks: RunMark[] = [];
  if (run.merged) {
    marks.push({
      id: 'merged',
      tone: 'success',
      label: `Merged into ${run.merged.into}`,
      hint: `${run.merged.into} contains it, as ${run.merged.commit.slice(0, 8)}${run.merged.method === 'outside' ? ', merged outside this app' : ''}.`,
    });
  } else if (run.decision.kind !== 'pending') {
    const word = { keep: 'Keep', modify: 'Modify', discard: 'Discard' }[run.decision.kind];
    const tone = { keep: 'success', modify: 'accent', discard: 'neutral' } as const;
    marks.push({
      id: 'decision',
      tone: tone[run.decision.kind],
      label: word,
      hint: run.decision.reason || `Decided: ${word.toLowerCase()}.`,
    });
  }
  const elsewhere = run.merged === null ? workElsewhereWords(run) : null;
  if (elsewhere) {
    const { branch = null } = run.presence.elsewhere ?? {};
    marks.push({
      id: 'elsewhere',
      tone: 'warning',
      label: branch === null ? 'detached HEAD' : `on ${branch}`,
      hint: `${elsewhere.fact} ${elsewhere.safe}`,
    });
  }
  const left = leftRunningWords(run);
  if (left) {
    marks.push({
      id: 'left-running',
      tone: 'neutral',
      label: left.short,
      hint: `${left.sentence} Its menu can stop that; so does deleting the run.`,
    });
  }
  const { changes } = run;
  if (changes && changes.uncommitted > 0) {
    marks.push({
      id: 'uncommitted',
      tone: 'warning',
      label: `${String(changes.uncommitted)} uncommitted`,
      hint: `${counted(changes.uncommitted, 'file')} with changes that are not committed. They are not part of a merge.`,
    });
  }
  if (changes && changes.behind > 0 && run.merged === null) {
    marks.push({
      id: 'behind',
      tone: 'neutral',
      label: `${String(changes.behind)} behind`,
      hint: `${run.base} has got ${counted(changes.behind, 'commit')} since this branch left it.`,
    });
  }
  return marks;
}

/** What of the radar is worth a mark on the card: a number, and where to read more. */
export function collisionMarks({ runIds, withBase, signals }: Collisions, base: string): readonly RunMark[] {
  const marks: RunMark[] = [];
  if (withBase) {
    marks.push({
      id: 'collides-base',
      tone: 'danger',
      label: `collides with ${base}`,
      hint: `It does not merge with ${base} as that is now. The radar shows where.`,
    });
  }
  if (runIds.length > 0) {
    marks.push({
      id: 'collides',
      tone: 'warning',
      label: `collides with ${String(runIds.length)}`,
      hint: `It does not merge with ${counted(runIds.length, 'other branch', 'other branches')}. The radar shows where.`,
    });
  }
  if (signals > 0 && runIds.length === 0) {
    marks.push({
      id: 'signals',
      tone: 'neutral',
      label: `${String(signals)} to check`,
      hint: 'Git would merge it, and something beyond the text says that it may not work together. The radar says what.',
    });
  }
  return marks;
}

/** What of the rules and the footprint is worth a mark: that something is wrong, and how much. */
export function invariantMarks(known: RunInvariants | undefined): readonly RunMark[] {
  if (!known) return [];
  const { findings, omitted, strays, behind } = known;
  const marks: RunMark[] = [];
  if (findings.length > 0) {
    const broken = new Set(findings.map(({ invariant }) => invariant)).size;
    const places = counted(findings.length + omitted, 'place');
    const [first] = findings;
    const where =
      first === undefined || first.path === null
        ? ''
        : ` ${first.path}${first.line === null ? '' : `:${String(first.line)}`}: ${first.words}`;
    marks.push({
      id: 'broken',
      tone: 'warning',
      label: `breaks ${counted(broken, 'invariant')}`,
      hint: `In ${places}: “${first?.title ?? ''}”.${where} Its review has all of them.`,
    });
  }
  if (strays.count > 0) {
    const more = strays.count > 3 ? ` and ${String(strays.count - 3)} more` : '';
    marks.push({
      id: 'strays',
      tone: 'neutral',
      label: `${String(strays.count)} outside`,
      hint: `It changes files outside of its spec’s footprint: ${strays.paths.slice(0, 3).join(', ')}${more}.`,
    });
  }
  if (behind.length > 0) {
    marks.push({
      id: 'behind-rules',
      tone: 'neutral',
      label: 'older invariants',
      hint: `${counted(behind.length, 'invariant has', 'invariants have')} changed since it was given them. Its review can tell the agent.`,
    });
  }
  return marks;
}

/** How the checks of a run stand, where there are any. What has not been run is no mark: it is not news. */
export function checkMarks({ gates, criteria, commands }: CheckSummary): readonly RunMark[] {
  const mark = (id: string, count: CheckSummary['gates'], what: string): readonly RunMark[] => {
    const hint = countWords(count, what);
    if (hint === null || (!hasFailed(count) && count.passed + count.stale + count.underWay === 0)) return [];
    const isWhole = count.passed === count.total;
    const tone = hasFailed(count) ? 'danger' : isWhole ? 'success' : 'neutral';
    return [{ id, tone, label: `${String(count.passed)}/${String(count.total)} ${what}`, hint: `${hint}.` }];
  };
  return [
    ...mark('gates', gates, 'gates'),
    ...mark('invariant-commands', commands, 'invariant checks'),
    ...mark('criteria', criteria, 'criteria'),
  ];
}
