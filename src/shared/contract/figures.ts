import { z } from 'zod';

import { projectId, type RunId } from '#shared/ids.ts';

import { call, fails, returns } from './define.ts';

/** What agents have used, as far as they report it. Counts of tokens; money in US dollars. */
export interface Usage {
  input: number;
  output: number;
  /** Input that was read from the model's cache, and written to it. */
  cacheRead: number;
  cacheWrite: number;
  /** Null: no price was reported. */
  cost: number | null;
}

/** One week of a project, from Monday on in the host's zone. Times are in milliseconds. */
export interface WeekFigures {
  beginsAt: number;
  endsAt: number;
  /** Specs of which a run was merged here. */
  specsMerged: number;
  runsStarted: number;
  /** How long agents were at work, all of them added up. */
  agentTime: number;
  /** How long at least one of them was. */
  wallTime: number;
  /** How often a run stopped and waited for the person: questions and failures. */
  interruptions: number;
  /** How long the person looked at runs: terminals, reviews and files, with a key or the pointer in the last two minutes. */
  personTime: number;
  usage: Usage | null;
}

export interface RunFigures {
  runId: RunId;
  title: string;
  agent: string;
  branch: string;
  createdAt: number;
  agentTime: number;
  interruptions: number;
  personTime: number;
  /** Null: its agent reports none, or has used nothing yet. */
  usage: Usage | null;
  isMerged: boolean;
}

export interface Figures {
  /** The latest first, without a gap; at most twelve. */
  weeks: readonly WeekFigures[];
  /** The latest first, at most a hundred; also of runs that were deleted and can be restored. */
  runs: readonly RunFigures[];
  /** What is left out, because nobody knows. */
  unknown: {
    /** Times at work whose end nobody saw: a restart of the machine, a crash of the terminal host. */
    openEnds: number;
    /** Merged outside of the app: it is not known when. */
    mergesWithoutTime: number;
    /** Runs that were at work and of which no tokens were reported. */
    runsWithoutUsage: number;
  };
}

export const figures = {
  /** What the project's record says of its runs. Forgotten runs, and those deleted without a snapshot, are in none of it. */
  read: call(z.object({ projectId }), returns<Figures>(), fails<never>()),
};
