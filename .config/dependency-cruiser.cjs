// The import table of design section 8, held again by a machine; test/architecture holds what is not about imports.
const STAGES = [
  'load',
  'validate',
  'guard',
  'gate',
  'plan',
  'canary',
  'apply',
  'observe',
  'respond',
  'roster',
  'calendar',
  'directory',
  'request',
]

module.exports = {
  forbidden: [
    {name: 'no-circular', severity: 'error', from: {}, to: {circular: true, dependencyTypesNot: ['type-only']}},
    {
      name: 'core-is-pure',
      severity: 'error',
      from: {path: '^scripts/core'},
      to: {path: '^scripts/(?!core)', dependencyTypesNot: ['type-only']},
    },
    {
      name: 'core-has-no-io',
      severity: 'error',
      from: {path: '^scripts/core'},
      to: {path: '^(node:)?(fs|http|https|net|child_process|process|os|dns|worker_threads|timers)(/|$)'},
    },
    ...STAGES.map((stage) => ({
      name: `core-${stage}-stands-alone`,
      severity: 'error',
      from: {path: `^scripts/core/${stage}/`},
      to: {path: `^scripts/core/(${STAGES.filter((other) => other !== stage).join('|')})/`},
    })),
    {
      name: 'sandbox-shares-nothing',
      severity: 'error',
      from: {path: '^scripts/sandbox'},
      to: {path: '^scripts/(?!sandbox)', dependencyTypesNot: ['type-only']},
    },
    {
      name: 'wecom-knows-no-sandbox',
      severity: 'error',
      from: {path: '^scripts/(?!sandbox|commands)'},
      to: {path: '^scripts/sandbox', dependencyTypesNot: ['type-only']},
    },
    {
      name: 'tables-know-only-core',
      severity: 'error',
      from: {path: '^scripts/(sheets|holidays)'},
      to: {path: '^scripts/(?!core|sheets|holidays)'},
    },
    {
      name: 'pipeline-builds-no-clients',
      severity: 'error',
      from: {path: '^scripts/pipeline'},
      to: {path: '^scripts/(wecom|github|store|sheets|holidays|responder|commands)', dependencyTypesNot: ['type-only']},
    },
  ],
  options: {
    doNotFollow: {path: 'node_modules'},
    tsPreCompilationDeps: true,
    tsConfig: {fileName: 'tsconfig.json'},
    enhancedResolveOptions: {exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default']},
  },
}
