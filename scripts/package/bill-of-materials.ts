import { execFileSync } from 'node:child_process';
import { project, root } from '../build/bundle.ts';
import type { ReleasePlatform } from './platforms.ts';

/** The parts of CycloneDX 1.5 that are changed here. */
interface Bill {
  serialNumber?: string;
  readonly metadata: { timestamp?: string; readonly component: { name: string } };
  readonly components: unknown[];
}

/**
 * The release's bill of materials in CycloneDX's JSON: npm's own, of what the program depends on, and the Nodes that carry it. Without
 * npm's time and serial number, so that the same sources give the same bytes.
 */
export function makeBillOfMaterials(platforms: readonly ReleasePlatform[]): string {
  const args = ['sbom', '--omit', 'dev', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'];
  const bill: Bill = JSON.parse(
    execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  delete bill.serialNumber;
  delete bill.metadata.timestamp;
  // npm takes the name of the directory.
  bill.metadata.component.name = project.name;
  bill.components.push(...platforms.map(nodeComponent));
  return `${JSON.stringify(bill, null, 2)}\n`;
}

function nodeComponent({ nodePackage, integrity }: ReleasePlatform): unknown {
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
