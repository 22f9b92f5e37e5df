import {afterAll, beforeAll, describe, expect, it} from '@jest/globals'
import {type AMachine, aMachine} from './a-machine.js'
import type {Job, Step, Workflow} from './read-workflows.js'
import {type Happening, runWorkflow, type WorkflowRun} from './run-workflow.js'

const SHA = 'a'.repeat(40)
let world: AMachine
let first: string
beforeAll(() => {
  world = aMachine()
  first = world.commit({'config/words.yaml': 'hello\n'})
})
afterAll(() => world.close())

const happening = (more: Partial<Happening> = {}): Happening => ({
  ...{name: 'push', payload: {}, sha: first, ref: 'refs/heads/main', actor: 'lin'},
  ...more,
})
const run = (text: string, more: Partial<Step> = {}): Step => ({run: text, ...more})
const uses = (name: string, inputs: Step['with'] = {}): Step => ({uses: `actions/${name}@${SHA}`, with: inputs})
const job = (steps: readonly Step[], more: Partial<Job> = {}): Job => ({'runs-on': 'x', steps, ...more})

async function play(jobs: Workflow['jobs'], more: Partial<Workflow> = {}): Promise<WorkflowRun> {
  const played = await runWorkflow({on: 'push', jobs, ...more}, happening(), world.machine)
  if (!played) throw new Error('did not start')
  return played
}
const playSteps = (...steps: readonly Step[]): Promise<WorkflowRun> => play({a: job(steps)})
const logs = ({jobs}: WorkflowRun, id = 'a'): string[] => jobs[id]?.steps.map(({log}) => log.trim()) ?? []

describe('steps of a run', () => {
  it('run in order, and after a failure only those that ask for it', async () => {
    const played = await playSteps(
      run('echo one'),
      run('exit 7'),
      run('echo never'),
      run('echo always', {if: '${{ !cancelled() }}'}),
      run('echo on failure', {if: 'failure()'}),
    )
    expect(played.conclusion).toBe('failure')
    expect(played.jobs['a']?.steps.map(({outcome, code, log}) => [outcome, code, log.trim()])).toEqual([
      ['success', 0, 'one'],
      ['failure', 7, ''],
      ['skipped', null, ''],
      ['success', 0, 'always'],
      ['success', 0, 'on failure'],
    ])
  })
  it('stop at the first line that fails; a pipe hides a failure unless bash is named', async () => {
    const pipe = 'false | true'
    const conclusions = [
      await playSteps(run('false\ntrue')),
      await playSteps(run(pipe)),
      await playSteps(run(pipe, {shell: 'bash'})),
      await play({a: job([run(pipe)])}, {defaults: {run: {shell: 'bash'}}}),
    ]
    expect(conclusions.map(({conclusion}) => conclusion)).toEqual(['failure', 'success', 'failure', 'failure'])
  })
  it('hand on outputs of one and of many lines, variables, and a summary', async () => {
    const written =
      'echo word=hi >> $GITHUB_OUTPUT\n' +
      'printf "long<<END\\na\\nb\\nEND\\n" >> $GITHUB_OUTPUT\n' +
      'echo SEEN=yes >> $GITHUB_ENV\necho done > $GITHUB_STEP_SUMMARY'
    const env = {WORD: '${{ steps.one.outputs.word }}', LONG: '${{ steps.one.outputs.long }}'}
    const played = await play({
      a: job([run(written, {id: 'one'}), run('echo "$WORD-$SEEN-$LONG"', {env})], {outputs: {word: env.WORD}}),
      b: job([run('echo ${{ needs.a.outputs.word }} after ${{ needs.a.result }}')], {needs: 'a'}),
    })
    expect(logs(played)).toEqual(['', 'hi-yes-a\nb'])
    expect(played.jobs['a']?.steps[0]?.summary).toBe('done\n')
    expect(logs(played, 'b')).toEqual(['hi after success'])
  })
  it('know the run by its variables, and nothing of the process that plays it', async () => {
    process.env['LEAKED'] = 'from outside'
    try {
      const asks = 'echo "$GITHUB_REPOSITORY $GITHUB_API_URL $GITHUB_SHA $GITHUB_ACTOR [$GITHUB_TOKEN$LEAKED]"'
      expect(logs(await playSteps(run(asks)))).toEqual([`hehe/welcome http://127.0.0.1:9 ${first} lin []`])
    } finally {
      delete process.env['LEAKED']
    }
  })
  it('take outside text as a value when it stands in a variable, and as code when it does not', async () => {
    const title = '${{ github.event.issue.title }}'
    const workflow = {on: 'push', jobs: {a: job([run('echo "$T"', {env: {T: title}}), run(`echo ${title}`)])}}
    const payload = {issue: {title: '$(echo harm)'}}
    const played = await runWorkflow(workflow, happening({payload}), world.machine)
    expect(played && logs(played)).toEqual(['$(echo harm)', 'harm'])
  })
})

