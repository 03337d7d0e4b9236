"""Reads config files as botocore does. One request a line: the file's bytes in Base64, then words to ignore; one answer a line: JSON."""

import base64
import json
import os
import sys
import tempfile

from botocore.configloader import load_config
from botocore.exceptions import ConfigParseError

with tempfile.TemporaryDirectory() as directory:
    path = os.path.join(directory, 'config')
    for line in sys.stdin:
        with open(path, 'wb') as file:
            file.write(base64.b64decode(line.split(' ')[0]))
        try:
            profiles = load_config(path)['profiles']
            answer = {'profiles': profiles}
        except ConfigParseError as error:
            answer = {'error': str(error)}
        print(json.dumps(answer), flush=True)
