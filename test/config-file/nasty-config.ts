import fc from 'fast-check';

/** A generated config file, with the pieces it is made of. Byte text. */
export interface MadeConfig {
  readonly text: string;
  readonly chunks: readonly Chunk[];
  /** Whether all SDKs read every piece, so that an edit cannot be refused. */
  readonly readable: boolean;
}

/** A section, or the text before the first one. */
export interface Chunk {
  readonly profile: string | undefined;
  readonly text: string;
}

interface MadeSection {
  readonly profile: string | undefined;
  readonly lines: readonly string[];
}

/** The profiles of the logins; other sections have similar names. */
export const targets = ['default', 'deploy', 'ci_1'] as const;

const oneOf = (...texts: readonly string[]) => fc.constantFrom(...texts);

const headerOf = (type: string, name: string): readonly string[] => [
  `[${type} ${name}]`,
  `[${type} ${name}]`,
  `[${type} ${name}]`,
  `[${type} ${name}] # comment`,
  `[${type} ${name}]\t; a note [sic]`.replace(' [sic]', ''),
  `[${type} ${name}]   `,
  `[ ${type} ${name} ]`,
  `[${type}  ${name}]`,
  `[${type}\t${name}]`,
  `[${type} "${name}"]`,
];

const profileHeader = (name: string): fc.Arbitrary<string> =>
  name === 'default'
    ? oneOf('[default]', '[default]', '[default] # comment', '[ default ]', ...headerOf('profile', 'default'))
    : oneOf(...headerOf('profile', name));

const oddProfileHeader = (name: string): fc.Arbitrary<string> =>
  oneOf(
    `[profile ${name}]# adjacent`,
    `[profile ${name}] # comment [1]`,
    `[profile ${name}] junk`,
    `  [profile ${name}]`,
    `[profile ${name}`,
    `[profile.${name}]`,
    `[profiles ${name}]`,
    `[Profile ${name}]`,
    `[profile '${name}']`,
    `[profile ${name} more]`,
    `\xc2\xa0[profile ${name}]`,
    `[profile\xc2\xa0${name}]`,
  );

const foreignNames = ['a', 'dep', 'deploy-2', 'default2', 'x y', 'ci', 'ci_10', 'role_arn', 'prod.eu', 'b@c'];

// Keys that a login writes, other keys that affect credentials, and the rest; two of them in two spellings.
const keyNames = [
  'region',
  'Region',
  'output',
  'OUTPUT',
  'role_arn',
  'source_profile',
  'credential_process',
  'sso_session',
  'sso_start_url',
  'aws_access_key_id',
  'aws_secret_access_key',
  'web_identity_token_file',
  'duration_seconds',
  'mfa_serial',
  'cli_pager',
  'cli_timestamp_format',
  'endpoint_url',
  'caf\xc3\xa0',
];

const value = oneOf(
  'eu-west-1',
  'json',
  'arn:aws:iam::123456789012:role/other',
  'a = b',
  'https://x.example/start#/',
  'value#no-comment',
  'v\xc3\xa0lue\xc3\xa0',
  '/opt/tool --flag "x y"',
  '%d $HOME $x',
  '[not a header]',
);

const plainKey = (name: string): fc.Arbitrary<string[]> =>
  fc
    .tuple(oneOf(' = ', '=', '  =', '\t=\t', '= '), value, oneOf('', '', '', ' # comment', '\t; comment', ' ', '\t'))
    .map(([equals, text, tail]) => [`${name}${equals}${text}${tail}`]);

const continuedKey = (name: string): fc.Arbitrary<string[]> =>
  fc
    .array(oneOf('  further', '\tfurther # no comment', '', '    deeper', '  # comment'), {
      minLength: 1,
      maxLength: 4,
    })
    .map((lines) => [`${name} = first`, ...lines]);

const nestedKey = (name: string): fc.Arbitrary<string[]> =>
  fc
    .array(
      oneOf('  region = nested', '\taddressing_style = path', '    max_concurrent_requests=10', '', '  # region = no'),
      {
        minLength: 1,
        maxLength: 5,
      },
    )
    .map((lines) => [`${name} =`, ...lines, '  last = 1']);

const comment = oneOf(
  '# a comment',
  '; region = commented',
  '#[default]',
  '   # indented',
  '',
  '',
  '\t',
  '  ',
  '# \xc3\xa9t\xc3\xa9',
);

const readableBody: fc.Arbitrary<string[]> = fc
  .uniqueArray(fc.constantFrom(...keyNames), { maxLength: 7, selector: (name) => name.toLowerCase() })
  .chain((names) => {
    const keys = names.map((name) =>
      fc.oneof({ weight: 6, arbitrary: plainKey(name) }, { weight: 1, arbitrary: continuedKey(name) }),
    );
    const blocks = fc.subarray(['s3', 'dynamodb']).chain((blocks) => fc.tuple(...blocks.map(nestedKey)));
    const gaps = fc.array(fc.tuple(fc.nat(9), comment), { maxLength: 5 });
    return fc.tuple(fc.tuple(...keys), blocks, gaps).map(([keyLines, blockLines, comments]) => {
      const items: string[][] = [...keyLines, ...blockLines];
      for (const [at, line] of comments) items.splice(at % (items.length + 1), 0, [line]);
      return items.flat();
    });
  });

