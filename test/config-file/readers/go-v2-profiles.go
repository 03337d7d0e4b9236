// Reads config files as the AWS SDK for Go v2 does. One request a line: the file's bytes in Base64, then the profiles'
// names, parted by spaces; one answer a line: JSON.
package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"
)

type profile map[string]string

func main() {
	directory, err := os.MkdirTemp("", "config")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(directory)
	path := filepath.Join(directory, "config")
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<26)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		words := strings.Split(lines.Text(), " ")
		text, err := base64.StdEncoding.DecodeString(words[0])
		if err != nil {
			panic(err)
		}
		if err := os.WriteFile(path, text, 0o600); err != nil {
			panic(err)
		}
		if err := out.Encode(answer(path, words[1:])); err != nil {
			panic(err)
		}
	}
}

func answer(path string, names []string) map[string]interface{} {
	profiles := map[string]profile{}
	for _, name := range names {
		read, err := config.LoadSharedConfigProfile(context.Background(), name, func(o *config.LoadSharedConfigOptions) {
			o.ConfigFiles = []string{path}
			o.CredentialsFiles = []string{}
		})
		if _, missing := err.(config.SharedConfigProfileNotExistError); missing {
			continue
		}
		if err != nil {
			return map[string]interface{}{"error": err.Error()}
		}
		profiles[name] = shown(read)
	}
	return map[string]interface{}{"profiles": profiles}
}

func shown(read config.SharedConfig) profile {
	all := profile{
		"role_arn":                read.RoleARN,
		"web_identity_token_file": read.WebIdentityTokenFile,
		"role_session_name":       read.RoleSessionName,
		"region":                  read.Region,
		"credential_process":      read.CredentialProcess,
		"credential_source":       read.CredentialSource,
		"source_profile":          read.SourceProfileName,
		"external_id":             read.ExternalID,
		"mfa_serial":              read.MFASerial,
		"sso_account_id":          read.SSOAccountID,
		"sso_role_name":           read.SSORoleName,
		"aws_access_key_id":       read.Credentials.AccessKeyID,
		"aws_secret_access_key":   read.Credentials.SecretAccessKey,
		"aws_session_token":       read.Credentials.SessionToken,
	}
	for key, value := range all {
		if value == "" {
			delete(all, key)
		}
	}
	return all
}