describe('jobs of a run', () => {
  const three = (more: Partial<Job>): Workflow['jobs'] => ({
    a: job([run('exit 1')]),
    b: job([run('echo b')], {needs: 'a'}),
    c: job([run('echo c')], {needs: ['b'], ...more}),
  })
  it('wait for those they need, and are skipped after a failure', async () => {
    const {jobs} = await play(three({}))
    expect(Object.values(jobs).map(({result}) => result)).toEqual(['failure', 'skipped', 'skipped'])
  })
  it('run after a failure when their condition says so', async () => {
    const {jobs} = await play(three({if: "!cancelled() && needs.b.result == 'skipped'"}))
    expect(jobs['c']?.result).toBe('success')
  })
  it('have a fresh folder each, and only what artifacts carry over', async () => {
    const make =
      'mkdir -p out/deep\necho 1 > out/one\necho 2 > out/deep/two\necho 3 > out/.hidden\necho 4 > kept\necho 5 > also'
    const played = await play({
      a: job([
        run(make),
        uses('upload-artifact', {name: 'out', path: 'out'}),
        uses('upload-artifact', {name: 'two', path: 'kept\nalso\nmissing\n'}),
      ]),
      b: job([uses('download-artifact', {name: 'out', path: 'there'}), run('find . -type f | sort')], {needs: 'a'}),
    })
    expect(logs(played, 'b')[1]?.split('\n')).toEqual(['./there/deep/two', './there/one'])
    expect(played.artifacts).toEqual({
      out: {one: '1\n', 'deep/two': '2\n'},
      two: {kept: '4\n', also: '5\n'},
    })
  })
  it('fail on an artifact that nobody made, and on a second one of the same name', async () => {
    const put = uses('upload-artifact', {name: 'x', path: 'f'})
    const over = uses('upload-artifact', {name: 'x', path: 'f', overwrite: true})
    const conclusions = [
      await playSteps(uses('download-artifact', {name: 'none'})),
      await playSteps(run('touch f'), put, put),
      await playSteps(run('touch f'), put, over),
      await playSteps(uses('upload-artifact', {name: 'x', path: 'f', 'if-no-files-found': 'error'})),
    ]
    expect(conclusions.map(({conclusion}) => conclusion)).toEqual(['failure', 'failure', 'success', 'failure'])
  })
  it('get the secrets and variables of their own environment, starred out of logs and kept out of outputs', async () => {
    const env = {
      A: '${{ secrets.YINGBIN_TOKEN_KEY }}',
      B: '${{ secrets.WECOM_SECRET }}',
      C: '${{ vars.YINGBIN_STORE }}',
    }
    const played = await play({
      a: job([run('echo "$A [$B] $C"; echo "leak=$A" >> $GITHUB_OUTPUT', {id: 's', env})], {
        environment: 'gate',
        outputs: {leak: '${{ steps.s.outputs.leak }}', none: 'x'},
      }),
    })
    expect(logs(played)).toEqual(['*** [] file:/store'])
    expect(played.jobs['a']?.outputs).toEqual({none: 'x'})
  })
  it('get no secrets in a pull request out of a fork', async () => {
    const env = {A: '${{ secrets.YINGBIN_TOKEN_KEY }}'}
    const workflow = {on: 'pull_request', jobs: {a: job([run('echo "[$A]"', {env})], {environment: 'gate'})}}
    const from = async (repository: string): Promise<string[]> => {
      const payload = {
        action: 'opened',
        pull_request: {head: {ref: 'x', repo: {full_name: repository}}, base: {ref: 'main'}},
      }
      const played = await runWorkflow(workflow, happening({name: 'pull_request', payload}), world.machine)
      return played ? logs(played) : []
    }
    expect(await from('stranger/welcome')).toEqual(['[]'])
    expect(await from('hehe/welcome')).toEqual(['[***]'])
  })
})

describe('a checkout', () => {
  const look = run('cat config/words.yaml; git rev-list --count HEAD')
  it('holds the commit of the run alone, or what is asked for with its history', async () => {
    const later = world.commit({'config/words.yaml': 'later\n'})
    expect(logs(await playSteps(uses('checkout', {ref: first}), look))[1]).toBe('hello\n1')
    expect(logs(await playSteps(uses('checkout'), look))[1]).toBe('hello\n1')
    expect(logs(await playSteps(uses('checkout', {ref: later}), look))[1]).toBe('later\n1')
    expect(logs(await playSteps(uses('checkout', {ref: 'main', 'fetch-depth': 0}), look))[1]).toBe('later\n2')
    expect((await playSteps(uses('checkout', {ref: 'nowhere'}))).conclusion).toBe('failure')
  })
  it('is what npx yingbin runs in, once npm ci was run', async () => {
    const always = {if: 'always()'}
    const played = await playSteps(
      uses('checkout'),
      run('npx yingbin validate'),
      run('npm ci', always),
      run('npx yingbin validate --json', always),
      run('npx cowsay', always),
      run('npm install left-pad', always),
    )
    expect(played.jobs['a']?.steps.map(({code}) => code)).toEqual([null, 2, 0, 0, 2, 2])
    expect(world.takeAsked().map(({argv, words}) => [argv, words])).toEqual([[['validate', '--json'], 'hello']])
  })
  it('brings the local actions that the workflow uses', async () => {
    const local = {uses: './.github/actions/set-up'}
    const played = await playSteps(uses('checkout'), local, run('npx yingbin plan --out plan.json'))
    expect([played.conclusion, world.takeAsked().at(-1)?.argv[0]]).toEqual(['success', 'plan'])
  })
})

