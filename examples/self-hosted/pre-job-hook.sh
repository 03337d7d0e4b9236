#!/bin/bash
# The agent's pre-job hook: installs the program once for the agent's user. PATH reaches the job if
# the agent sources the hook. If it does not, set PATH with this line in the job's prologue.
export PATH="$HOME/.sem-aws-login/bin:$PATH"
curl -fsSL https://sem-aws-login.example/releases/install.sh | bash
