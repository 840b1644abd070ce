// One screen parses one costly output, or many short sequences: `node bench/parse-cost.ts NAME`. Prints a line of JSON.
import { OutputBounds } from '#main/ptyhost/bound-output.ts';
import { Screen } from '#main/ptyhost/screen.ts';
import { costlyOutput, seeded, shortSequence } from '#shared/terminal/test-sequences.ts';

const [name = ''] = process.argv.slice(2);
const pieceChars = 65_536;
const screen = new Screen({ cols: 120, rows: 40, scrollback: 5000 });
const bounds = new OutputBounds();

/** Milliseconds of the processor: on a busy machine others' time does not count. */
function cost(output: string): number {
  const before = process.cpuUsage();
  for (let at = 0; at < output.length; at += pieceChars) screen.write(bounds.pass(output.slice(at, at + pieceChars)));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

cost('a line to begin with\r\n'.repeat(6000));
if (name === 'short sequences') {
  const random = seeded(Date.now());
  let worst = { milliseconds: 0, sequence: '' };
  const before = process.memoryUsage().rss;
  for (let round = 0; round < 20_000; round++) {
    const sequence = shortSequence(random);
    // What is compiled or collected in between takes its time once; what the sequence costs it costs each time.
    let milliseconds = cost(sequence);
    for (let again = 0; again < 3 && milliseconds > 5; again++) milliseconds = Math.min(milliseconds, cost(sequence));
    if (milliseconds > worst.milliseconds) worst = { milliseconds, sequence };
  }
  const megabytes = (process.memoryUsage().rss - before) / 1e6;
  console.log(JSON.stringify({ bytes: 64, milliseconds: worst.milliseconds, megabytes, sequence: worst.sequence }));
} else {
  const output = costlyOutput[name]?.();
  if (output === undefined) throw new Error(`no output of the name ${name}`);
  const before = process.memoryUsage().rss;
  const milliseconds = cost(output);
  const megabytes = (process.memoryUsage().rss - before) / 1e6;
  console.log(JSON.stringify({ bytes: output.length, milliseconds, megabytes }));
}
