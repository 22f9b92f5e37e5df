import type {ContactWayValue, State} from '../../scripts/core/model/plan.js'
import {
  type ImportOutcome,
  importExisting,
  type ImportPorts,
  type ImportRequest,
} from '../../scripts/pipeline/import.js'
import {type LoadedConfig, understandConfig} from '../../scripts/pipeline/load.js'
import {FakeWeCom} from '../apply/fake-wecom.js'
import {createFakeClock} from '../apply/fake-clock.js'
import {createMemoryStore} from '../apply/memory-store.js'
import {aConfig, type Changes} from '../support/a-config.js'

export const ORGANIZATION = {
  departments: [
    {path: '/总部', id: 1},
    {path: '/总部/门店', id: 7},
  ],
  members: [
    {id: 'lina', departments: ['/总部/门店']},
    {id: 'WangWei', departments: ['/总部']},
  ],
}

export const aWay = (changes: Partial<ContactWayValue> = {}): ContactWayValue => ({
  type: 2,
  state: 'tianhe',
  remark: '天河店门头',
  skipVerify: true,
  users: ['lina'],
  parties: [],
  ...changes,
})

/** A company with codes made by hand, a folder in memory and a store; processes come and go. */
export class ImportWorld {
  readonly wecom = new FakeWeCom()
  readonly store = createMemoryStore(() => this.wecom.isDead)
  readonly clock = createFakeClock()
  readonly files: Map<string, string>
  /** Codes inside mini programs. */
  readonly buttons = new Set<string>()
  /** Before a file is written; may throw. */
  beforeFile: (path: string) => void = () => undefined

  constructor(changes: Changes = {}) {
    this.files = new Map(Object.entries(aConfig({'organization.yaml': ORGANIZATION, ...changes})))
  }

  loaded(): LoadedConfig {
    const files = [...this.files].map(([path, text]) => ({path, text}))
    return understandConfig({folder: 'config', files, assets: new Map(), remarks: [], unreadable: new Set()})
  }

  run(changes: Partial<ImportRequest> = {}): Promise<ImportOutcome> {
    const request = {groupWelcomes: [], isDry: false, holder: 'test', who: 'lin-ops', reason: '上线', ...changes}
    return importExisting(this.ports(), this.loaded(), request)
  }

  private ports(): ImportPorts {
    const {writer} = this.wecom
    return {
      store: this.store,
      clock: this.clock,
      reader: {
        ...writer,
        seeContactWay: async (configId) => {
          const value = await writer.getContactWay(configId)
          return value && {configId, value, isButton: this.buttons.has(configId)}
        },
      },
      writeNew: (path, text) => {
        this.beforeFile(path)
        if (this.files.has(path)) return Promise.resolve(false)
        this.files.set(path, text)
        return Promise.resolve(true)
      },
    }
  }

  written(): string[] {
    return [...this.files.keys()].filter((path) => /^(channels|group-welcomes)\//.test(path)).sort()
  }

  async resources(): Promise<State['resources']> {
    return (await this.store.readState()).resources
  }

  /** The process that died is replaced by a new one. */
  restart(): void {
    this.wecom.isDead = false
    this.wecom.fault = () => null
    this.beforeFile = () => undefined
    this.store.beforeWrite = () => undefined
    this.store.restart()
  }
}
