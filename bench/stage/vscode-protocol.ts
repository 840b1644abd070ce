/** What the page of the baseline sends. */
export type ToHost =
  | { kind: 'open'; id: number; cols: number; rows: number }
  | { kind: 'input'; id: number; data: string }
  | { kind: 'acknowledge'; id: number; chars: number };

export interface ToPage {
  id: number;
  data: string;
}

/** The constants of VS Code's terminal: `TerminalDataBufferer` and `FlowControlConstants`. */
export const vscode = {
  batchMilliseconds: 5,
  highWatermarkChars: 100_000,
  lowWatermarkChars: 5000,
  acknowledgeChars: 5000,
};
