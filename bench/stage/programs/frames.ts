// Repaints the whole screen as an agent's TUI does: `node frames.ts FRAMES_A_SECOND`. Truecolor, synchronized output.
import { writeSync } from 'node:fs';

const words = ['const', 'await', 'function', 'return', 'import', 'export', 'async', 'worktree', 'branch', 'merge'];
const { columns: cols, rows } = process.stdout;
const pause = 1000 / Number(process.argv[2] ?? 30);

let seed = 42;
const random = (): number => {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return seed >> 8;
};

function frame(number: number): Buffer {
  let text = '\x1b[?2026h\x1b[H';
  for (let row = 0; row < rows - 2; row++) {
    for (let used = 0; used < cols - 12;) {
      const word = words[random() % words.length] ?? '';
      const colour = [random() & 255, random() & 255, random() & 255].join(';');
      text += `\x1b[38;2;${colour}m${word}\x1b[0m `;
      used += word.length + 1;
    }
    text += '\x1b[K\r\n';
  }
  return Buffer.from(`${text}Thinking ${String(number)}\x1b[K\x1b[?2026l`);
}

// Made beforehand: what is measured is the terminal, not this program.
const frames = Array.from({ length: 32 }, (_, number) => frame(number));
for (let shown = 0, next = performance.now(); ; shown++) {
  writeSync(1, frames[shown % frames.length] ?? Buffer.alloc(0));
  next += pause;
  const now = performance.now();
  // One that was held up does not hurry afterwards.
  if (next < now) next = now;
  else await new Promise((resolve) => setTimeout(resolve, next - now));
}
