#!/usr/bin/env node
// What `npx yingbin` starts: the bundle, made anew when a source is newer (or when there is none yet).
import {readFileSync, statSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

// Every start asks this of some hundred files, so it works on plain paths.
function isFresh() {
  const inputs = `${root}.build/inputs.json`
  try {
    const builtAt = statSync(inputs).mtimeMs
    return JSON.parse(readFileSync(inputs, 'utf8')).every((file) => statSync(root + file).mtimeMs <= builtAt)
  } catch (error) {
    if (error.code === 'ENOENT') return false
    throw error
  }
}

if (!isFresh()) {
  const {build} = await import('./build.mjs')
  await build()
}
const {main} = await import('../.build/cli.mjs')
process.exitCode = await main(process.argv.slice(2), fileURLToPath(import.meta.url))
