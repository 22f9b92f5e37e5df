/**
 * `npm run faults` plays every fault against a real responder and a real apply on loopback and prints the tables;
 * `-- --only 存储,DNS` or `-- --only apply` some, `-- --every 1` kills at every single call.
 */
import {parseArgs} from 'node:util'
import {hasRedis, startRedis} from '../support/redis-server.js'
import {canHaveSmallDisk} from './apply-disk.js'
import {APPLY_FAULTS, type ApplyFault, type ApplyResult, playApplyFault, withPreparedApply} from './apply-faults.js'
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

const APPLY_HEAD = ['什么', '怎样坏', '次数', '要人认领的', '重复创建', '之后最多运行', '没有收敛']

const rowOfApply = ({what, how}: ApplyFault, result: ApplyResult): string => {
  const {played, possible, withPerson, duplicates, mostRuns, problems} = result
  const times = played === possible ? String(played) : `${played}（共 ${possible}）`
  return `| ${[what, how, times, withPerson, duplicates, `${mostRuns} 次`, problems.length].join(' | ')} |`
}

const print = (line: string): void => void process.stdout.write(`${line}\n`)

function printHead(head: readonly string[]): void {
  print(`| ${head.join(' | ')} |`)
  print(`|${' --- |'.repeat(head.length)}`)
}

type Named = Pick<ApplyFault | Fault, 'what' | 'how'>
type IsAsked = (fault: Named) => boolean
const isNamed = ({what, how}: Named, words: string): boolean => what === words || how.includes(words)

/** Events that do not have exactly one outcome, by the fault. */
async function playResponder(isAsked: IsAsked): Promise<string[]> {
  printHead(HEAD)
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
  return miscounted
}

/** Everything that is not as it should be after an apply was disturbed. */
async function playApplies(faults: readonly ApplyFault[], every: number): Promise<string[]> {
  const problems: string[] = []
  await withPreparedApply(async (prepared, undisturbed) => {
    print(`apply：${prepared.plan.steps.length} 步，不受打扰时 ${undisturbed.calls} 次外部调用。`)
    print('')
    printHead(APPLY_HEAD)
    for (const fault of faults) {
      const result = await playApplyFault(fault, prepared, undisturbed, every)
      print(rowOfApply(fault, result))
      problems.push(...result.problems)
    }
  })
  if (!canHaveSmallDisk) print('（这里不能挂一个小磁盘，写满存储的一行没有测；进程内的测试测它）')
  print('')
  print(problems.length === 0 ? '每次都收敛：计划为空，没有重复，没有待定。' : `没有收敛：\n${problems.join('\n')}`)
  return problems
}

/** Kills at every call would take nearly half an hour; `--every 1` plays them all. */
const EVERY = '3'

async function main(): Promise<void> {
  const {values} = parseArgs({options: {only: {type: 'string'}, every: {type: 'string', default: EVERY}}})
  const asked = values.only?.split(',')
  const isAsked: IsAsked = (fault) => asked?.some((words) => isNamed(fault, words)) ?? true
  const applies = APPLY_FAULTS.filter(isAsked)
  const isForApplies = asked?.every((words) => APPLY_FAULTS.some((fault) => isNamed(fault, words))) ?? false
  const isResponderAsked = !isForApplies || FAULTS_ALONE.some(isAsked)
  const wrong = [
    ...(isResponderAsked ? await playResponder(isAsked) : []),
    ...(applies.length > 0 ? await playApplies(applies, Number(values.every)) : []),
  ]
  // Responders that were killed here go on as ghosts; they end with this process.
  process.exit(wrong.length === 0 ? 0 : 1)
}

await main()
