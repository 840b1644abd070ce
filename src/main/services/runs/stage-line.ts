import type { Stage, StageId } from '#shared/contract/runs.ts';
import { stageWords } from '#shared/stage-words.ts';

/** A stage as a line on the run's own terminal; null when there is nothing to say. */
export function stageLine(stage: StageId, state: Stage['state'], detail: string | null): string | null {
  const words = stageWords[stage].doing;
  const plain = detail === null ? '' : ` ${clean(detail)}`;
  switch (state) {
    case 'running':
      return `\x1b[2m· ${words}${plain === '' ? ' …' : `:${plain}`}\x1b[0m\r\n`;
    case 'failed':
      return `\x1b[31m✗ ${words} failed.\x1b[0m${plain}\r\n`;
    case 'done':
    case 'skipped':
    case 'pending':
      return null;
  }
}

/** What Git or a config says goes onto the screen as text: no escape sequence of theirs is obeyed. */
function clean(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what it removes
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}
