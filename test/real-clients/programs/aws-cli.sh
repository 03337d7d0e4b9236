#!/bin/bash
# The AWS CLI, asked who it is. Every program beside this one takes the same arguments and answers in the same way:
#   [--profile NAME]  chosen as the tool's own option
#   [--again]         answers once more after a line on standard input
# Each answer is one line of JSON: arn, account, region, source (the tool's own word for where its credentials come
# from), or error.
aws=${AWS_CLI:-/usr/bin/aws}
profile=()
again=
while [ $# -gt 0 ]; do
  case $1 in
    --profile) profile=(--profile "$2"); shift 2 ;;
    --again) again=1; shift ;;
    *) echo "unknown argument: $1" >&2; exit 2 ;;
  esac
done

json_string() {
  local text=${1//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\t'/ }
  text=${text//$'\n'/\\n}
  printf '"%s"' "$text"
}

answer() {
  local identity listing
  if ! identity=$("$aws" sts get-caller-identity --output text --query '[Arn,Account]' "${profile[@]}" 2>&1 </dev/null); then
    printf '{"error":%s}\n' "$(json_string "$identity")"
    return
  fi
  listing=$("$aws" configure list "${profile[@]}" 2>&1 </dev/null)
  region=$(awk '$1 == "region" && $2 != "<not" { print $2 }' <<<"$listing")
  source=$(awk '$1 == "access_key" { print $3 }' <<<"$listing")
  printf '{"arn":%s,"account":%s,"region":%s,"source":%s}\n' "$(json_string "${identity%%$'\t'*}")" \
    "$(json_string "${identity##*$'\t'}")" "$(json_string "$region")" "$(json_string "$source")"
}

answer
if [ -n "$again" ] && read -r; then answer; fi