const oddLine = oneOf(
  'junk',
  'region: x',
  '= no name',
  '[unclosed',
  '  indented = key',
  '  region = indented',
  '    [profile deploy]',
  'region = twice',
  'REGION=thrice',
  '\xc2\xa0region = odd space',
  'caf\xe9 = latin1',
  's3 =',
  '  no equals sign',
  'output = a\rregion = b',
  'x = y\r',
  '[]',
);

const oddBody: fc.Arbitrary<string[]> = fc
  .tuple(readableBody, fc.array(fc.tuple(fc.nat(9), oddLine), { minLength: 1, maxLength: 3 }))
  .map(([lines, odd]) => {
    const mixed = [...lines];
    for (const [at, line] of odd) mixed.splice(at % (mixed.length + 1), 0, line);
    return mixed;
  });

const section = (profile: string | undefined, header: fc.Arbitrary<string>, body: fc.Arbitrary<string[]>) =>
  fc.tuple(header, body).map(([first, lines]): MadeSection => ({ profile, lines: [first, ...lines] }));

const profileSection = (body: fc.Arbitrary<string[]>) =>
  fc.constantFrom(...targets, ...targets, ...foreignNames).chain((name) => {
    const quoted = name.includes(' ') ? oneOf(`[profile "${name}"]`) : profileHeader(name);
    return section(name, quoted, body);
  });

const otherSection = (body: fc.Arbitrary<string[]>) =>
  section(
    undefined,
    oneOf('[sso-session a]', '[services a]', '[preview]', '[sso-session deploy]', '[services default]', '[plugins]'),
    body,
  );

const oddSection = fc
  .constantFrom(...targets)
  .chain((name) => section(name, oddProfileHeader(name), fc.oneof(readableBody, oddBody)));
const strangeSection = section(
  undefined,
  oneOf('[DEFAULT]', '[__proto__]', '[profile __proto__]', '[deploy]', '[a]b]'),
  readableBody,
);

const headerKey = ({ lines, profile }: MadeSection): string => profile ?? lines[0] ?? '';

const readableSections = fc.uniqueArray(
  fc.oneof(
    { weight: 4, arbitrary: profileSection(readableBody) },
    { weight: 1, arbitrary: otherSection(readableBody) },
  ),
  { maxLength: 6, selector: headerKey },
);

const nastySections = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: profileSection(readableBody) },
    { weight: 2, arbitrary: profileSection(oddBody) },
    { weight: 1, arbitrary: otherSection(readableBody) },
    { weight: 1, arbitrary: oddSection },
    { weight: 1, arbitrary: strangeSection },
  ),
  { maxLength: 7 },
);

const preamble = fc.array(comment, { maxLength: 3 });
const nastyPreamble = fc.array(fc.oneof({ weight: 3, arbitrary: comment }, { weight: 1, arbitrary: oddLine }), {
  maxLength: 3,
});

// Line ends, used in turn.
const lineEnds = fc.oneof(
  { weight: 3, arbitrary: fc.constant(['\n']) },
  { weight: 2, arbitrary: fc.constant(['\r\n']) },
  { weight: 1, arbitrary: fc.array(oneOf('\n', '\r\n'), { minLength: 2, maxLength: 7 }) },
);
const nastyLineEnds = fc.oneof(
  { weight: 4, arbitrary: lineEnds },
  { weight: 1, arbitrary: fc.array(oneOf('\n', '\r\n', '\r', '\r\r\n'), { minLength: 1, maxLength: 7 }) },
);

interface Parts {
  readonly readable: boolean;
  readonly bom: boolean;
  readonly before: readonly string[];
  readonly sections: readonly MadeSection[];
  readonly ends: readonly string[];
  readonly lastEnd: boolean;
}

const joined = ({ readable, bom, before, sections, ends, lastEnd }: Parts): MadeConfig => {
  let count = 0;
  const withEnd = (line: string): string => line + (ends[count++ % ends.length] ?? '\n');
  const chunks: Chunk[] = [
    { profile: undefined, text: (bom ? '\xef\xbb\xbf' : '') + before.map(withEnd).join('') },
    ...sections.map(({ profile, lines }) => ({ profile, text: lines.map(withEnd).join('') })),
  ];
  const last = chunks.at(-1);
  if (!lastEnd && last !== undefined) {
    chunks[chunks.length - 1] = { ...last, text: last.text.replace(/(?:\r?\n|\r)$/, '') };
  }
  return { text: chunks.map(({ text }) => text).join(''), chunks, readable };
};

/** Files that every SDK reads, with all that the format allows. */
export const readableConfig: fc.Arbitrary<MadeConfig> = fc
  .record({
    readable: fc.constant(true),
    bom: fc.constant(false),
    before: preamble,
    sections: readableSections,
    ends: lineEnds,
    lastEnd: fc.boolean(),
  })
  .map(joined);

/** Files as people, scripts and other tools leave them: some SDKs refuse or misread most of them. */
export const nastyConfig: fc.Arbitrary<MadeConfig> = fc
  .record({
    readable: fc.constant(false),
    bom: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    before: nastyPreamble,
    sections: nastySections,
    ends: nastyLineEnds,
    lastEnd: fc.boolean(),
  })
  .map(joined);
