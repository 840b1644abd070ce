/** What is asked of a repository before anything is pushed to it. */
export const repositoryQuery = `query($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) {
    name
    owner { login }
    viewerPermission
    isArchived
    parent { name owner { login } }
  }
}`;

/** The pull requests of a branch with all that a card shows. */
export const pullRequestsOfBranch = `query($owner: String!, $name: String!, $branch: String!) {
  repository(owner: $owner, name: $name) {
    pullRequests(headRefName: $branch, first: 20, orderBy: { field: CREATED_AT, direction: DESC }) {
      nodes {
        number
        title
        state
        isDraft
        baseRefName
        headRefOid
        headRepositoryOwner { login }
        reviewDecision
        commits(last: 1) {
          nodes {
            commit {
              statusCheckRollup {
                state
                contexts(first: 100) {
                  totalCount
                  nodes {
                    __typename
                    ... on CheckRun { name status conclusion }
                    ... on StatusContext { context state }
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}`;

export const threadsQuery = `query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      reviewThreads(first: 50, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          id
          isResolved
          path
          line
          originalLine
          diffSide
          comments(first: 50) {
            nodes {
              id
              databaseId
              body
              createdAt
              author { login }
              originalCommit { oid }
              pullRequestReview { state }
            }
          }
        }
      }
    }
  }
}`;
