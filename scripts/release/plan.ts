import { signatureFile, sumsFile } from './contents.ts';

/** A file and the address to upload it to. */
export interface Upload {
  readonly file: string;
  readonly address: string;
}

/** The facts that decide whether and what to publish. */
export interface ReleaseFacts {
  readonly version: string;
  /** The tag of the release; undefined outside the pipeline of a tag. */
  readonly tag: string | undefined;
  readonly changelog: string;
  /** The stamped installer; empty if the release has none. */
  readonly installer: string;
  readonly files: readonly string[];
}

/** Returns the reasons not to publish, one sentence each. */
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

/** The domain .example is reserved: https://www.rfc-editor.org/rfc/rfc2606 */
function isPlaceholder(url: string): boolean {
  return /^https:\/\/[^/]*\.example(\/|$)/.test(url);
}

/**
 * Returns the uploads in order. The newest installer is last, when its files exist. A pre-release
 * does not become the newest.
 * @param store the bucket, `s3://bucket/prefix`, that is served at the base URL
 */
export function uploadsOf({ version, files }: ReleaseFacts, store: string): readonly Upload[] {
  const all = [...files, sumsFile, signatureFile];
  const uploads = all.map((file) => ({ file, address: `${store}/v${version}/${file}` }));
  return version.includes('-') ? uploads : [...uploads, { file: 'install.sh', address: `${store}/install.sh` }];
}
