import type {DeploymentRecord, DeploymentStateRecord, StatusRecord} from './records.js'
import {isoOf, nodeId, type RepositoryShapes} from './shape-repository.js'

/** Statuses of commits, and deployments. */
export const createStatusShapes = ({root, html, user}: RepositoryShapes) => ({
  status: ({id, sha, context, state, description, by, atMs}: StatusRecord) => ({
    url: `${root}/statuses/${sha}`,
    avatar_url: null,
    id,
    node_id: nodeId('Status', id),
    state,
    description,
    target_url: null,
    context,
    created_at: isoOf(atMs),
    updated_at: isoOf(atMs),
    creator: user(by),
  }),
  deployment: ({id, sha, ref, environment, by, atMs}: DeploymentRecord) => ({
    url: `${root}/deployments/${id}`,
    id,
    node_id: nodeId('Deployment', id),
    sha,
    ref,
    task: 'deploy',
    payload: {},
    environment,
    description: null,
    creator: user(by),
    created_at: isoOf(atMs),
    updated_at: isoOf(atMs),
    statuses_url: `${root}/deployments/${id}/statuses`,
    repository_url: root,
  }),
  deploymentStatus: (
    {id: deployment, environment}: DeploymentRecord,
    {id, state, description, by, atMs}: DeploymentStateRecord,
  ) => ({
    url: `${root}/deployments/${deployment}/statuses/${id}`,
    id,
    node_id: nodeId('DeploymentStatus', id),
    state,
    creator: user(by),
    description,
    environment,
    target_url: `${html}/deployments`,
    created_at: isoOf(atMs),
    updated_at: isoOf(atMs),
    deployment_url: `${root}/deployments/${deployment}`,
    repository_url: root,
  }),
})
