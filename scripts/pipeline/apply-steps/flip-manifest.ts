import type {Step} from '../../core/model/plan.js'
import {publishManifest, type ManifestChanges, type PublishPorts, type PublishRequest} from '../publish-manifest.js'

/**
 * Points everybody to the new release or directory. Flips run one after the other, and one that stands already is not
 * published again: a run that died between flip and journal goes on here.
 */
export function createFlip(ports: PublishPorts, request: PublishRequest): (step: Step) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve()

  async function flip({kind, after}: Step): Promise<void> {
    const digest = String(after)
    const changes: ManifestChanges = kind === 'release' ? {stable: digest, canary: null} : {directory: digest}
    const now = (await ports.store.readManifest())?.manifest
    const stands = kind === 'release' ? now?.stable === digest && now.canary === null : now?.directory === digest
    if (!stands) await publishManifest(ports, changes, request)
  }

  return (step) => {
    const next = last.then(() => flip(step))
    last = next.catch(() => undefined)
    return next
  }
}
