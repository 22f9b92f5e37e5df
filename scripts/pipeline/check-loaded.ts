import type {Finding} from '../core/model/finding.js'
import {checkConfig} from '../core/validate/check-config.js'
import {type LoadedConfig, placeRemarks} from './load.js'

export interface Validated {
  readonly loaded: LoadedConfig
  /** Sorted by file, line and column. */
  readonly findings: readonly Finding[]
}

export function checkLoaded(loaded: LoadedConfig, nowMs: number, only?: 'structure'): Validated {
  const remarks = [...loaded.remarks, ...checkConfig(loaded.config, loaded.broken, nowMs, only)]
  return {loaded, findings: placeRemarks(remarks, loaded.folder.files)}
}
