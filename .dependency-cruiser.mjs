/** The order of `src`, lowest floor first: a file imports from its own floor and from those below it. */
const floors = [
  'text/',
  'world/',
  // The data that failures carry.
  ['semaphore/claims.ts', 'trust/trust-policy.ts'],
  ['failure.ts', 'failures/'],
  'aws/',
  'semaphore/',
  'sts/',
  'config-file/',
  'clients/',
  'trust/',
  'cli/',
  'explain/',
  'login/',
  'setup/',
  'doctor/',
  'status/',
  'adapters/',
  'commands/',
  'run.ts',
  'main.ts',
].map((floor) => [floor].flat());

const files = floors.flat().filter((name) => name.endsWith('.ts'));

/** Matches what is on these floors. A file that has a floor of its own is not on its folder's. */
function on(names) {
  const others = files.filter((file) => !names.includes(file));
  return others.length === 0 ? { path: pattern(names) } : { path: pattern(names), pathNot: pattern(others) };
}

function pattern(names) {
  return `^src/(${names.map((name) => name.replaceAll('.', '\\.').replace(/ts$/, 'ts$')).join('|')})`;
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    ...floors.slice(0, -1).map((names, index) => ({
      name: `${names.join(' and ')} imports from a higher floor`,
      severity: 'error',
      from: on(names),
      to: on(floors.slice(index + 1).flat()),
    })),
    {
      name: 'not in the list of floors',
      severity: 'error',
      from: {},
      to: { path: '^src/', pathNot: pattern(floors.flat()) },
    },
    {
      name: 'only main.ts imports adapters',
      severity: 'error',
      from: { path: '^src/', pathNot: pattern(['adapters/', 'main.ts']) },
      to: { path: pattern(['adapters/']) },
    },
    {
      name: 'commands do not import each other',
      severity: 'error',
      from: { path: pattern(['commands/']) },
      to: { path: pattern(['commands/']) },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // TypeScript 7 has no JavaScript API. This parser also sees imports of types, which count.
    parser: 'swc',
  },
};
