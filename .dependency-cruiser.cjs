/** Who may import whom; the reasons stand in docs/architecture.md. */
const layer = (name, may, why, exceptTypesFrom = []) => ({
  name: `${name}-imports`,
  comment: why,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: { path: '^src/', pathNot: [name, ...may, ...exceptTypesFrom].map((folder) => `^src/${folder}/`) },
});

/** Adapters name the ports that they fulfil; at run time they know nothing of the use cases. */
const typesOnly = (name, from) => ({
  name: `${name}-fulfils-ports-as-types`,
  comment: 'An adapter imports the types of the ports that it fulfils, never the code of a use case.',
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: { path: from.map((folder) => `^src/${folder}/`), dependencyTypesNot: ['type-only'] },
});

module.exports = {
  forbidden: [
    layer('domain', [], 'The domain is what everybody shares, so it leans on nobody.'),
    layer('text', ['domain'], 'Sentences are looked up by the words of the domain, and know nobody who says them.'),
    {
      name: 'text-takes-domain-as-types',
      comment: 'A text is data: what it is said of is decided elsewhere.',
      severity: 'error',
      from: { path: '^src/text/' },
      to: { path: '^src/domain/', dependencyTypesNot: ['type-only'] },
    },
    layer('contract', ['domain'], 'The wire format names domain ideas and nothing of either side.'),
    layer('consent', ['domain'], 'A use case sees the world through its ports.'),
    layer('sync', ['domain'], 'A use case sees the world through its ports, and commands no other use case.'),
    layer('administration', ['domain'], 'A use case sees the world through its ports, and commands no other use case.'),
    layer('delivery', ['domain'], 'A use case sees the world through its ports, and commands no other use case.'),
    layer('content', ['domain'], 'A use case sees the world through its ports, and commands no other use case.'),
    layer('microsoft', ['domain'], 'The only code that calls Microsoft knows nobody who calls it.', [
      'consent',
      'sync',
      'content',
      'administration',
      'delivery',
    ]),
    layer('db', ['domain'], 'The only code with SQL knows nobody who calls it.', [
      'consent',
      'sync',
      'content',
      'administration',
      'delivery',
    ]),
    layer('outbound', ['domain'], 'The only code that calls addresses of an operator knows nobody who calls it.', [
      'delivery',
    ]),
    typesOnly('outbound', ['delivery']),
    typesOnly('microsoft', ['consent', 'sync', 'content', 'administration', 'delivery']),
    typesOnly('db', ['consent', 'sync', 'content', 'administration', 'delivery']),
    layer(
      'server',
      [
        'domain',
        'text',
        'contract',
        'consent',
        'sync',
        'content',
        'administration',
        'delivery',
        'microsoft',
        'outbound',
        'db',
      ],
      'The only composition root.',
    ),
    layer('client', ['domain', 'text', 'contract'], 'What ships to a browser drags no server code along.'),
    layer('sandbox', [], 'The sandbox stands in for Microsoft, so it shares none of our reading of Microsoft.'),
    {
      name: 'client-takes-contract-as-types',
      comment: 'The schemas would bring zod into the browser.',
      severity: 'error',
      from: { path: '^src/client/' },
      to: { path: '^src/contract/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'domain-is-pure',
      comment: 'No package and no Node module: the domain runs in a browser, a worker and a test alike.',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'core', 'unknown'] },
    },
    {
      name: 'features-are-strangers',
      comment: 'Client features meet in app/ only; what two need moves to ui/ or api/.',
      severity: 'error',
      from: { path: '^src/client/features/([^/]+)/' },
      to: { path: '^src/client/(features|app)/', pathNot: '^src/client/features/$1/' },
    },
    {
      name: 'sandbox-by-main-alone',
      comment: 'Nothing else knows that the sandbox exists, and main loads it only when it is needed.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/sandbox/' },
      to: { path: '^src/sandbox/', dependencyTypesNot: ['type-only', 'dynamic-import'] },
    },
    { name: 'tests-stay-out', severity: 'error', from: { path: '^src/' }, to: { path: '^test/' } },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '\\.d\\.ts$|^src/sandbox/hosts/browser/' },
      to: {},
    },
    {
      name: 'not-to-dev-dependency',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/sandbox/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    parser: 'swc',
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js'] },
  },
};
