import {aStore} from './a-store.js'
import {manifestContract} from './contract/manifests.js'

manifestContract('in a folder', aStore)
