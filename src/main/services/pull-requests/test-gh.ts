import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the scripted GitHub holds. */
export interface TestGithub {
  /** Hosts that `gh` is signed in to. */
  signedIn: readonly string[];
  /** By `owner/name`: the bare repository behind it, and what the person may do. */
  repositories: Readonly<
    Record<string, { bare: string; permission: string; isArchived?: boolean; parent?: { owner: string; name: string } }>
  >;
  pullRequests: readonly Readonly<Record<string, unknown>>[];
  threads: readonly unknown[];
  /** Makes the next calls end so. */
  trouble: 'network' | 'hang' | 'no-scope' | null;
}

/**
 * A program in the place of `gh` that answers in the forms of the real one (2.23, against a server that answered as
 * api.github.com does): exit codes, what goes to which stream, and GitHub's own JSON. What it knows is a file.
 */
export class TestGh {
  readonly #state: string;
  readonly #asked: string;

  private constructor(folder: string) {
    this.#state = join(folder, 'github.json');
    this.#asked = join(folder, 'github-asked');
  }

  /** `program`: where it is put, on a PATH. */
  static async create(program: string, folder: string, github: TestGithub): Promise<TestGh> {
    const gh = new TestGh(folder);
    await gh.change(() => github);
    await writeFile(gh.#asked, '');
    const lines = [
      `#!${process.execPath}`,
      `const statePath = ${JSON.stringify(gh.#state)};`,
      `const askedPath = ${JSON.stringify(gh.#asked)};`,
    ];
    await writeFile(program, [...lines, body].join('\n'));
    await chmod(program, 0o755);
    return gh;
  }

  async github(): Promise<TestGithub> {
    return JSON.parse(await readFile(this.#state, 'utf8')) as TestGithub;
  }

  async change(make: (github: TestGithub) => TestGithub): Promise<void> {
    const before = await this.github().catch(() => ({}) as TestGithub);
    await writeFile(this.#state, JSON.stringify(make(before)));
  }

  /** Changes the pull request with this number, as somebody on GitHub does. */
  changePullRequest(number: number, change: Readonly<Record<string, unknown>>): Promise<void> {
    return this.change((github) => ({
      ...github,
      pullRequests: github.pullRequests.map((each) => (each['number'] === number ? { ...each, ...change } : each)),
    }));
  }

  /** The arguments of each call. */
  async asked(): Promise<readonly (readonly string[])[]> {
    const text = await readFile(this.#asked, 'utf8');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as string[]);
  }
}

/** A check of a commit, as GraphQL tells it. */
export const checkRun = (name: string, conclusion: string | null) => ({
  __typename: 'CheckRun',
  name,
  status: conclusion === null ? 'IN_PROGRESS' : 'COMPLETED',
  conclusion,
});

export const rollupOf = (state: string, nodes: readonly unknown[]) => ({
  nodes: [{ commit: { statusCheckRollup: { state, contexts: { totalCount: nodes.length, nodes } } } }],
});

const body = String.raw`
const { execFileSync } = require('node:child_process');
const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
const args = process.argv.slice(2);
appendFileSync(askedPath, JSON.stringify(args) + '\n');
const github = JSON.parse(readFileSync(statePath, 'utf8'));
const end = (code, out, err) => {
  if (out) process.stdout.write(typeof out === 'string' ? out : JSON.stringify(out));
  if (err) process.stderr.write(err + '\n');
  process.exit(code);
};
const input = () => JSON.parse(readFileSync(0, 'utf8'));
const option = (name) => args[args.indexOf(name) + 1];
if (github.trouble === 'hang') {
  setInterval(() => undefined, 1000);
} else if (args[0] === 'auth' && args[1] === 'status') {
  const host = option('--hostname');
  if (github.signedIn.length === 0) end(1, '', 'You are not logged into any GitHub hosts. Run gh auth login to authenticate.');
  if (!github.signedIn.includes(host)) end(1, '', 'Hostname "' + host + '" not found among authenticated GitHub hosts');
  if (github.trouble === 'network') end(1, '', host + '\n  X ' + host + ': authentication failed\n  - The ' + host + ' token in hosts.yml is no longer valid.');
  end(0, '', host + '\n  ✓ Logged in to ' + host + ' as ann');
} else if (args[0] === 'api' && github.trouble === 'network') {
  end(1, '', 'error connecting to api.github.com\ncheck your internet connection or https://githubstatus.com');
} else if (args[0] === 'api' && args.includes('graphql')) {
  const { query, variables } = input();
  const name = variables.owner + '/' + variables.name;
  const repository = github.repositories[name];
  if (!repository) {
    const message = "Could not resolve to a Repository with the name '" + name + "'.";
    const errors = [{ type: 'NOT_FOUND', path: ['repository'], locations: [{ line: 2, column: 3 }], message }];
    end(1, { data: { repository: null }, errors }, 'gh: ' + message);
  }
  if (github.trouble === 'no-scope') {
    const message = 'Resource not accessible by personal access token';
    end(1, { data: { repository: null }, errors: [{ type: 'FORBIDDEN', message }] }, 'gh: ' + message);
  }
  const [owner, repo] = name.split('/');
  if (query.includes('viewerPermission')) {
    const parent = repository.parent ? { name: repository.parent.name, owner: { login: repository.parent.owner } } : null;
    end(0, { data: { repository: { name: repo, owner: { login: owner }, viewerPermission: repository.permission, isArchived: repository.isArchived === true, parent } } });
  }
  if (query.includes('reviewThreads')) {
    // One for each page, so that pages are read.
    const at = Number(variables.after ?? 0);
    const nodes = github.threads.slice(at, at + 1);
    const pageInfo = { hasNextPage: at + 1 < github.threads.length, endCursor: String(at + 1) };
    end(0, { data: { repository: { pullRequest: { reviewThreads: { pageInfo, nodes } } } } });
  }
  const nodes = github.pullRequests
    .filter((each) => each.headRefName === variables.branch)
    .toSorted((a, b) => b.number - a.number)
    .map(({ headRefName, ...each }) => each);
  end(0, { data: { repository: { pullRequests: { nodes } } } });
} else if (args[0] === 'api' && option('--method') === 'POST') {
  const [, owner, repo] = args.at(-1).split('/');
  const request = input();
  const [headOwner, branch] = request.head.split(':');
  const refuse = (errors) => {
    const message = 'Validation Failed';
    const words = errors.map((each) => each.message ?? each.resource + '.' + each.field + ' is invalid').join('\n');
    end(1, { message, errors, documentation_url: 'https://docs.github.com/rest/pulls/pulls#create-a-pull-request', status: '422' }, 'gh: ' + message + ' (HTTP 422)\n' + words);
  };
  const bareOf = (who) => {
    const found = Object.entries(github.repositories).find(([name]) => name.split('/')[0] === who);
    return found[1].bare;
  };
  const commitOf = (bare, name) => {
    try {
      return execFileSync('git', ['rev-parse', '--verify', '-q', 'refs/heads/' + name], { cwd: bare, encoding: 'utf8' }).trim();
    } catch {
      return null;
    }
  };
  const head = commitOf(bareOf(headOwner), branch);
  const base = commitOf(github.repositories[owner + '/' + repo].bare, request.base);
  if (!base) refuse([{ resource: 'PullRequest', field: 'base', code: 'invalid' }]);
  if (!head) refuse([{ resource: 'PullRequest', field: 'head', code: 'invalid' }]);
  if (head === base) refuse([{ resource: 'PullRequest', code: 'custom', message: 'No commits between ' + request.base + ' and ' + branch }]);
  const isThere = github.pullRequests.some((each) => each.headRefName === branch && each.state === 'OPEN');
  if (isThere) refuse([{ resource: 'PullRequest', code: 'custom', message: 'A pull request already exists for ' + headOwner + ':' + branch + '.' }]);
  const number = github.pullRequests.length + 7;
  const made = {
    number,
    title: request.title,
    body: request.body,
    state: 'OPEN',
    isDraft: request.draft,
    baseRefName: request.base,
    headRefName: branch,
    headRefOid: head,
    headRepositoryOwner: { login: headOwner },
    reviewDecision: null,
    commits: { nodes: [{ commit: { statusCheckRollup: null } }] },
  };
  writeFileSync(statePath, JSON.stringify({ ...github, pullRequests: [...github.pullRequests, made] }));
  end(0, { number, html_url: 'https://github.com/' + owner + '/' + repo + '/pull/' + number, state: 'open', draft: request.draft });
} else {
  end(1, '', 'unknown command "' + args[0] + '" for "gh"');
}
`;
