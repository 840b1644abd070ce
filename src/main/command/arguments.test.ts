import { describe, expect, it } from 'vitest';

import { parseCommandArguments } from './arguments.ts';

describe('what is typed', () => {
  it.each([
    [[], 'Say what to do'],
    [['dance'], 'There is no command “dance”'],
    [['spawn'], 'Say which specs'],
    [['stop'], 'Say which runs'],
    [['spawn', 'a', '--variants', '9'], 'from 1 to 8'],
    [['spawn', 'a', '--variants', 'x'], 'from 1 to 8'],
    [['status', '--agent', 'shell'], '--agent is for spawn'],
    [['list', 'x'], 'takes no names'],
    [['open', 'a', 'b'], 'one folder'],
    [['list', '--nonsense'], 'nonsense'],
  ])('%j is not understood', (line, message) => {
    const parsed = parseCommandArguments(line, '/');
    expect(parsed.ok ? '' : parsed.error.message).toContain(message);
  });
});
