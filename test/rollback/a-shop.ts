import type {State} from '../../scripts/core/model/plan.js'
import type {Manifest} from '../../scripts/core/model/release.js'
import type {Asked} from '../../scripts/core/observe/choose-release.js'
import {rollBack, type RollbackOutcome} from '../../scripts/pipeline/rollback.js'
import {aChannel, type ConfigParts} from '../apply/a-config.js'
import {aKeyPair, ApplyWorld, RELEASE_KEY} from '../apply/apply-world.js'

export const OTHER_KEY = aKeyPair()

export const saying = (text: string, more: ConfigParts = {}): ConfigParts => ({
  templates: {hello: {title: '你好', text}},
  ...more,
})

export const WITH_CODE = {channels: {store: aChannel({state: 'store'})}}

/** A world with releases that say these texts, promoted one after the other, an hour apart. */
export class Shop extends ApplyWorld {
  /** Digests by number, from 1 on. */
  readonly digests: string[] = []

  async promoteAll(...configs: readonly ConfigParts[]): Promise<this> {
    for (const config of configs) {
      const outcome = await this.ship(config)
      if (outcome.kind !== 'ran' || !outcome.isComplete) throw new Error(JSON.stringify(outcome))
      this.digests.push(outcome.state.stable ?? '')
      this.clock.advance(3_600_000)
    }
    return this
  }

  rollBack(asked: Asked, privateKeyPem = RELEASE_KEY.privateKeyPem): Promise<RollbackOutcome> {
    const {store, clock} = this
    return rollBack(
      {store, clock},
      {asked, reason: '链接打不开', who: 'wu-hao', holder: 'test', manifest: {privateKeyPem}},
    )
  }

  async manifest(): Promise<Manifest> {
    const signed = await this.store.readManifest()
    if (!signed) throw new Error('there is no manifest')
    return signed.manifest
  }

  state(): Promise<State> {
    return this.store.readState()
  }
}
