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
  profileProcess,
  profileRole,
  profileRoleByOwnKeys,
  profileRoleWithSource,
  profileSso,
  profileWebIdentity,
  pythonFileError,
  unlessProfileChosen,
} from './providers.ts';

/** How one AWS client finds its credentials and its region; each list is in its order. */
export interface Client {
  readonly name: string;
  /** `tested`: compared with the real client for many combinations; `documented`: from its documentation and source. */
  readonly basis: 'tested' | 'documented';
  readonly dialect: FileDialect;
  /** Variables that choose a profile; the first one set wins. */
  readonly profileVariables: readonly string[];
  /** Whether an empty profile variable counts as set. */
  readonly emptyProfileCounts: boolean;
  readonly providers: readonly CredentialProvider[];
  readonly regionVariables: readonly string[];
  /** Files whose `region` it uses after the variables. */
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
];

const documented = {
  basis: 'documented',
  dialect: standardDialect,
  profileVariables: ['AWS_PROFILE'],
  emptyProfileCounts: false,
  regionFiles: ['credentials', 'config'],
} as const;

/**
 * All known clients, the tested ones first. Their sources say where they look: botocore's `credentials.py` and
 * `configprovider.py`, `@aws-sdk/credential-provider-node`, `credential_provider_chain.rb`, and Go's
 * `config/resolve_credentials.go`.
 */
export const clients: readonly Client[] = [
  // These two differ only in the order of their variables, and in AWS_REGION, which boto3 does not read.
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
      // Reads AWS_DEFAULT_PROFILE from here on, but not for a web identity or the region.
      ...[profileSso, profileRoleWithSource, profileKeys('credentials'), profileKeys('config'), profileProcess].map(
        (provider) => byProfileVariable('AWS_DEFAULT_PROFILE', provider),
      ),
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
      machine,
    ],
    regionVariables: ['AWS_DEFAULT_REGION'],
  },
];
