/** What runs in a process of its own: `node jobs.mjs <job> <argument>…` prints one sample as JSON. */
import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {load} from 'js-yaml'
import {createPeople} from '../../scripts/core/greet/member-context.js'
import type {Directory} from '../../scripts/core/model/directory.js'
import {checkLoaded} from '../../scripts/pipeline/check-loaded.js'
import {understandConfig} from '../../scripts/pipeline/load.js'
import {readConfigFolder} from '../../scripts/pipeline/read-config-folder.js'
import {reportOnFolder} from '../../scripts/pipeline/validate-report.js'

/** The instant everything is checked at, so that two runs do the same. */
const NOW_MS = Date.UTC(2026, 10, 24)

/** The floor: read each file, parse it, keep the value. */
function readAndParse(folder: string): unknown[] {
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => load(readFileSync(join(entry.parentPath, entry.name), 'utf8')))
}

async function validate(folder: string): Promise<unknown> {
  return checkLoaded(understandConfig(await readConfigFolder(folder)), NOW_MS)
}

const validateKept = (folder: string): unknown =>
  reportOnFolder(folder, NOW_MS, {cacheFolder: `${folder}-cache`, program: 'bench'})

const readDirectory = (file: string): Directory => JSON.parse(readFileSync(file, 'utf8')) as Directory

function plainIndex(file: string): unknown {
  const {members} = readDirectory(file)
  return new Map(members.map((member) => [member.id, member]))
}

const people = (file: string): unknown => createPeople(readDirectory(file), {roleGrants: []})

const JOBS: Readonly<Record<string, (argument: string) => unknown>> = {
  parse: readAndParse,
  validate,
  'validate-kept': validateKept,
  'plain-index': plainIndex,
  people,
}

/** Held until the end, as a program that works with it would. */
const held: unknown[] = []

async function main([name = '', argument = '']: readonly string[]): Promise<void> {
  const job = JOBS[name]
  if (!job) throw new Error(`unknown job ${name}`)
  const startedAt = performance.now()
  const before = process.cpuUsage()
  held.push(await job(argument))
  const {user, system} = process.cpuUsage(before)
  const wallMs = performance.now() - startedAt
  const rssMiB = process.resourceUsage().maxRSS / 1024
  process.stdout.write(JSON.stringify({wallMs, cpuMs: (user + system) / 1000, rssMiB}))
}

await main(process.argv.slice(2))