describe('a workflow starts', () => {
  const pull = (action: string, base = 'main'): Partial<Happening> => ({
    name: 'pull_request_target',
    payload: {action, pull_request: {base: {ref: base}}},
  })
  const after = (name: string): Partial<Happening> => ({
    name: 'workflow_run',
    payload: {action: 'completed', workflow_run: {name}},
  })
  const review = {workflow_run: {workflows: ['审查'], types: ['completed']}}
  it.each<[unknown, Partial<Happening>, boolean]>([
    [{push: {branches: ['main']}}, {}, true],
    [{push: {branches: ['main']}}, {ref: 'refs/heads/other'}, false],
    [{push: {paths: ['config/**']}}, {changedFiles: ['config/templates/a.yaml']}, true],
    [{push: {paths: ['config/**']}}, {changedFiles: ['scripts/cli.ts']}, false],
    [{push: {'paths-ignore': ['config/**']}}, {changedFiles: ['config/a.yaml']}, false],
    [{push: {'paths-ignore': ['config/**']}}, {changedFiles: ['config/a.yaml', 'scripts/cli.ts']}, true],
    ['pull_request_target', pull('opened'), true],
    ['pull_request_target', pull('edited'), false],
    [{pull_request_target: {types: ['edited']}}, pull('edited'), true],
    [{pull_request_target: {branches: ['main']}}, pull('opened', 'other'), false],
    [review, after('审查'), true],
    [review, after('别的'), false],
    [['issues', 'schedule'], {name: 'schedule'}, true],
    [{issues: null, workflow_dispatch: null}, {name: 'workflow_dispatch'}, true],
    [['issues', 'schedule'], {}, false],
  ])('on %j, when %j: %s', async (on, more, expected) => {
    expect((await runWorkflow({on, jobs: {}}, happening(more), world.machine)) !== null).toBe(expected)
  })
  it('by hand with what its form offers, and with nothing else', async () => {
    const inputs = {
      mode: {type: 'choice', options: ['text-only', 'silent'], default: 'silent'},
      reason: {required: true},
      loudly: {type: 'boolean', default: false},
    }
    const env = {M: '${{ inputs.mode }}', R: '${{ inputs.reason }}'}
    const steps = [run('echo "$M $R"', {env}), run('echo loud', {if: '${{ inputs.loudly }}'})]
    const workflow = {on: {workflow_dispatch: {inputs}}, jobs: {a: job(steps)}}
    const by = (typed: Record<string, string>) =>
      runWorkflow(workflow, happening({name: 'workflow_dispatch', inputs: typed}), world.machine)
    const played = await by({reason: 'why; not'})
    expect(played && logs(played)).toEqual(['silent why; not', ''])
    const louder = await by({reason: 'why', loudly: 'true'})
    expect(louder && logs(louder)).toEqual(['silent why', 'loud'])
    await expect(by({})).rejects.toThrow('reason is required')
    await expect(by({reason: 'x', mode: 'loud'})).rejects.toThrow('does not offer loud')
    await expect(by({reason: 'x', more: 'y'})).rejects.toThrow('no field more')
  })
})

describe('what the runner does not know is refused:', () => {
  const odd = (more: object): Step => ({run: 'true', ...more})
  it.each<[string, Workflow['jobs'], string]>([
    ['an action', {a: job([{uses: `somebody/else@${SHA}`}])}, 'somebody/else'],
    ['an action by its tag', {a: job([{uses: 'actions/checkout@v4'}])}, 'not played'],
    ['an input', {a: job([uses('checkout', {submodules: true})])}, 'submodules'],
    ['a key of a step', {a: job([odd({'continue-on-error': true})])}, 'continue-on-error'],
    ['a key of a job', {a: {...job([run('true')]), ...{strategy: {matrix: {}}}}}, 'strategy'],
    ['a shell', {a: job([run('true', {shell: 'pwsh'})])}, 'pwsh'],
    ['an environment', {a: job([run('true')], {environment: 'elsewhere'})}, 'elsewhere'],
    ['a function', {a: job([run("echo ${{ hashFiles('x') }}")])}, 'hashFiles'],
    ['a context', {a: job([run('echo ${{ matrix.x }}')])}, 'matrix'],
    ['a status where none may be asked', {a: job([run('echo ${{ success() }}')])}, 'success'],
    ['a circle', {a: job([], {needs: 'b'}), b: job([], {needs: 'a'})}, 'needs'],
  ])('%s', async (_what, jobs, says) => {
    await expect(play(jobs)).rejects.toThrow(says)
  })
})
