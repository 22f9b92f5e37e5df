/** `npm run faults` plays every fault against a real responder on loopback and prints the table; `-- --only 存储,DNS` some. */
import {parseArgs} from 'node:util'
import {hasRedis, startRedis} from '../support/redis-server.js'
import {COUNT_OF_TWO, FAULTS_ALONE, faultsOfTwo} from './faults.js'
import {type Fault, type FaultResult, playFault} from './play-fault.js'

const HEAD = ['什么', '怎样坏', '添加', '3 秒内', '稍晚', '兜底文字', '没有送达', '恢复']

function lostOf({lost, lostAs, unreached}: FaultResult): string {
  const parts = Object.entries(lostAs).map(([outcome, count]) => `${outcome} ${count}`)
  if (unreached > 0) parts.push(`事件没有送到 ${unreached}`)
  return parts.length === 0 ? String(lost) : `${lost}（${parts.join('、')}）`
}

const recovered = ({recoveredMs}: FaultResult): string =>
  recoveredMs === null ? '没有' : `${(recoveredMs / 1000).toFixed(1)} 秒`

const rowOf = ({what, how}: Fault, result: FaultResult): string => {
  const {adds, prompt, late, fallback} = result
  return `| ${[what, how, adds, prompt, late, fallback, lostOf(result), recovered(result)].join(' | ')} |`
}

async function main(): Promise<void> {
  const {values} = parseArgs({options: {only: {type: 'string'}}})
  const asked = values.only?.split(',')
  const isAsked = ({what, how}: Pick<Fault, 'what' | 'how'>): boolean =>
    asked?.some((words) => what === words || how.includes(words)) ?? true
  const print = (line: string): void => void process.stdout.write(`${line}\n`)
  print(`| ${HEAD.join(' | ')} |`)
  print(`|${' --- |'.repeat(HEAD.length)}`)
  const miscounted: string[] = []
  const play = async (fault: Fault): Promise<void> => {
    const result = await playFault(fault)
    print(rowOf(fault, result))
    if (result.miscounted > 0) miscounted.push(`${fault.what} ${fault.how}: ${result.miscounted}`)
  }
  for (const fault of FAULTS_ALONE.filter(isAsked)) await play({...fault, replicas: 1})
  // A server of its own for each: what one fault leaves in it is nothing to the next.
  for (let index = 0; hasRedis && index < COUNT_OF_TWO; index += 1) {
    const redis = await startRedis()
    const fault = faultsOfTwo(redis)[index]
    if (fault !== undefined && isAsked(fault)) await play(fault)
    await redis.stop()
  }
  if (!hasRedis) print('（没有 redis-server，两台应答服务的几行没有测）')
  print('')
  print(miscounted.length === 0 ? '每个事件恰好一个结果。' : `结果不是恰好一个的事件：${miscounted.join('；')}`)
  // Responders that were killed here go on as ghosts; they end with this process.
  process.exit(miscounted.length === 0 ? 0 : 1)
}

await main()
