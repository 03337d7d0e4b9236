import { runAssetScript } from './asset-script.ts';

// The executable's main script. The program is an asset so that it can have a V8 cache.
runAssetScript('program');
