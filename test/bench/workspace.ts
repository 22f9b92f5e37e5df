import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import * as esbuild from 'esbuild'
import {generateConfig, sizeOf, writeFiles} from './generate.js'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const LAUNCHER = join(ROOT, 'scripts/launch.mjs')
const SEED = 20_261_124

/** A temporary folder for generated work and bundles; removed by `close`. */
export interface Workspace {
  readonly folder: string
  /** The bundled {@link ./jobs.ts}. */
  readonly jobs: string
  /** The bundled {@link ./decision-job.ts}. */
  readonly decisions: string
  /** The bundled {@link ./rights-job.ts}. */
  readonly rights: string
  /** The bundled {@link ./fleet-job.ts}. */
  readonly fleet: string
  /** The bundled {@link ./respond-job.ts}. */
  readonly respond: string
  /** The bundled {@link ./load-job.ts}. */
  readonly load: string
  /** The bundled {@link ./rollback-job.ts}. */
  readonly rollback: string
  /** The bundled {@link ./stub-wecom.ts}. */
  readonly stub: string
  /** The bundled {@link ./plan-job.ts}. */
  readonly plan: string
  /** The bundled {@link ./quota-job.ts}. */
  readonly quota: string
  /** A configuration folder with so many templates, generated when first asked for. */
  config(templates: number): string
  close(): void
}

export async function openWorkspace(): Promise<Workspace> {
  const folder = mkdtempSync(join(tmpdir(), 'yingbin-bench-'))
  const {build, BUNDLE_OPTIONS} = (await import(join(ROOT, 'scripts/build.mjs'))) as BuildModule
  await build()
  await esbuild.build({
    ...BUNDLE_OPTIONS,
    entryPoints: {
      jobs: 'test/bench/jobs.ts',
      decisions: 'test/bench/decision-job.ts',
      rights: 'test/bench/rights-job.ts',
      respond: 'test/bench/respond-job.ts',
      fleet: 'test/bench/fleet-job.ts',
      load: 'test/bench/load-job.ts',
      rollback: 'test/bench/rollback-job.ts',
      stub: 'test/bench/stub-wecom.ts',
      plan: 'test/bench/plan-job.ts',
      quota: 'test/bench/quota-job.ts',
    },
    outdir: folder,
  })
  const made = new Map<number, string>()
  return {
    folder,
    jobs: join(folder, 'jobs.mjs'),
    decisions: join(folder, 'decisions.mjs'),
    rights: join(folder, 'rights.mjs'),
    respond: join(folder, 'respond.mjs'),
    fleet: join(folder, 'fleet.mjs'),
    load: join(folder, 'load.mjs'),
    rollback: join(folder, 'rollback.mjs'),
    stub: join(folder, 'stub.mjs'),
    plan: join(folder, 'plan.mjs'),
    quota: join(folder, 'quota.mjs'),
    config: (templates) => {
      let path = made.get(templates)
      if (!path) {
        made.set(templates, (path = join(folder, `config-${templates}`)))
        writeFiles(generateConfig(sizeOf(templates), SEED), path)
      }
      return path
    },
    close: () => rmSync(folder, {recursive: true, force: true}),
  }
}

interface BuildModule {
  build(): Promise<void>
  readonly BUNDLE_OPTIONS: esbuild.BuildOptions
}
