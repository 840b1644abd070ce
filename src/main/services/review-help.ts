import { DisposableStore, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import { specSlug, type ProjectId } from '#shared/ids.ts';
import { fail, ok } from '#shared/result.ts';
import { parseSpec, type ParsedSpec } from '#shared/spec/spec-file.ts';

import { CommentStore } from './comments/comment-store.ts';
import { Comments } from './comments/comments.ts';
import { Conflicts } from './conflicts/conflicts.ts';
import type { EvidenceStore } from './gates/evidence-store.ts';
import type { Gates } from './gates/gates.ts';
import { CheckTerminals } from './gates/check-terminals.ts';
import type { Gh } from './gh/gh.ts';
import type { Git } from './git/git.ts';
import { readInvariants } from './invariants/read-invariants.ts';
import type { Projects } from './projects/projects.ts';
import { MergeRecords } from './provenance/merge-records.ts';
import { Provenance } from './provenance/provenance.ts';
import { PullRequestStore } from './pull-requests/pull-request-store.ts';
import { PullRequests } from './pull-requests/pull-requests.ts';
import type { Reviews } from './review/reviews.ts';
import { RunStore } from './runs/run-store.ts';
import { proposeBranch } from './runs/taken-run.ts';
import type { Runs } from './runs/runs.ts';
import type { Snapshots } from './snapshots/snapshots.ts';
import { Trash } from './snapshots/trash.ts';
import type { Specs } from './specs/specs.ts';
import type { Store } from './store/store.ts';
import type { Terminals } from './terminals/terminals.ts';
import { mergePlace, messagesTo, originsOf, runProject, titleOf, trainProject } from './views-of-runs.ts';

interface ReviewHelpOptions {
  git: Git;
  gh: Gh;
  gates: Pick<Gates, 'of'>;
  log: Log;
  runs: Runs;
  reviews: Reviews;
  projects: Projects;
  specs: Specs;
  snapshots: Snapshots;
  terminals: Terminals;
  /** The record of an open project. */
  storeOf: (id: ProjectId) => Store | null;
  evidenceOf: (id: ProjectId) => EvidenceStore | null;
  /** Runs a command of the project's config through this platform's shell. */
  shell: (command: string) => { command: string; args: readonly string[] };
}

/** The services around a review and a merge. Called by `services.ts` alone, of which this is a part. */
export interface ReviewHelp extends Disposable {
  comments: Comments;
  conflicts: Conflicts;
  provenance: Provenance;
  trash: Trash;
  pullRequests: PullRequests;
}

export function createReviewHelp(options: ReviewHelpOptions): ReviewHelp {
  const { git, gh, gates, log, runs, reviews, projects, specs, snapshots, terminals, storeOf, evidenceOf, shell } =
    options;
  const owned = new DisposableStore();
  const specOf = async (id: ProjectId, slug: string): Promise<ParsedSpec | null> => {
    const file = await specs.read({ projectId: id, slug: specSlug.parse(slug) });
    return file.ok ? parseSpec(file.value.text) : null;
  };
  const comments = owned.add(
    new Comments({
      storeOf: (id) => {
        const found = runs.find(id);
        const store = found ? storeOf(found.run.projectId) : null;
        return store && new CommentStore(store);
      },
      runs: messagesTo(runs),
      review: {
        sides: (id, path) => reviews.sides(id, path),
        watch: (id, listener) => reviews.onDidChange({ id }, listener),
      },
      log,
    }),
  );
  const conflicts = owned.add(
    new Conflicts({
      git,
      runs: {
        find: (id) => {
          const place = mergePlace(runs, id);
          const run = runs.find(id)?.run;
          if (!place || !run) return null;
          const { projectId, spec, alsoHolds, lastMessage, status } = run;
          const isAtWork = status.kind === 'working' || status.kind === 'waiting';
          return { ...place, projectId, spec, alsoHolds, lastMessage, isAtWork };
        },
        alsoHold: (id, slugs) => runs.find(id)?.runs.alsoHold(id, slugs),
        handOver: (id, agentId, conflict) => runs.continueWith({ id, agentId, note: '', conflict }),
        spawn: async ({ projectId, spec: { slug }, base }, agentId, conflict) => {
          const project = projects.find(projectId);
          if (!project) return fail({ kind: 'run-missing' });
          const branch = proposeBranch(slug, 'solved', runProject(project), runs.all(projectId));
          const request = { slug, agentId, variants: 1, base, branch, conflict };
          const made = await runs.spawn({ projectId, requests: [request] });
          if (!made.ok) return made;
          const [run] = made.value;
          return run === undefined ? fail({ kind: 'run-missing' }) : ok(run);
        },
      },
      messages: messagesTo(runs),
      specOf: async (id, slug) => {
        const spec = await specOf(id, slug);
        if (spec === null) return null;
        const { title, acceptance } = spec.frontMatter;
        const unread = spec.unreadAcceptance.map(({ line, message }) => `specs/${slug}.md, line ${line}: ${message}`);
        return { slug, title, body: spec.body, acceptance, unread };
      },
      gatesOf: (id) => (projects.find(id)?.config.gates ?? []).filter(({ when }) => when !== 'by-hand'),
      invariantsOf: async (id) => {
        const project = projects.find(id);
        return project ? readInvariants(project.path) : [];
      },
      testsOf: (id) => projects.find(id)?.config.tests ?? null,
      projectOf: (id) => {
        const project = projects.find(id);
        return project ? { ...trainProject(project), shell } : null;
      },
      evidenceOf,
      snapshots,
      commands: new CheckTerminals({ kind: 'resolve', terminals, log }),
      log,
    }),
  );
  const runStoreOf = (id: ProjectId): RunStore | null => {
    const store = storeOf(id);
    return store && new RunStore(store);
  };
  const provenance = new Provenance({
    git,
    runs: originsOf(runs),
    filesOf: (id, path) => reviews.filesOf(id, path),
    deletedRun: (project, id) => {
      const run = runStoreOf(project)?.removed(id) ?? null;
      return run && { ...run, title: titleOf(run), agent: run.agent.label };
    },
    mergesOf: (id) => {
      const store = storeOf(id);
      return store ? new MergeRecords(store).all() : [];
    },
    titleOf: async (id, slug) => (await specOf(id, slug))?.frontMatter.title ?? null,
    log,
  });
  const trash = new Trash({
    git,
    snapshots,
    pathOf: (id) => projects.find(id)?.path ?? null,
    removedRuns: {
      titles: (id, refs) => runStoreOf(id)?.removedTitles(refs) ?? [],
      forget: (id, refs) => runStoreOf(id)?.forgetRemoved(refs),
    },
    log,
  });
  const pullRequests = owned.add(
    new PullRequests({
      git,
      gh,
      runs: {
        find: (id) => {
          const place = mergePlace(runs, id);
          const run = runs.find(id)?.run;
          return place && run
            ? { ...place, projectId: run.projectId, spec: { ...place.spec, title: titleOf(run) } }
            : null;
        },
      },
      storeOf: (id) => {
        const store = storeOf(id);
        return store && new PullRequestStore(store);
      },
      specOf: async (id, slug) => {
        const spec = await specOf(id, slug);
        return spec && { title: spec.frontMatter.title, body: spec.body };
      },
      checksOf: async (id) => (await gates.of(id))?.checks ?? [],
      comments,
      log,
    }),
  );
  return {
    comments,
    conflicts,
    provenance,
    trash,
    pullRequests,
    dispose: () => {
      owned.dispose();
    },
  };
}
