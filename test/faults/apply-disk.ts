import {spawnSync} from 'node:child_process'
import {mkdirSync, readdirSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {type Ended, startProcess} from './apply-program.js'
import type {ApplyWorld} from './apply-world.js'

const PAGE_KIB = 4
const NAMESPACE = ['--map-root-user', '--mount', 'sh', '-c']

/** Whether this system lets anybody mount a small disk that only his own processes see. */
export const canHaveSmallDisk =
  spawnSync('unshare', [...NAMESPACE, 'mount -t tmpfs -o size=64k tmpfs "$1"', 'sh', tmpdir()]).status === 0

/** The store is put onto a disk with so much room, a command runs on it, and the store is put back as it left it. */
const ON_SMALL_DISK = `
set -e
store=$1 small=$2 free=$3
shift 3
mount -t tmpfs -o size=64m tmpfs "$small"
cp -a "$store/." "$small"
used=$(df -k --output=used "$small" | tail -1)
mount -o remount,size=$((used + free))k "$small"
code=0
"$@" --store "file:$small" || code=$?
rm -r "$store"
cp -a "$small" "$store"
exit $code
`

/** `yingbin apply` of the plan last made, with so many KiB of room for the store. */
export async function applyOnSmallDisk(world: ApplyWorld, freeKib: number): Promise<Ended> {
  const {folder, place} = world
  const small = join(folder, 'small')
  mkdirSync(small)
  const {argv, env} = await world.applyLine()
  const script = [ON_SMALL_DISK, 'sh', join(folder, 'store'), small, String(freeKib)]
  const command = [process.execPath, place.program, ...argv]
  return startProcess('unshare', [...NAMESPACE, ...script, ...command], folder, env).ended
}

/** What a world's store takes on such a disk, in KiB. */
export function kibOfStore({folder}: ApplyWorld): number {
  const entries = readdirSync(join(folder, 'store'), {recursive: true, withFileTypes: true})
  const files = entries.filter((entry) => entry.isFile()).map(({parentPath, name}) => join(parentPath, name))
  return files.reduce((sum, file) => sum + Math.ceil(statSync(file).size / (PAGE_KIB * 1024)) * PAGE_KIB, 0)
}
