import { type FileDialect, pythonDialect, rubyDialect, standardDialect } from './inputs.ts';
import {
  byProfileVariable,
  type CredentialProvider,
  environmentKeys,
  environmentKeysById,
  environmentTokenFile,
  environmentWebIdentity,
  goProfileError,
  machine,
  missingProfile,
  mixedWebIdentity,
  profileKeys,
  profileLoginSession,
  profileProcess,
  profileRole,
  profileRoleByOwnKeys,
  profileRoleWithSource,
  profileSso,
  profileWebIdentity,
  pythonFileError,
  unlessProfileChosen,
} from './providers.ts';

/** How one AWS client finds its credentials and its region. Each list is in the client's order. */
export interface Client {
  readonly name: string;
  /** `tested`: tests compare it with the real client. `documented`: from its documentation and source. */
  readonly basis: 'tested' | 'documented';
  readonly dialect: FileDialect;
  /** Variables that choose a profile; the first one that is set counts. */
  readonly profileVariables: readonly string[];
  /** Whether an empty profile variable counts as set. */
  readonly emptyProfileCounts: boolean;
  readonly providers: readonly CredentialProvider[];
  readonly regionVariables: readonly string[];
  /** Files in which it looks for a `region` after the variables. */
  readonly regionFiles: readonly ('config' | 'credentials')[];
}

const python = {
  basis: 'tested',
  dialect: pythonDialect,
  emptyProfileCounts: true,
  providers: [
    pythonFileError,
    missingProfile,
    environmentKeysById,
    profileRoleWithSource,
    mixedWebIdentity,
    profileSso,
    profileKeys('credentials'),
    profileLoginSession,
    profileProcess,
    profileKeys('config'),
    machine,
  ],
  regionFiles: ['credentials', 'config'],
} as const;

const withinProfile = [
  profileRole,
  profileKeys('credentials'),
  profileKeys('config'),
  profileWebIdentity('both'),
  profileProcess,
  profileSso,
  profileLoginSession,
];

const documented = {
  basis: 'documented',
  dialect: standardDialect,
  profileVariables: ['AWS_PROFILE'],
  emptyProfileCounts: false,
  regionFiles: ['credentials', 'config'],
} as const;

/**
 * All known clients, the tested ones first. From their sources: botocore's `credentials.py` and
 * `configprovider.py`, `@aws-sdk/credential-provider-node`, `credential_provider_chain.rb`, and Go's
 * `config/resolve_credentials.go`. Versions before 2026 ignore `login_session`.
 */
export const clients: readonly Client[] = [
  // The CLI and boto3 differ only in the order of their variables, and boto3 does not read AWS_REGION.
  {
    name: 'AWS CLI',
    ...python,
    profileVariables: ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE'],
    regionVariables: ['AWS_REGION', 'AWS_DEFAULT_REGION'],
  },
  {
    name: 'boto3',
    ...python,
    profileVariables: ['AWS_DEFAULT_PROFILE', 'AWS_PROFILE'],
    regionVariables: ['AWS_DEFAULT_REGION'],
  },
  {
    name: 'JavaScript v3',
    basis: 'tested',
    dialect: standardDialect,
    profileVariables: ['AWS_PROFILE'],
    emptyProfileCounts: false,
    providers: [unlessProfileChosen(environmentKeys()), ...withinProfile, environmentWebIdentity, machine],
    regionVariables: ['AWS_REGION'],
    regionFiles: ['credentials', 'config'],
  },
  {
    name: 'Ruby',
    basis: 'tested',
    dialect: rubyDialect,
    profileVariables: ['AWS_PROFILE'],
    emptyProfileCounts: true,
    providers: [
      environmentKeys(['AMAZON_ACCESS_KEY_ID', 'AMAZON_SECRET_ACCESS_KEY'], ['AWS_ACCESS_KEY', 'AWS_SECRET_KEY']),
      environmentWebIdentity,
      profileWebIdentity('config'),
      // The providers from here on read AWS_DEFAULT_PROFILE; web identity and region do not.
      ...[
        profileSso,
        profileRoleWithSource,
        profileKeys('credentials'),
        profileKeys('config'),
        profileProcess,
        profileLoginSession,
      ].map((provider) => byProfileVariable('AWS_DEFAULT_PROFILE', provider)),
      machine,
    ],
    regionVariables: ['AWS_REGION', 'AMAZON_REGION', 'AWS_DEFAULT_REGION'],
    regionFiles: ['credentials', 'config'],
  },
  {
    name: 'Go v2 (Terraform)',
    basis: 'tested',
    dialect: standardDialect,
    profileVariables: ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE'],
    emptyProfileCounts: false,
    providers: [
      goProfileError,
      environmentKeys(['AWS_ACCESS_KEY', 'AWS_SECRET_KEY']),
      environmentTokenFile,
      profileRole,
      profileRoleByOwnKeys,
      profileKeys('credentials'),
      profileKeys('config'),
      profileWebIdentity('both'),
      profileSso,
      profileProcess,
      profileLoginSession,
      machine,
    ],
    regionVariables: ['AWS_REGION', 'AWS_DEFAULT_REGION'],
    regionFiles: ['credentials', 'config'],
  },
  {
    name: 'Java v2',
    ...documented,
    providers: [environmentKeys(), environmentWebIdentity, profileWebIdentity('both'), ...withinProfile, machine],
    regionVariables: ['AWS_REGION'],
  },
  {
    name: '.NET v4',
    ...documented,
    providers: [environmentKeys(), environmentWebIdentity, ...withinProfile, machine],
    regionVariables: ['AWS_REGION'],
  },
  {
    name: 'PHP',
    ...documented,
    providers: [environmentKeys(), environmentWebIdentity, profileWebIdentity('both'), ...withinProfile, machine],
    regionVariables: [],
    regionFiles: [],
  },
  {
    name: 'Rust',
    ...documented,
    providers: [environmentKeys(), ...withinProfile, environmentWebIdentity, machine],
    regionVariables: ['AWS_REGION', 'AWS_DEFAULT_REGION'],
  },
  {
    name: 'C++',
    ...documented,
    providers: [
      environmentKeys(),
      profileKeys('credentials'),
      profileKeys('config'),
      profileProcess,
      environmentWebIdentity,
      profileWebIdentity('both'),
      profileLoginSession,
      machine,
    ],
    regionVariables: ['AWS_DEFAULT_REGION'],
  },
];
