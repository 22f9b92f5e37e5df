import {relative, sep} from 'node:path'
import type {Door} from '../door.js'

/** Where the configuration lies in the repository, from where the command was started. */
export const pathInRepository = (door: Door, config: string): string => relative(door.cwd, config).split(sep).join('/')

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
