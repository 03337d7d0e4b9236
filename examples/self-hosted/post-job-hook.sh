#!/bin/bash
# The agent's post-job hook. It also runs when a job was stopped and its epilogue did not run.
source "$(sem-aws-login logout)"
