import type { Environment, Web } from '../world/world.ts';
import { checkExtraRoots } from './ca-bundle.ts';
import { networkSettingsOf } from './network-settings.ts';

/**
 * The web as this environment reaches it. What makes requests is loaded by the first one.
 *
 * @param version the program's own, for the User-Agent
 */
export function makeWeb(environment: Environment, version: string): Web {
  return {
    get: async (url, timeout) => {
      const settings = networkSettingsOf(environment, url);
      const { httpGet } = await import('./https.ts');
      const answer = await httpGet(url, timeout, settings, version);
      if (answer.kind === 'unreachable') checkExtraRoots(environment, answer.fault);
      return answer;
    },
  };
}
