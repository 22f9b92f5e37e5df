import type {Directory} from './directory.js'
import type {Release} from './release.js'

/** A release with the people it speaks for. */
export interface World {
  readonly release: Release
  readonly directory: Directory
}
