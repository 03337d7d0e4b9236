import { execFileSync } from 'node:child_process';
import { project, root } from '../build/bundle.ts';
import type { ReleasePlatform } from './platforms.ts';

/** The parts of CycloneDX 1.5 that are used here. */
interface Bill {
  serialNumber?: string;
  readonly metadata: { timestamp?: string; readonly component: { name: string } };
  components: Component[];
  dependencies: { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

interface Component {
  readonly 'bom-ref': string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
  readonly [other: string]: unknown;
}

/**
 * Returns the bill of materials as CycloneDX JSON: npm's list of the program's dependencies, and
 * the Nodes. Reproducible: without npm's time and serial number.
 */
export function makeBillOfMaterials(platforms: readonly ReleasePlatform[]): string {
  // npm 11 with `--omit dev` also omits packages that both the program and a tool depend on.
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'];
  const text = execFileSync('npm', args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const bill: Bill = JSON.parse(text);
  delete bill.serialNumber;
  delete bill.metadata.timestamp;
  // npm uses the directory's name.
  bill.metadata.component.name = project.name;
  bill.components = bill.components.filter((component) => !isForDevelopment(component));
  const kept = new Set(bill.components.map((component) => component['bom-ref']));
  bill.dependencies = bill.dependencies
    .filter(({ ref }) => kept.has(ref) || ref === `${project.name}@${project.version}`)
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => kept.has(one)) }));
  bill.components.push(...platforms.map(nodeComponent));
  return `${JSON.stringify(bill, null, 2)}\n`;
}

function isForDevelopment({ properties = [] }: Component): boolean {
  return properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true');
}

function nodeComponent({ nodePackage, integrity }: ReleasePlatform): Component {
  const { node: version } = project.devDependencies;
  return {
    'bom-ref': `${nodePackage}@${version}`,
    type: 'platform',
    name: nodePackage,
    version,
    scope: 'required',
    description: 'Node.js, into which the program is put',
    purl: `pkg:npm/${nodePackage}@${version}`,
    hashes: [{ alg: 'SHA-512', content: Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex') }],
    licenses: [{ license: { id: 'MIT' } }],
  };
}
