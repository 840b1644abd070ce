import type { Browser } from '@playwright/test';

import type { Figure } from './figure.ts';

/** Figures that are taken together, in one file, by one name: `npm run bench -- --only NAME`. */
export interface Section {
  name: string;
  /** What it measures, for `--list`. */
  about: string;
  /** Absent: always. Others run when they are named, `slow` ones also in a run of everything without `--quick`. */
  runs?: 'slow' | 'when-named';
  /** Hands over each figure as soon as it is known. A throw ends this section, not the run, and fails the run. */
  measure(bench: Bench): Promise<void>;
}

/** What a section is given. */
export interface Bench {
  /** How often to measure each thing, in turn with its baseline: `--rounds`, else what the section says. */
  rounds(otherwise: number): number;
  /** For what is measured over time: `--minutes`, else what the section says. */
  minutes(otherwise: number): number;
  /** The installed Chromium; one for all sections, or one with more flags for this section alone. Closed at the end. */
  browser(flags?: readonly string[]): Promise<Browser>;
  report(figure: Figure): void;
  /** Says what could not be measured here, and why. No failure. */
  leaveOut(what: string, why: string): void;
  /** Says what is being done, or something found that is no figure. */
  say(words: string): void;
}
