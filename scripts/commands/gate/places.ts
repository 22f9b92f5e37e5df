import type {Door} from '../door.js'

/** As Actions names them; `null` elsewhere. */
export function pullUrl({env}: Door, number: number): string | null {
  const {GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository} = env
  return server && repository ? `${server}/${repository}/pull/${number}` : null
}

/** The run whose artifacts hold the whole report. */
export function runUrl({env}: Door): string | null {
  const {GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run} = env
  return server && repository && run ? `${server}/${repository}/actions/runs/${run}` : null
}
