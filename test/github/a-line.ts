import {spawnSync} from 'node:child_process'
import {type ARepository, START_MS} from './a-repository.js'

export interface ALine {
  readonly branch: string
  readonly from: string
  readonly count: number
  /** How many files each commit writes. */
  readonly files?: number
}

const WHO = `lin <lin@hehe.example> ${START_MS / 1000} +0000`

/** Many commits at once, written by git itself behind the stand-in's back. */
export function importLine({folder}: ARepository, {branch, from, count, files = 1}: ALine): void {
  const commits = Array.from({length: count}, (_, index) =>
    [
      `commit refs/heads/${branch}`,
      `author ${WHO}`,
      `committer ${WHO}`,
      data(`commit ${index}`),
      ...(index === 0 ? [`from refs/heads/${from}^0`] : []),
      ...Array.from({length: files}, (_, file) => `M 100644 inline config/many/${file}.yaml\n${data(`n: ${index}`)}`),
      '',
    ].join('\n'),
  )
  const {status, stderr} = spawnSync('git', ['fast-import', '--quiet'], {cwd: folder, input: commits.join('\n')})
  if (status !== 0) throw new Error(stderr.toString())
}

const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}`
