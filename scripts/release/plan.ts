import { signatureFile, sumsFile } from './contents.ts';

/** One file to be put at one address. */
export interface Upload {
  readonly file: string;
  readonly address: string;
}

/** What there is to publish. */
export interface ReleaseFacts {
  readonly version: string;
  /** The tag that is being released; undefined outside a tag's pipeline. */
  readonly tag: string | undefined;
  readonly changelog: string;
  /** The stamped installer; empty where the release has none. */
  readonly installer: string;
  readonly files: readonly string[];
}

/** Everything that stands against publishing, each in one sentence; none if it may be done. */
export function obstaclesTo({ version, tag, changelog, installer }: ReleaseFacts): readonly string[] {
  const stamp = (name: string) => new RegExp(`^${name}='(.*)'$`, 'm').exec(installer)?.[1];
  const baseUrl = stamp('base_url');
  const heading = new RegExp(`^## ${version.replaceAll('.', '\\.')}( |$)`, 'm');
  return [
    ...(tag === `v${version}` ? [] : [`The tag is ${tag ?? 'none'}, not v${version}, the version in package.json.`]),
    ...(heading.test(changelog) ? [] : [`CHANGELOG.md has no heading "## ${version}".`]),
    ...(stamp('stamped_version') === version
      ? []
      : [`The release has no install.sh of version ${version}: run npm run package.`]),
    ...(baseUrl !== undefined && isPlaceholder(baseUrl)
      ? [`${baseUrl} is a placeholder: nobody could install from it.`]
      : []),
  ];
}

/** No host ends in this: https://www.rfc-editor.org/rfc/rfc2606 */
function isPlaceholder(url: string): boolean {
  return /^https:\/\/[^/]*\.example(\/|$)/.test(url);
}

/**
 * The uploads in their order: the newest installer comes last, when all that it names is there. A version that is a pre-release is
 * published, but not as the newest.
 * @param store the bucket, `s3://bucket/prefix`, that is served at the base URL
 */
export function uploadsOf({ version, files }: ReleaseFacts, store: string): readonly Upload[] {
  const all = [...files, sumsFile, signatureFile];
  const uploads = all.map((file) => ({ file, address: `${store}/v${version}/${file}` }));
  return version.includes('-') ? uploads : [...uploads, { file: 'install.sh', address: `${store}/install.sh` }];
}
