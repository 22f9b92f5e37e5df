#!/usr/bin/env node
// What `npx yingbin` starts: the bundle, made anew when a source is newer (or when there is none yet).
import {readFileSync, statSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

const bundle = new URL('../.build/cli.mjs', import.meta.url)
const inputs = new URL('../.build/inputs.json', import.meta.url)

function isFresh() {
  try {
    const builtAt = statSync(inputs).mtimeMs
    const files = JSON.parse(readFileSync(inputs, 'utf8'))
    return files.every((file) => statSync(new URL(`../${file}`, import.meta.url)).mtimeMs <= builtAt)
  } catch (error) {
    if (error.code === 'ENOENT') return false
    throw error
  }
}

if (!isFresh()) {
  const {build} = await import('./build.mjs')
  await build()
}
const {main} = await import(bundle.href)
process.exitCode = await main(process.argv.slice(2), fileURLToPath(import.meta.url))
