import {cpSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {dump, load} from 'js-yaml'
import {createGreeter} from '../../core/greet/create-greeter.js'
import type {Config} from '../../core/model/config.js'
import type {WrittenLinks, WrittenTemplate} from '../../core/model/written.js'
import {assembleDirectory, assembleRelease} from '../../core/release/assemble-release.js'

/** Registered by us, but nobody has associated it with the company in WeCom. */
export const UNASSOCIATED_APPID = 'wx00000000000000ff'

export interface PlantedFault {
  /** Proposed first: a registry change has a pull request of its own. */
  readonly before: readonly string[]
  readonly folder: string
  readonly template: string
}

/** Copies the configuration and gives the template most members say now a mini-program WeCom will refuse. */
export function plantMiniprogram(config: Config, from: string, to: string, nowMs: number): PlantedFault | null {
  const template = mostSaidWithMiniprogram(config, nowMs)
  if (!template) return null
  const registered = `${to}-registered`
  for (const folder of [registered, to]) {
    rmSync(folder, {recursive: true, force: true})
    cpSync(from, folder, {recursive: true})
    edit<WrittenLinks>(join(folder, config.links.file), (value) => ({
      ...value,
      miniprograms: [
        ...(value.miniprograms ?? []),
        {appid: UNASSOCIATED_APPID, owner: '演示', title: '未关联的小程序'},
      ],
    }))
  }
  edit<WrittenTemplate>(join(to, template.file), (value) => ({
    ...value,
    attachments: (value.attachments ?? []).map((attachment) =>
      attachment.type === 'miniprogram' ? {...attachment, appid: UNASSOCIATED_APPID} : attachment,
    ),
  }))
  return {before: [registered], folder: to, template: template.id}
}

function mostSaidWithMiniprogram(config: Config, nowMs: number) {
  const directory = assembleDirectory(config)
  const greeter = createGreeter(assembleRelease(config), directory)
  const counts = new Map<string, number>()
  for (const {id} of directory.members) {
    const {template} = greeter.choose({member: id, atMs: nowMs})
    if (template) counts.set(template, (counts.get(template) ?? 0) + 1)
  }
  return [...config.templates.values()]
    .filter(({value}) => (value.attachments ?? []).some(({type}) => type === 'miniprogram'))
    .sort((a, b) => (counts.get(b.id) ?? 0) - (counts.get(a.id) ?? 0))[0]
}

function edit<T>(file: string, change: (value: T) => T): void {
  writeFileSync(file, dump(change(load(readFileSync(file, 'utf8'), {filename: file}) as T)))
}
