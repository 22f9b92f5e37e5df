import type {AdminLog} from '../core/ports.js'
import type {WeComClient} from './client.js'
import {told} from './create-wecom-writer.js'

/** The client's call as drift asks for it. What an operation was about is dropped here: it may name customers. */
export const createAdminLog = (client: Pick<WeComClient, 'fetchAdminOperations'>): AdminLog => ({
  listOperations: (fromMs, untilMs) =>
    told(async () => {
      const span = {fromSeconds: Math.floor(fromMs / 1000), untilSeconds: Math.floor(untilMs / 1000)}
      const rows = await client.fetchAdminOperations(span)
      return rows.map(({atSeconds, userId, operationType}) => ({
        ...{atMs: atSeconds * 1000, operator: userId, operType: operationType},
      }))
    }),
})
