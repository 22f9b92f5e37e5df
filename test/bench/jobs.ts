/** What runs in a process of its own: `node jobs.mjs <job> <argument>…` prints one sample as JSON. */
import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {load} from 'js-yaml'
import {findTies} from '../../scripts/core/greet/find-ties.js'
import {createPeople} from '../../scripts/core/greet/member-context.js'
import type {Directory} from '../../scripts/core/model/directory.js'
import {digestOf} from '../../scripts/core/model/canonical.js'
import {assembleRelease} from '../../scripts/core/release/assemble-release.js'
import {checkLoaded} from '../../scripts/pipeline/check-loaded.js'
import {understandConfig} from '../../scripts/pipeline/load.js'
import {readConfigFolder} from '../../scripts/pipeline/read-config-folder.js'
import {reportOnFolder} from '../../scripts/pipeline/validate-report.js'
import {makeTyingWorld} from './decision-world.js'

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

/** Loaded, and made into the release and its digest. */
async function compileRelease(folder: string): Promise<unknown> {
  const {config} = understandConfig(await readConfigFolder(folder))
  const release = assembleRelease(config)
  return [release, digestOf(release)]
}

/** `"<schedules> <members>"`: each shop has schedules that nearly tie, and one shop in a hundred has two that do. */
function ties(sizes: string): unknown {
  const [schedules = 0, members = 0] = sizes.split(' ').map(Number)
  const {release, directory} = makeTyingWorld(schedules, members)
  const found = findTies(release, createPeople(directory, release), NOW_MS, NOW_MS + 400 * 86_400_000)
  if (found.length === 0) throw new Error('a world with ties gave none')
  return found
}

const JOBS: Readonly<Record<string, (argument: string) => unknown>> = {
  parse: readAndParse,
  validate,
  'validate-kept': validateKept,
  'plain-index': plainIndex,
  people,
  release: compileRelease,
  ties,
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
